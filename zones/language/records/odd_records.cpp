// Recognises records that can be served, and that the operator hardly meant.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/records/odd_records.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "meridian/dns/rdata.h"
#include "meridian/dns/wire/ascii_case.h"
#include "zones/language/text/odd_letters.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// The strings of TXT, joined as their readers join them.
std::string text_of(const dns::Rdata& rdata) {
    std::string text;
    for (std::size_t at = 0; at < rdata.size(); at += 1U + rdata[at]) {
        text.append(rdata.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                    rdata.begin() + static_cast<std::ptrdiff_t>(at) + 1 + rdata[at]);
    }
    return text;
}

/// Whether a term of SPF begins here, such as "-all", "include:" or "redirect=" (RFC 7208 §4.6.1).
bool begins_spf_word(std::string_view text) {
    if (text.find_first_of("+-~?") == 0) { return true; }
    constexpr std::array<std::string_view, 9> kTerms{
        "all", "include:", "a:", "mx:", "ptr:", "ip4:", "ip6:", "exists:", "redirect="};
    const std::string lower = dns::lower_cased(text);
    const std::string first = lower.substr(0, lower.find(' '));
    return first == "mx" || first == "a" || std::ranges::any_of(kTerms, [&](std::string_view term) {
               return first == term || (term != "all" && first.starts_with(term));
           });
}

/// Whether blanks between the words of SPF were lost: its strings are joined without any (RFC 7208
/// §3.3). A string of 255 octets was cut by a program, which does not look for words.
bool is_cut_spf(const dns::Rdata& rdata) {
    constexpr std::string_view kVersion = "v=spf1";
    if (rdata.size() < 2 || (rdata[1] | 0x20) != 'v') { return false; }  // most texts
    std::string_view last;
    const std::string text(rdata.begin(), rdata.end());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t octets = rdata[at];
        const std::string_view next = std::string_view(text).substr(at + 1, octets);
        if (at == 0 && !dns::lower_cased(next).starts_with(kVersion)) { return false; }
        const bool touches = !last.empty() && last.size() < 255 && !next.empty() &&
                             last.back() != ' ' && next.front() != ' ';
        if (touches && (last.size() == kVersion.size() || begins_spf_word(next))) { return true; }
        last = next;
        at += 1 + octets;
    }
    return false;
}

bool has_unescaped(std::string_view word, char letter) {
    for (std::size_t at = word.find(letter); at != std::string_view::npos;
         at = word.find(letter, at + 1)) {
        if (at == 0 || word[at - 1] != '\\') { return true; }
    }
    return false;
}

/// Prose may have quotation marks and dashes; data for machines, and a whole text in such quotes,
/// are another matter.
const DiagnosticKind* odd_letters(std::string_view text) {
    const std::size_t last = text.size() - std::min<std::size_t>(text.size(), 3);  // as mark or not
    const bool in_quotes =
        !curly_quote_at(text, 0).empty() &&
        (!curly_quote_at(text, last).empty() || !curly_quote_at(text, last + 1).empty());
    const bool is_data = text.find('=') != std::string_view::npos || in_quotes;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!odd_blank_at(text, at).empty()) { return &diagnostics::kOddBlankInText; }
        const bool is_typography =
            !curly_quote_at(text, at).empty() || !odd_dash_at(text, at).empty();
        if (is_data && is_typography) { return &diagnostics::kTypographyInText; }
    }
    return nullptr;
}

}  // namespace

const DiagnosticKind* odd_text(dns::Type type, const dns::Rdata& rdata, TextForm form) {
    if (type != dns::Type::TXT && type != dns::Type::SPF) { return nullptr; }
    const std::string text = text_of(rdata);
    if (text.find("\\;") != std::string::npos) { return &diagnostics::kEscapedSemicolon; }
    if (is_cut_spf(rdata)) { return &diagnostics::kSpfCut; }
    const bool quoted = text.size() > 2 && (text.front() == '"' || text.front() == '\'') &&
                        text.back() == text.front();
    // Escaped quotes around plain words may well be meant; around data for machines they are not.
    const bool meant = form == TextForm::Presentation && text.find('=') == std::string::npos;
    return quoted && !meant ? &diagnostics::kOwnQuotes : odd_letters(text);
}

bool holds_host_names(dns::Type type) {
    switch (type) {
        case dns::Type::NS:
        case dns::Type::CNAME:
        case dns::Type::DNAME:
        case dns::Type::MX:
        case dns::Type::SRV:
        case dns::Type::SOA:
            return true;
        default:
            return type == kTypeRp || type == kTypeAfsdb || type == kTypeKx;
    }
}

bool ends_in_name(std::string_view text, std::string_view name) {
    if (text.size() < name.size()) { return false; }
    const std::string_view before = text.substr(0, text.size() - name.size());
    const auto lower = [](char letter) {
        return dns::lower_cased(static_cast<std::uint8_t>(letter));
    };
    return (before.empty() || before.ends_with('.')) &&
           std::ranges::equal(text.substr(before.size()), name, {}, lower, lower);
}

bool seems_to_lack_a_dot(std::string_view text, std::string_view apex_text) {
    const std::string_view apex = apex_text.substr(0, apex_text.size() - 1);
    return ends_in_name(text, apex) && apex.find('.') != std::string_view::npos;
}

bool begins_with_tag(std::string_view text) {
    const std::size_t equals = text.find('=');
    return equals != std::string_view::npos && equals > 0 &&
           std::ranges::all_of(text.substr(0, equals), [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
           });
}

bool has_at_sign_within(std::string_view word) {
    return word.size() >= 2 && has_unescaped(word, '@');
}

std::string_view mark_beside(std::string_view name) {
    constexpr std::string_view kMarks = ":=";
    constexpr std::string_view kClosing = ":=)]}>";
    if (name.size() < 2) { return {}; }
    if (name.starts_with("--") && name.size() > 2) { return name.substr(0, 2); }
    if (has_comma_within(name)) { return name.substr(name.find_first_of(",;"), 1); }
    if (std::string_view("!([{<").find(name[0]) != std::string_view::npos ||
        kMarks.find(name[0]) != std::string_view::npos) {
        return name.substr(0, 1);
    }
    const bool is_last = kClosing.find(name.back()) != std::string_view::npos;
    return is_last && name[name.size() - 2] != '\\' ? name.substr(name.size() - 1)
                                                    : std::string_view();
}

bool has_comma_within(std::string_view word) {
    return has_unescaped(word, ',') || has_unescaped(word, ';');
}

}  // namespace meridian::zones
