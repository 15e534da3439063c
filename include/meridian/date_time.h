// Reads and writes points in time as RFC 3339 has them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace meridian {

/// "2026-12-01T03:00:00Z" of unix seconds; of a year that has no four digits the number.
inline std::string date_time_text(std::int64_t unix_seconds) {
    constexpr std::int64_t kYear0 = -62'167'219'200;
    constexpr std::int64_t kYear10000 = 253'402'300'800;
    if (unix_seconds < kYear0 || unix_seconds >= kYear10000) {
        return std::to_string(unix_seconds);
    }
    const std::chrono::sys_seconds when{std::chrono::seconds(unix_seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(when - day);
    std::array<char, 48> text{};
    const int octets = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(octets)};
}

/// Takes `digits` digits from the front of `text`.
inline std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    int number = 0;
    if (text.size() < digits) { return {}; }
    const std::string_view taken = text.substr(0, digits);
    const auto [end, error] = std::from_chars(taken.begin(), taken.end(), number);
    if (error != std::errc() || end != taken.end() || taken.front() == '-') { return {}; }
    text.remove_prefix(digits);
    return number;
}

/// Whether the text began with the letter, which is taken off then.
inline bool take_letter(std::string_view& text, std::string_view letters) {
    if (text.empty() || letters.find(text.front()) == std::string_view::npos) { return false; }
    text.remove_prefix(1);
    return true;
}

/// The seconds by which a local time is ahead: of "Z", "+01:00", "-0330"; none where there is no
/// offset, or more than that.
inline std::optional<std::int64_t> read_offset(std::string_view text) {
    if (text == "Z" || text == "z") { return 0; }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) { return {}; }
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = take_digits(text, 2);
    (void)take_letter(text, ":");
    const auto minutes = take_digits(text, 2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59 || !text.empty()) { return {}; }
    return sign * (*hours * 3600 + *minutes * 60);
}

/// Reads a date and time with an offset (RFC 3339 §5.6), such as "2026-12-01T04:00:00+01:00"; the
/// seconds may be missing, and a part of a second is dropped. None without an offset: it would be
/// another moment on another machine.
inline std::optional<std::int64_t> read_date_time(std::string_view text) {
    const auto year = take_digits(text, 4);
    const bool has_month = take_letter(text, "-");
    const auto month = take_digits(text, 2);
    const bool has_day = take_letter(text, "-");
    const auto day = take_digits(text, 2);
    const bool has_time = take_letter(text, "Tt ");
    const auto hour = take_digits(text, 2);
    const bool has_minute = take_letter(text, ":");
    const auto minute = take_digits(text, 2);
    if (!has_month || !has_day || !has_time || !has_minute) { return {}; }
    if (!year || !month || !day || !hour || !minute || *hour > 23 || *minute > 59) { return {}; }
    int second = 0;
    if (take_letter(text, ":")) {
        const auto seconds = take_digits(text, 2);
        if (!seconds || *seconds > 60) { return {}; }
        second = *seconds;
    }
    if (take_letter(text, ".")) {
        if (text.empty() || text.front() < '0' || text.front() > '9') { return {}; }
        while (take_letter(text, "0123456789")) {}
    }
    const auto ahead = read_offset(text);
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!ahead || !date.ok()) { return {}; }
    const std::int64_t midnight =
        std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
    return midnight + *hour * 3600 + *minute * 60 + second - *ahead;
}

}  // namespace meridian
