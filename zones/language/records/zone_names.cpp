// Reads the names that an operator writes in a zone file, those of other scripts included.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/records/zone_names.h"

#include <idn2.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/language/records/odd_records.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/text/several_values.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/mistaken_names.h"

namespace meridian::zones {
namespace {

std::optional<std::string> to_a_label(std::string_view label) {
    if (is_ascii(label)) { return std::string(label); }
    const std::string terminated(label);
    char* converted = nullptr;
    const int result =
        idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result != IDN2_OK || converted == nullptr) { return {}; }
    std::string label_text(converted);
    idn2_free(converted);
    return label_text;
}

std::optional<dns::Name> parse(std::string_view text, const dns::Name& origin,
                               const KeyPosition& where, Findings& findings) {
    if (report_odd_letter(text, where.at, where.key, findings)) { return {}; }
    if (!is_ascii(text)) {
        const auto plain = to_a_labels(text);
        if (plain) {
            findings.report(diagnostics::kForeignLetters, where.at, where.key,
                            {quoted(text), quoted(*plain)});
        } else {
            findings.report(diagnostics::kForbiddenLetters, where.at, where.key, {quoted(text)});
        }
        return {};
    }
    if (const auto host = host_of_web_address(text)) {
        const bool wants_dot = origin.label_count() > 0;  // or the origin would follow
        findings.report(diagnostics::kWebAddress, where.at, where.key,
                        {quoted(text), quoted(*host + (wants_dot ? "." : ""))});
        return {};
    }
    auto name = dns::Name::parse(text, origin);
    if (!name) {
        findings.report(diagnostics::kNoDomainName, where.at, where.key,
                        {quoted(text), dns::describe(name.error())});
        return {};
    }
    return std::move(name).value();
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view name) {
    // Four octets of UTF-8 a character at most; longer ones are no names.
    if (name.size() > 4 * kMaxNameOctets || name.find('\0') != std::string_view::npos) {
        return {};
    }
    std::string result;
    while (true) {
        const std::size_t dot = std::min(name.find('.'), name.size());
        const auto label = to_a_label(name.substr(0, dot));
        if (!label) { return {}; }
        result += *label;
        if (dot == name.size()) { return result; }
        result += '.';
        name.remove_prefix(dot + 1);
    }
}

std::optional<std::string> host_of_web_address(std::string_view text) {
    constexpr std::string_view kMark = "://";
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) { return {}; }
    const std::string_view rest = text.substr(mark + kMark.size());
    return std::string(rest.substr(0, rest.find_first_of("/:?# ")));
}

bool report_several_names(std::string_view text, const KeyPosition& where, Findings& findings) {
    const auto is_name = [](const std::string& word) {
        return dns::Name::parse(word, dns::Name()).ok();
    };
    return report_several(text, ValueForm::OneWord, is_name, where.at, where.key, findings);
}

bool report_several_zones(std::string_view text, const KeyPosition& where, Findings& findings) {
    const auto is_name = [](const std::string& word) {
        return word.find('.') != std::string::npos && dns::Name::parse(word, dns::Name()).ok();
    };
    return report_several(text, ValueForm::OneWord, is_name, where.at, where.key, findings);
}

std::optional<dns::Name> read_absolute_name(std::string_view text, const KeyPosition& where,
                                            Findings& findings) {
    if (text == "@") {  // relative to nothing
        findings.report(diagnostics::kZoneNameWanted, where.at, where.key);
        return {};
    }
    return parse(text, dns::Name(), where, findings);
}

std::optional<dns::Name> read_nameserver(std::string_view text, const dns::Name& apex,
                                         const KeyPosition& where, Findings& findings) {
    auto name = parse(text, apex, where, findings);
    if (name && has_at_sign_within(text)) {
        findings.report(diagnostics::kAtSignWithin, where.at, where.key, {quoted(text)});
    }
    return name;
}

std::optional<dns::Name> read_name(std::string_view text, const dns::Name& apex,
                                   const KeyPosition& where, Findings& findings) {
    auto name = read_nameserver(text, apex, where, findings);
    if (name && !text.ends_with('.') && repeats_apex(*name, apex)) {
        findings.report(
            diagnostics::kDotForgotten, where.at, where.key,
            {quoted(text), name->to_text(), "the zone", quoted(std::string(text) + ".")});
    }
    return name;
}

std::optional<dns::Name> read_owner_name(std::string_view text, const dns::Name& apex,
                                         const KeyPosition& where, Findings& findings) {
    auto name = read_name(text, apex, where, findings);
    if (name && !name->is_at_or_below(apex)) {
        findings.report(diagnostics::kOutsideZone, where.at, where.key,
                        {quoted(text), apex.to_text()});
        return {};
    }
    if (const std::string_view mark = mark_beside(text); name && !mark.empty()) {
        findings.report(diagnostics::kMarkInOwner, where.at, where.key,
                        {quoted(text), quoted(mark), quoted("\\" + std::string(mark))});
    }
    return name;
}

std::optional<dns::Name> read_mailbox(std::string_view text, const KeyPosition& where,
                                      Findings& findings) {
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) {
        findings.report(diagnostics::kNoMailAddress, where.at, where.key, {quoted(text)});
        return {};
    }
    if (report_odd_letter(text, where.at, where.key, findings)) { return {}; }
    const std::string_view domain = text.substr(at + 1);
    const auto plain = is_ascii(domain) ? std::nullopt : to_a_labels(domain);
    if (plain && is_ascii(text.substr(0, at))) {
        findings.report(diagnostics::kForeignLetters, where.at, where.key,
                        {quoted(text), quoted(std::string(text.substr(0, at + 1)) + *plain)});
        return {};
    }
    std::string local;
    for (const char letter : text.substr(0, at)) {
        if (letter == '.' || letter == '\\') { local += '\\'; }
        local += letter;
    }
    return parse(local + "." + std::string(domain), dns::Name(), where, findings);
}

}  // namespace meridian::zones
