// Reads the names that an operator writes in a zone file.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone_names.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "zones/language/a_label.h"
#include "zones/language/odd_records.h"
#include "zones/model/messages.h"
#include "zones/model/mistaken_names.h"

namespace meridian::zones {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char octet) { return static_cast<unsigned char>(octet) < 0x80; });
}

std::optional<dns::Name> parse(std::string_view text, const dns::Name& origin,
                               const NamePlace& place, Findings& findings) {
    if (!is_ascii(text)) {
        const auto plain = to_a_labels(text);
        if (plain) {
            findings.tell(messages::kForeignLetters, place.at, place.key,
                          {quoted(text), quoted(*plain)});
        } else {
            findings.tell(messages::kForbiddenLetters, place.at, place.key, {quoted(text)});
        }
        return {};
    }
    if (const auto host = host_of_web_address(text)) {
        const bool wants_dot = origin.label_count() > 0;  // or the origin would follow
        findings.tell(messages::kWebAddress, place.at, place.key,
                      {quoted(text), quoted(*host + (wants_dot ? "." : ""))});
        return {};
    }
    auto name = dns::Name::parse(text, origin);
    if (!name) {
        findings.tell(messages::kNoDomainName, place.at, place.key,
                      {quoted(text), dns::describe(name.error())});
        return {};
    }
    return std::move(name).value();
}

}  // namespace

std::optional<std::string> host_of_web_address(std::string_view text) {
    constexpr std::string_view kMark = "://";
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) { return {}; }
    const std::string_view rest = text.substr(mark + kMark.size());
    return std::string(rest.substr(0, rest.find_first_of("/:?# ")));
}

std::optional<dns::Name> read_absolute_name(std::string_view text, const NamePlace& place,
                                            Findings& findings) {
    if (text == "@") {  // relative to nothing
        findings.tell(messages::kZoneNameWanted, place.at, place.key);
        return {};
    }
    return parse(text, dns::Name(), place, findings);
}

std::optional<dns::Name> read_name(std::string_view text, const dns::Name& apex,
                                   const NamePlace& place, Findings& findings) {
    auto name = parse(text, apex, place, findings);
    if (name && has_at_sign_within(text)) {
        findings.tell(messages::kAtSignWithin, place.at, place.key, {quoted(text)});
    }
    if (name && !text.ends_with('.') && repeats_apex(*name, apex)) {
        findings.tell(messages::kDotForgotten, place.at, place.key,
                      {quoted(text), name->to_text(), "the zone", quoted(std::string(text) + ".")});
    }
    return name;
}

std::optional<dns::Name> read_owner_name(std::string_view text, const dns::Name& apex,
                                         const NamePlace& place, Findings& findings) {
    auto name = read_name(text, apex, place, findings);
    if (name && !name->is_at_or_below(apex)) {
        findings.tell(messages::kOutsideZone, place.at, place.key, {quoted(text), apex.to_text()});
        return {};
    }
    return name;
}

std::optional<dns::Name> read_mailbox(std::string_view text, const NamePlace& place,
                                      Findings& findings) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) {
        findings.tell(messages::kNoMailAddress, place.at, place.key, {quoted(text)});
        return {};
    }
    std::string local;
    for (const char letter : text.substr(0, at)) {
        if (letter == '.' || letter == '\\') { local += '\\'; }
        local += letter;
    }
    return parse(local + "." + std::string(text.substr(at + 1)), dns::Name(), place, findings);
}

}  // namespace meridian::zones
