// Says in a line why a command failed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/command_failure.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "server/probing/network_text.h"

namespace meridian::server {

namespace {

std::string first_line(std::string_view output) {
    while (!output.empty()) {
        const std::size_t end = std::min(output.find('\n'), output.size());
        const std::string_view line = without_blanks(output.substr(0, end));
        output.remove_prefix(std::min(end + 1, output.size()));
        if (!line.empty()) { return network_text(line); }
    }
    return {};
}

}  // namespace

std::string failure_text(const CommandOutcome& outcome) {
    switch (outcome.end) {
        case CommandEnd::TimedOut:
            return "timed out";
        case CommandEnd::NotStarted:
            return "cannot be run: " + std::generic_category().message(outcome.code);
        case CommandEnd::Lost:
            return "the process that runs commands has ended";
        case CommandEnd::Exited:
        case CommandEnd::Killed:
            break;
    }
    std::string line = first_line(outcome.output);
    if (!line.empty()) { return line; }
    return (outcome.end == CommandEnd::Killed ? "killed by signal " : "exit ") +
           std::to_string(outcome.code);
}

}  // namespace meridian::server
