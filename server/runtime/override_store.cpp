// Writes and reads what operators set by hand, for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/override_store.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "server/state/state_lines.h"

namespace meridian::server {

namespace {

constexpr StateForm kForm{"meridian overrides ", 1};

/// Lines end in a line feed, and the parts of one are between tabs.
std::string one_field(std::string text) {
    std::ranges::replace_if(
        text, [](char letter) { return letter == '\n' || letter == '\t' || letter == '\0'; }, ' ');
    return text;
}

/// Targets hold no control characters.
std::string line_of(const Override& entry) {
    return std::string(to_text(entry.kind)) + '\t' + std::to_string(entry.since) + '\t' +
           std::to_string(entry.until) + '\t' + to_text(entry.target) + '\t' +
           one_field(entry.author) + '\t' + one_field(entry.reason) + '\n';
}

std::optional<Override> parse_line(std::string_view line) {
    const auto kind = override_kind_from_text(take_until(line, '\t'));
    const auto since = parse_number<std::int64_t>(take_until(line, '\t'));
    const auto until = parse_number<std::int64_t>(take_until(line, '\t'));
    auto target = parse_override_target(take_until(line, '\t'));
    const std::string_view author = take_until(line, '\t');
    if (!kind || !since || !until || !target) { return {}; }
    return Override{.kind = *kind,
                    .target = std::move(target).value(),
                    .since = *since,
                    .until = *until,
                    .author = std::string(author),
                    .reason = std::string(line)};
}

}  // namespace

std::string overrides_text(const std::vector<Override>& overrides) {
    return write_state_list(kForm, overrides, line_of);
}

Result<std::vector<Override>, std::string> parse_overrides(std::string_view text) {
    return read_state_list(kForm, text, parse_line);
}

}  // namespace meridian::server
