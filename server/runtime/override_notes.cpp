// Adds to an explanation who drained a region or forced it, until when, and for what reason.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/override_notes.h"

#include <algorithm>
#include <string>

#include "meridian/date_time.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {

namespace {

/// "by alice, until 2026-12-01T03:00:00Z: new switches", "maintenance in FILE:12, until ..."
std::string note_of(const Override& entry) {
    std::string text = entry.is_maintenance   ? "maintenance"
                       : entry.author.empty() ? "by hand"
                                              : "by " + entry.author;
    if (entry.is_from_file()) { text += " in " + entry.file; }
    if (entry.is_maintenance && entry.line != 0) { text += ":" + std::to_string(entry.line); }
    if (entry.until != 0) { text += ", until " + date_time_text(entry.until); }
    if (!entry.reason.empty()) { text += ": " + entry.reason; }
    return text;
}

bool is_about(const OverrideTarget& target, const zones::ConsideredRegion& region,
              const std::string& service) {
    zones::Region like;
    like.name = region.name;
    like.file = region.file;
    OverrideTarget of_region = target;
    of_region.address = "*";
    return matches(of_region, service, like);
}

/// The override that holds for the region itself.
void note_region(const std::vector<Override>& overrides, const std::string& service,
                 zones::ConsideredRegion& region) {
    const bool is_drained = region.note.starts_with("is drained");
    const bool is_by_hand = region.note.starts_with("is down by hand");
    if (!is_drained && !is_by_hand) { return; }
    const auto found = std::ranges::find_if(overrides, [&](const Override& entry) {
        const bool explains = entry.kind == OverrideKind::Drain ||
                              (is_by_hand && entry.kind == OverrideKind::ForceDown);
        return explains && !entry.target.is_one_address() &&
               is_about(entry.target, region, service);
    });
    if (found != overrides.end()) { region.note += " (" + note_of(*found) + ")"; }
}

/// Those that take single addresses out of its answer.
void note_addresses(const std::vector<Override>& overrides, const std::string& service,
                    zones::ConsideredRegion& region) {
    for (std::string& address : region.left_out) {
        const auto found = std::ranges::find_if(overrides, [&](const Override& entry) {
            return entry.kind != OverrideKind::ForceUp && entry.target.is_one_address() &&
                   is_about(entry.target, region, service) &&
                   matches(entry.target.address, address);
        });
        if (found != overrides.end()) { address += " (" + note_of(*found) + ")"; }
    }
}

}  // namespace

void add_override_notes(const std::vector<Override>& overrides, zones::Verdict& verdict) {
    const std::string& service = verdict.service.empty() ? verdict.policy : verdict.service;
    for (zones::ConsideredRegion& region : verdict.regions) {
        note_region(overrides, service, region);
        note_addresses(overrides, service, region);
    }
}

}  // namespace meridian::server
