// Remembers under which serial each zone was served last, across restarts.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/serial_store.h"

#include <cstdint>
#include <utility>

#include "meridian/limits.h"
#include "server/sources/state_lines.h"

namespace meridian::server {

namespace {

constexpr StateForm kForm{"meridian serials ", 1};

bool parse_line(std::string_view line, SerialStore::Serials& into) {
    const auto apex = dns::Name::parse_absolute(take_until(line, ' '));
    const auto content = zones::ContentHash::parse(take_until(line, ' '));
    const auto serial = parse_number<std::uint32_t>(line);
    if (!apex || !content || !serial) { return false; }
    return into.emplace(*apex, zones::ServedSerial{*content, *serial}).second;
}

}  // namespace

std::string serials_text(const SerialStore::Serials& serials) {
    std::string lines;
    for (const auto& [apex, served] : serials) {
        lines += apex.to_text() + ' ' + served.content.to_text() + ' ' +
                 std::to_string(served.serial) + '\n';
    }
    return write_state_lines(kForm, lines);
}

Result<SerialStore::Serials, std::string> parse_serials(std::string_view text) {
    SerialStore::Serials serials;
    const auto read = read_state_lines(
        kForm, text, [&](std::string_view line) { return parse_line(line, serials); });
    if (!read) { return Failure{read.error()}; }
    return serials;
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
