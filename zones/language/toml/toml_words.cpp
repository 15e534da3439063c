// Reads the words of TOML that stand without quotes: booleans, numbers, dates and times.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml/toml_words.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <locale>
#include <optional>
#include <sstream>

#include "meridian/ip_address.h"
#include "zones/model/diagnostic_kinds.h"

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

/// Expects a date or a time.
TimeKind time_kind(std::string_view word) {
    constexpr std::size_t kDateLetters = 10;
    if (word[4] != '-') { return TimeKind::LocalTime; }
    if (word.size() == kDateLetters) { return TimeKind::LocalDate; }
    const bool has_offset = word.find_first_of("Zz+-", kDateLetters) != std::string_view::npos;
    return has_offset ? TimeKind::OffsetDateTime : TimeKind::LocalDateTime;
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

/// Takes digits off the front of `word`; single underscores between them are left out of `digits`.
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

TomlWord integer(const std::string& digits, int base, std::string_view word) {
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (result.ec == std::errc()) { return {.value = value}; }
    return {.fault = &diagnostics::kIntegerTooLarge, .shown = std::string(word)};
}

/// A stream makes the largest value of a number that is too large, and 0 of one that is too small;
/// std::from_chars does not distinguish the two.
TomlWord floating(const std::string& digits) {
    std::istringstream stream(digits);
    stream.imbue(std::locale::classic());
    double value = 0;
    stream >> value;
    return {.value = value};
}

/// None for what is no number.
std::optional<TomlWord> read_number(std::string_view word) {
    std::string_view rest = word;
    std::string digits;
    for (const auto& [prefix, base] : {std::pair{"0x", 16}, {"0o", 8}, {"0b", 2}}) {
        if (!rest.starts_with(prefix)) { continue; }
        rest.remove_prefix(2);
        if (!take_digits(rest, base, digits) || !rest.empty()) { return {}; }
        return integer(digits, base, word);
    }
    const bool is_signed = rest.starts_with('+') || rest.starts_with('-');
    if (rest.starts_with('-')) { digits = "-"; }
    if (is_signed) { rest.remove_prefix(1); }
    const double sign = digits.empty() ? 1 : -1;
    if (rest == "inf") { return TomlWord{sign * std::numeric_limits<double>::infinity()}; }
    if (rest == "nan") { return TomlWord{sign * std::numeric_limits<double>::quiet_NaN()}; }
    const bool leading_zero =
        rest.size() > 1 && rest[0] == '0' && (is_digit(rest[1]) || rest[1] == '_');
    if (!take_digits(rest, 10, digits)) { return {}; }
    const bool is_integer = rest.empty();
    const auto take_letter = [&] {
        digits += rest[0];
        rest.remove_prefix(1);
    };
    if (rest.starts_with('.')) {
        take_letter();
        if (!take_digits(rest, 10, digits)) { return {}; }
    }
    if (rest.starts_with('e') || rest.starts_with('E')) {
        take_letter();
        if (rest.starts_with('+') || rest.starts_with('-')) { take_letter(); }
        if (!take_digits(rest, 10, digits)) { return {}; }
    }
    if (!rest.empty()) { return {}; }
    if (leading_zero) {
        return TomlWord{.fault = &diagnostics::kLeadingZero, .shown = std::string(word)};
    }
    return is_integer ? integer(digits, 10, word) : floating(digits);
}

}  // namespace

bool is_toml_date(std::string_view word) {
    return take_shape(word, "dddd-dd-dd") && word.empty();
}

bool is_toml_number(std::string_view word) {
    const auto number = read_number(word);
    return number && number->fault == nullptr;
}

TomlWord read_toml_word(std::string_view word) {
    if (word == "true" || word == "false") { return {.value = word == "true"}; }
    if (is_date_or_time(word)) {
        if (exists(word)) { return {.value = TomlTime{time_kind(word), std::string(word)}}; }
        return {.fault = &diagnostics::kNoSuchTime, .shown = std::string(word)};
    }
    if (auto number = read_number(word)) { return std::move(*number); }
    if (word == "True" || word == "False" || word == "TRUE" || word == "FALSE") {
        return {.fault = &diagnostics::kCapitalBoolean, .shown = std::string(word)};
    }
    const bool address = IpAddress::parse(word).has_value();
    return {.fault = address ? &diagnostics::kUnquotedAddress : &diagnostics::kUnquotedText,
            .shown = quoted(word)};
}

}  // namespace meridian::zones
