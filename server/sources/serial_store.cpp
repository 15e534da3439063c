// Remembers under which serial each zone was served last, across restarts.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/serial_store.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "meridian/fingerprint.h"
#include "meridian/limits.h"

namespace meridian::server {

namespace {

constexpr std::string_view kTitle = "meridian serials ";
constexpr std::string_view kEnd = "end ";
constexpr std::uint32_t kVersion = 1;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [behind, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || behind != text.data() + text.size()) { return {}; }
    return number;
}

std::string fingerprint_of(std::string_view text) {
    Fingerprint print;
    print.add(text);
    return print.digest().to_text();
}

/// Takes what stands before `separator` off the front of `text`, and the separator with it.
std::string_view take_until(std::string_view& text, char separator) {
    const std::string_view taken = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), taken.size() + 1));
    return taken;
}

bool parse_line(std::string_view line, SerialStore::Serials& into) {
    const auto apex = dns::Name::parse_absolute(take_until(line, ' '));
    const auto content = zones::ContentHash::parse(take_until(line, ' '));
    const auto serial = parse_number<std::uint32_t>(line);
    if (!apex || !content || !serial) { return false; }
    return into.emplace(*apex, zones::ServedSerial{*content, *serial}).second;
}

}  // namespace

std::string serials_text(const SerialStore::Serials& serials) {
    std::string text = std::string(kTitle) + std::to_string(kVersion) + '\n';
    for (const auto& [apex, served] : serials) {
        text += apex.to_text() + ' ' + served.content.to_text() + ' ' +
                std::to_string(served.serial) + '\n';
    }
    return text + std::string(kEnd) + fingerprint_of(text) + '\n';
}

Result<SerialStore::Serials, std::string> parse_serials(std::string_view text) {
    const Failure damaged{std::string("it is damaged")};
    std::string_view rest = text;
    const std::string_view title = take_until(rest, '\n');
    if (!title.starts_with(kTitle)) { return damaged; }
    const auto version = parse_number<std::uint32_t>(title.substr(kTitle.size()));
    if (!version) { return damaged; }
    if (*version != kVersion) {
        return Failure{"it is in version " + std::to_string(*version) +
                       " of its form, and this Meridian reads version " + std::to_string(kVersion)};
    }
    SerialStore::Serials serials;
    while (!rest.empty()) {
        const std::string_view above = text.substr(0, text.size() - rest.size());
        const std::string_view line = take_until(rest, '\n');
        if (!line.starts_with(kEnd)) {
            if (!parse_line(line, serials)) { return damaged; }
            continue;
        }
        const bool whole = rest.empty() && text.ends_with('\n') &&
                           line.substr(kEnd.size()) == fingerprint_of(above);
        if (whole) { return serials; }
        return damaged;
    }
    return damaged;
}

SerialStore SerialStore::read(const StateDirectory& state, std::string& warning) {
    SerialStore store;
    const auto file = state.read(kSerialsFile, kMaxSerialsOctets);
    if (!file) {
        if (file.error().kind != FileFailure::Missing) { warning = file.error().text; }
    } else if (auto serials = parse_serials(file->text)) {
        store.serials_ = std::move(serials).value();
    } else {
        warning =
            "cannot use " + state.path() + "/" + std::string(kSerialsFile) + ": " + serials.error();
    }
    if (!warning.empty()) {
        warning +=
            "; serials that are not written in their zone begin again with the time of its "
            "files";
    }
    return store;
}

std::optional<zones::ServedSerial> SerialStore::find(const dns::Name& apex) const {
    const auto found = serials_.find(apex);
    if (found == serials_.end()) { return {}; }
    return found->second;
}

void SerialStore::remember(const Serials& served) {
    for (const auto& [apex, serial] : served) {
        zones::ServedSerial& known = serials_[apex];
        if (known == serial) { continue; }
        known = serial;
        is_saved_ = false;
    }
    if (serials_.size() <= most_) { return; }
    serials_ = served;
    is_saved_ = false;
}

Result<Unit, std::string> SerialStore::save(const StateDirectory& state) {
    if (is_saved_ || !state.keeps()) { return Unit{}; }
    auto written = state.write(kSerialsFile, serials_text(serials_));
    is_saved_ = written.ok();
    return written;
}

}  // namespace meridian::server
