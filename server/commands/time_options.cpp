// Reads durations and points in time as operators write them after an option.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/time_options.h"

#include <charconv>
#include <cstddef>
#include <system_error>

#include "meridian/date_time.h"
#include "meridian/zones/diagnostic.h"
#include "server/health/override_request.h"

namespace meridian::server {

namespace {

std::int64_t seconds_of_unit(std::string_view unit) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    if (unit.empty() || unit == "s") { return 1; }
    if (unit == "m" || unit == "min") { return kMinute; }
    if (unit == "h") { return kHour; }
    if (unit == "d") { return kDay; }
    return unit == "w" ? 7 * kDay : 0;
}

}  // namespace

std::optional<std::int64_t> read_duration(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 1 || number > kMaxOverrideSeconds) { return {}; }
    const std::int64_t unit =
        seconds_of_unit(text.substr(static_cast<std::size_t>(end - text.data())));
    if (unit == 0 || number > kMaxOverrideSeconds / unit) { return {}; }
    return number * unit;
}

std::optional<std::int64_t> read_moment(std::string_view text, std::int64_t now) {
    if (const auto ago = read_duration(text)) { return now - *ago; }
    return read_date_time(text);
}

std::string no_moment(std::string_view option, std::string_view text) {
    return std::string(option) +
           ": expected a time ago such as 30m, 2h or 1d, or a date and time with an offset such as "
           "2026-12-01T03:00:00Z, not " +
           zones::quoted(text);
}

}  // namespace meridian::server
