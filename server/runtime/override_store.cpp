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

constexpr StateForm kOverridesForm{"meridian overrides ", 1};

/// Lines end in a line feed, and the parts of one are between tabs.
std::string one_field(std::string text) {
    std::ranges::replace_if(
        text, [](char letter) { return letter == '\n' || letter == '\t' || letter == '\0'; }, ' ');
    return text;
}

/// Targets hold no control characters. The end by the time since boot comes last, where earlier
/// versions read the reason, so that they take the line as well.
std::string override_line(const Override& entry) {
    const BootEnd& end = entry.boot_end;
    const std::string of_boot = end.seconds == 0 || end.boot_id.empty()
                                    ? std::string()
                                    : '\t' + end.boot_id + '\t' + std::to_string(end.seconds);
    return std::string(to_text(entry.kind)) + '\t' + std::to_string(entry.since) + '\t' +
           std::to_string(entry.until) + '\t' + to_text(entry.target) + '\t' +
           one_field(entry.author) + '\t' + one_field(entry.reason) + of_boot + '\n';
}

std::optional<Override> parse_override(std::string_view line) {
    const auto kind = override_kind_from_text(take_until(line, '\t'));
    const auto since = parse_number<std::int64_t>(take_until(line, '\t'));
    const auto until = parse_number<std::int64_t>(take_until(line, '\t'));
    auto target = parse_override_target(take_until(line, '\t'));
    const std::string_view author = take_until(line, '\t');
    const std::string_view reason = take_until(line, '\t');
    const std::string_view boot_id = take_until(line, '\t');
    const auto end = parse_number<std::int64_t>(line);
    if (!kind || !since || !until || !target) { return {}; }
    BootEnd boot_end;
    if (end && !boot_id.empty()) { boot_end = {*end, std::string(boot_id)}; }
    return Override{.kind = *kind,
                    .target = std::move(target).value(),
                    .since = *since,
                    .until = *until,
                    .author = std::string(author),
                    .reason = std::string(reason),
                    .boot_end = std::move(boot_end)};
}

}  // namespace

std::string overrides_text(const std::vector<Override>& overrides) {
    return write_state_list(kOverridesForm, overrides, override_line);
}

Result<std::vector<Override>, std::string> parse_overrides(std::string_view text) {
    return read_state_list(kOverridesForm, text, parse_override);
}

}  // namespace meridian::server
