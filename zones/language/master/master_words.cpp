// Reads the words of a record in a master file: TTL, class, type, data.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "meridian/dns/rdata.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/language/records/record_set_reader.h"

namespace meridian::zones {
namespace {

constexpr std::array kClasses{
    std::pair{std::string_view("in"), std::uint16_t{1}},
    std::pair{std::string_view("cs"), std::uint16_t{2}},  // obsolete, and no type either
    std::pair{std::string_view("ch"), std::uint16_t{3}},
    std::pair{std::string_view("hs"), std::uint16_t{4}},
};

/// 0 for a letter that is no unit.
std::uint64_t seconds_of_unit(char letter) {
    switch (letter | 0x20) {  // in lower case
        case 's':
            return 1;
        case 'm':
            return 60;
        case 'h':
            return 3600;
        case 'd':
            return 86400;
        case 'w':
            return 604800;
        default:
            return 0;
    }
}

constexpr std::size_t kSoaSerial = 2;  // the number that has no units
constexpr std::size_t kSoaFields = 7;

}  // namespace

std::optional<MasterTtl> read_master_ttl(std::string_view word) {
    MasterTtl ttl;
    if (word.empty()) { return {}; }
    bool has_unit = false;
    while (!word.empty()) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (end == word.data()) { return {}; }
        word.remove_prefix(static_cast<std::size_t>(end - word.data()));
        std::uint64_t unit = 1;
        if (!word.empty()) {
            unit = seconds_of_unit(word.front());
            if (unit == 0) { return {}; }
            word.remove_prefix(1);
            has_unit = true;
        } else if (has_unit) {
            return {};  // "1h30": thirty of what?
        }
        if (error != std::errc() || number > kMaxTtlSeconds) { number = kMaxTtlSeconds + 1ULL; }
        const std::uint64_t sum = ttl.seconds + number * unit;
        ttl.is_cut |= sum > kMaxTtlSeconds;
        ttl.seconds = static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, kMaxTtlSeconds));
    }
    return ttl;
}

std::optional<std::uint16_t> read_master_class(std::string_view word) {
    if (word.size() < 2 || word.size() > 10) { return {}; }
    const int first = word.front() | 0x20;  // in lower case: most words are types
    if (first != 'i' && first != 'c' && first != 'h') { return {}; }
    const std::string lower = dns::lower_cased(word);
    for (const auto& [mnemonic, number] : kClasses) {
        if (lower == mnemonic) { return number; }
    }
    constexpr std::string_view kGeneric = "class";
    if (!lower.starts_with(kGeneric)) { return {}; }
    std::uint16_t number = 0;
    const char* const last = lower.data() + lower.size();
    const auto [end, error] = std::from_chars(lower.data() + kGeneric.size(), last, number);
    if (error != std::errc() || end != last) { return {}; }
    return number;
}

std::string_view without_quotes(std::string_view word) {
    const bool enclosed = word.size() >= 2 && word.front() == '"' && word.back() == '"';
    return enclosed ? word.substr(1, word.size() - 2) : word;
}

std::string with_escaped_octets(std::string_view name) {
    std::string text;
    for (const char letter : name) {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet < 0x80) {
            text += letter;
        } else {
            text += '\\' + std::to_string(octet);
        }
    }
    return text;
}

std::string data_word(std::string_view word, dns::Type type, std::size_t index) {
    if (type == dns::Type::SOA && index > kSoaSerial && index < kSoaFields) {
        const auto time = read_master_ttl(word);
        if (time && !time->is_cut) { return std::to_string(time->seconds); }
    }
    if (is_ascii(word) || !dns::data_words(type).is_name(index)) { return std::string(word); }
    return with_escaped_octets(word);
}

bool rewrites_words(dns::Type type, std::span<const std::string_view> words) {
    if (type == dns::Type::SOA) { return true; }
    return !std::ranges::all_of(words, is_ascii) && dns::data_words(type).names != 0;
}

bool begins_foreign_comment(std::string_view word) {
    return word.starts_with('#') || word.starts_with("//") || word.starts_with("/*");
}

std::string quoted_start(std::string_view text) {
    return quoted(text.substr(0, kShownOctets));
}

}  // namespace meridian::zones
