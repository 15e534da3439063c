// Judges the words that stand before the data of a record in a master file.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "meridian/limits.h"
#include "zones/language/record_set_reader.h"

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
    const std::string lower = lower_cased(word);
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

std::string quoted_start(std::string_view text) {
    return quoted(text.substr(0, kShownOctets));
}

}  // namespace meridian::zones
