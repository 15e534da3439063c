// Keeps hints of HTTPS records that are written `auto`: the addresses of the same answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/auto_hints.h"

#include <array>
#include <cstddef>
#include <string_view>

#include "meridian/bytes.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kParameterHeadOctets = 4;  // key and length, RFC 9460 §2.2

/// Where the parameters begin: behind the priority and the target.
std::size_t parameters_at(const dns::Rdata& rdata) {
    const auto target = dns::target_name(dns::Type::HTTPS, rdata);
    return target ? 2 + target->octets() : rdata.size();
}

/// Replaces the word by blanks where it stands alone.
bool take_word(std::string& text, std::string_view word) {
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t';
        const bool ends = end == text.size() || text[end] == ' ' || text[end] == '\t';
        if (!begins || !ends) { continue; }
        text.replace(at, word.size(), word.size(), ' ');
        return true;
    }
    return false;
}

void insert_parameter(dns::Rdata& rdata, std::uint16_t key) {
    std::size_t at = parameters_at(rdata);
    while (at + kParameterHeadOctets <= rdata.size() && load_u16(rdata, at) < key) {
        at += kParameterHeadOctets + load_u16(rdata, at + 2);
    }
    const std::array<std::uint8_t, kParameterHeadOctets> head{static_cast<std::uint8_t>(key >> 8),
                                                              static_cast<std::uint8_t>(key), 0, 0};
    rdata.insert(rdata.begin() + static_cast<std::ptrdiff_t>(at), head.begin(), head.end());
}

}  // namespace

AutoHints take_auto_hints(std::string& text) {
    return {take_word(text, "ipv4hint=auto"), take_word(text, "ipv6hint=auto")};
}

dns::Rdata with_auto_hints(const dns::Rdata& rdata, AutoHints hints) {
    dns::Rdata result = rdata;
    if (hints.has_v4) { insert_parameter(result, kIpv4HintKey); }
    if (hints.has_v6) { insert_parameter(result, kIpv6HintKey); }
    return result;
}

AutoHints auto_hints_of(const dns::Rdata& rdata) {
    AutoHints hints;
    std::size_t at = parameters_at(rdata);
    while (at + kParameterHeadOctets <= rdata.size()) {
        const std::uint16_t key = load_u16(rdata, at);
        const std::size_t octets = load_u16(rdata, at + 2);
        if (key == kIpv4HintKey && octets == 0) { hints.has_v4 = true; }
        if (key == kIpv6HintKey && octets == 0) { hints.has_v6 = true; }
        at += kParameterHeadOctets + octets;
    }
    return hints;
}

}  // namespace meridian::zones
