// Adds to an explanation who drained a region or forced it, until when, and for what reason.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/override_notes.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <string>

namespace meridian::server {

namespace {

/// "2026-12-01T03:00:00Z"
std::string time_text(std::int64_t unix_seconds) {
    const std::time_t when = unix_seconds;
    std::tm parts{};
    std::array<char, 32> text{};
    if (gmtime_r(&when, &parts) == nullptr) { return "an unknown time"; }
    const std::size_t octets =
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), octets};
}

/// " (by alice, until 2026-12-01T03:00:00Z: new switches)"
std::string text_of(const Override& entry) {
    std::string text = entry.author.empty() ? "by hand" : "by " + entry.author;
    if (entry.until != 0) { text += ", until " + time_text(entry.until); }
    if (!entry.reason.empty()) { text += ": " + entry.reason; }
    return " (" + text + ")";
}

}  // namespace

void add_override_notes(const std::vector<Override>& overrides, zones::Verdict& verdict) {
    const std::string& service = verdict.service.empty() ? verdict.policy : verdict.service;
    for (zones::ConsideredRegion& region : verdict.regions) {
        const bool is_drained = region.note.starts_with("is drained");
        const bool is_by_hand = region.note.starts_with("is down by hand");
        if (!is_drained && !is_by_hand) { continue; }
        const auto found = std::ranges::find_if(overrides, [&](const Override& entry) {
            const bool explains = entry.kind == OverrideKind::Drain ||
                                  (is_by_hand && entry.kind == OverrideKind::ForceDown);
            return explains && !entry.target.is_one_address() &&
                   matches(entry.target.region, region.name) &&
                   matches(entry.target.service, service);
        });
        if (found != overrides.end()) { region.note += text_of(*found); }
    }
}

}  // namespace meridian::server
