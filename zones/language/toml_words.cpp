// Judges the words of TOML that stand without quotes: booleans, numbers, dates and times.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

#include "meridian/ip_prefix.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

bool is_digit(char letter, int base = 10) {
    if (base <= 10) { return letter >= '0' && letter < '0' + base; }
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
           (letter >= 'A' && letter <= 'F');
}

/// Takes `shape` from the front of `word`: 'd' is a digit, all else itself.
bool take_shape(std::string_view& word, std::string_view shape) {
    if (word.size() < shape.size()) { return false; }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == 'd' ? !is_digit(word[i]) : word[i] != shape[i]) { return false; }
    }
    word.remove_prefix(shape.size());
    return true;
}

bool take_time(std::string_view& word) {
    if (!take_shape(word, "dd:dd:dd")) { return false; }
    if (!word.starts_with('.')) { return true; }
    word.remove_prefix(1);
    if (word.empty() || !is_digit(word[0])) { return false; }
    while (!word.empty() && is_digit(word[0])) {
        word.remove_prefix(1);
    }
    return true;
}

bool is_date_or_time(std::string_view word) {
    std::string_view time = word;
    if (take_time(time)) { return time.empty(); }
    if (!take_shape(word, "dddd-dd-dd")) { return false; }
    if (word.empty()) { return true; }
    if (word[0] != 'T' && word[0] != 't' && word[0] != ' ') { return false; }
    word.remove_prefix(1);
    if (!take_time(word)) { return false; }
    if (word.empty() || word == "Z" || word == "z") { return true; }
    return (take_shape(word, "+dd:dd") || take_shape(word, "-dd:dd")) && word.empty();
}

/// The number at `at`; expects digits there.
int number_at(std::string_view word, std::size_t at, std::size_t digits) {
    int number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        number = number * 10 + (word[at + i] - '0');
    }
    return number;
}

bool date_exists(std::string_view date) {
    const std::chrono::year_month_day day{
        std::chrono::year(number_at(date, 0, 4)),
        std::chrono::month(static_cast<unsigned>(number_at(date, 5, 2))),
        std::chrono::day(static_cast<unsigned>(number_at(date, 8, 2)))};
    return day.ok();
}

/// Whether a date and a time of that shape are on the calendar and on the clock. 60 is a leap
/// second (RFC 3339 §5.6).
bool exists(std::string_view word) {
    constexpr std::size_t kDateLetters = 10;
    const auto clock = [&](std::size_t at, int seconds) {
        return number_at(word, at, 2) <= 23 && number_at(word, at + 3, 2) <= 59 && seconds <= 60;
    };
    std::size_t time = 0;
    if (word[4] == '-') {
        if (!date_exists(word)) { return false; }
        if (word.size() == kDateLetters) { return true; }
        time = kDateLetters + 1;
    }
    if (!clock(time, number_at(word, time + 6, 2))) { return false; }
    const std::size_t offset = word.find_last_of("+-");
    return offset == std::string_view::npos || offset < time || clock(offset + 1, 0);
}

/// Digits with single underscores between them, which are left out of `digits`.
bool take_digits(std::string_view& word, int base, std::string& digits) {
    bool after_digit = false;
    while (!word.empty()) {
        if (is_digit(word[0], base)) {
            digits += word[0];
            after_digit = true;
        } else if (word[0] == '_' && after_digit && word.size() > 1 && is_digit(word[1], base)) {
            after_digit = false;
        } else {
            break;
        }
        word.remove_prefix(1);
    }
    return after_digit;
}

WordCheck fits(const std::string& digits, int base, std::string_view word) {
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (result.ec == std::errc()) { return {.ok = true}; }
    return {false, &messages::kIntegerTooLarge, std::string(word)};
}

/// None of our business without a message and not ok.
WordCheck check_number(std::string_view word) {
    std::string_view rest = word;
    std::string digits;
    for (const auto& [prefix, base] : {std::pair{"0x", 16}, {"0o", 8}, {"0b", 2}}) {
        if (!rest.starts_with(prefix)) { continue; }
        rest.remove_prefix(2);
        if (!take_digits(rest, base, digits) || !rest.empty()) { return {}; }
        return fits(digits, base, word);
    }
    const bool is_signed = rest.starts_with('+') || rest.starts_with('-');
    if (rest.starts_with('-')) { digits = "-"; }
    if (is_signed) { rest.remove_prefix(1); }
    if (rest == "inf" || rest == "nan") { return {.ok = true}; }
    const bool leading_zero =
        rest.size() > 1 && rest[0] == '0' && (is_digit(rest[1]) || rest[1] == '_');
    if (!take_digits(rest, 10, digits)) { return {}; }
    const bool integer = rest.empty();
    std::string ignored;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        if (!take_digits(rest, 10, ignored)) { return {}; }
    }
    if (rest.starts_with('e') || rest.starts_with('E')) {
        rest.remove_prefix(1);
        if (rest.starts_with('+') || rest.starts_with('-')) { rest.remove_prefix(1); }
        if (!take_digits(rest, 10, ignored)) { return {}; }
    }
    if (!rest.empty()) { return {}; }
    if (leading_zero) { return {false, &messages::kLeadingZero, std::string(word)}; }
    return integer ? fits(digits, 10, word) : WordCheck{.ok = true};
}

}  // namespace

std::string_view curly_quote_at(std::string_view text, std::size_t offset) {
    constexpr std::array<std::string_view, 8> kMarks{"\u201c", "\u201d", "\u201e", "\u2018",
                                                     "\u2019", "\u201a", "\u00ab", "\u00bb"};
    const std::string_view rest = text.substr(std::min(offset, text.size()));
    const auto* const found =
        std::ranges::find_if(kMarks, [&](std::string_view mark) { return rest.starts_with(mark); });
    return found == kMarks.end() ? std::string_view() : rest.substr(0, found->size());
}

bool is_toml_date(std::string_view word) {
    return take_shape(word, "dddd-dd-dd") && word.empty();
}

WordCheck check_toml_word(std::string_view word) {
    if (word == "true" || word == "false") { return {.ok = true}; }
    if (is_date_or_time(word)) {
        if (exists(word)) { return {.ok = true}; }
        return {false, &messages::kNoSuchTime, std::string(word)};
    }
    WordCheck number = check_number(word);
    if (number.ok || number.message != nullptr) { return number; }
    if (word == "True" || word == "False" || word == "TRUE" || word == "FALSE") {
        return {false, &messages::kCapitalBoolean, std::string(word)};
    }
    if (const std::string_view mark = curly_quote_at(word, 0); !mark.empty()) {
        return {false, &messages::kCurlyQuotes, std::string(mark)};
    }
    const bool address = IpAddress::parse(word).has_value();
    return {false, address ? &messages::kUnquotedAddress : &messages::kUnquotedText, quoted(word)};
}

}  // namespace meridian::zones
