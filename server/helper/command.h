// Describes the commands that settings declare, and what becomes of one that is run.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::server {

/// What may stand in an argument as {address}, {region} and so on, in this order.
inline constexpr std::array<std::string_view, 7> kPlaceholders{
    "address", "region", "service", "state", "reason", "family", "zone"};
/// Those that a health check knows; the others are of changes.
inline constexpr std::size_t kCheckPlaceholders = 3;

/// The values of the placeholders, in their order.
using CommandValues = std::array<std::string, kPlaceholders.size()>;

/// Its absolute path, then its arguments.
using CommandLine = std::vector<std::string>;

/// The words in braces of small letters that an argument has: "{region}" has "region".
std::vector<std::string_view> braced_words(std::string_view argument);

/// The arguments with values in place of their placeholders. A value is never more than a part of
/// the argument that it stands in: no shell reads it. Other braces stay as they are.
CommandLine with_values(const CommandLine& command, const CommandValues& values);

enum class CommandEnd : std::uint8_t {
    Exited,      ///< `code` is its exit status.
    Killed,      ///< `code` is the signal.
    TimedOut,    ///< It was killed at its timeout.
    NotStarted,  ///< `code` is an `errno`.
    Lost,        ///< The process that runs commands has ended.
};

struct CommandOutcome {
    CommandEnd end = CommandEnd::Lost;
    std::int32_t code = 0;
    std::string output = {};  ///< The first kMaxCommandOutputOctets of both its outputs.

    [[nodiscard]] bool is_success() const { return end == CommandEnd::Exited && code == 0; }
};

}  // namespace meridian::server
