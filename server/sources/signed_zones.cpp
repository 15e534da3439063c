// Refuses signed zones, since signatures are not served yet.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/signed_zones.h"

#include <algorithm>

#include "server/sources/source_diagnostics.h"

namespace meridian::server {
namespace {

/// Whether a signed zone of that name was served. If only its serial is known, it was signed if its
/// content was the same, or was hashed by an older version, so that the two cannot be compared.
bool was_served_signed(const zones::Zone& zone, const zones::ContentHash& content,
                       const ServedBefore& before) {
    if (before.running != nullptr) {
        return std::ranges::any_of(before.running->zones, [&](const LoadedZone& running) {
            return running.apex() == zone.apex && running.is_signed();
        });
    }
    const bool was_saved_signed =
        before.saved != nullptr &&
        std::ranges::any_of(before.saved->zones, [&](const ZoneSummary& saved) {
            return saved.apex == zone.apex && saved.is_signed;
        });
    if (was_saved_signed) { return true; }
    const auto served = before.serials.find(zone.apex);
    return served && (served->content == content || served->content.format != content.format);
}

}  // namespace

void judge_signatures(ZoneLoading& loading, const ServedBefore& before) {
    if (!loading.loaded || loading.unchanged) { return; }
    for (std::size_t i = 0; i < loading.loaded->zones.size(); ++i) {
        const zones::Zone& zone = *loading.loaded->zones[i].model();
        if (!zone.signed_at) { continue; }
        const bool goes_on = was_served_signed(zone, loading.loaded->contents[i], before);
        zones::TextPosition at = *zone.signed_at;
        const std::string file = at.file == 0 ? zone.file : zone.other_files.at(at.file - 1).path;
        const std::string key =
            at.file == 0 && !is_master_file(zone.file) ? "records.\"@\".rrsig" : "";
        at.file = 0;
        loading.diagnostics.push_back(zones::diagnostic_of(
            goes_on ? diagnostics::kServedSignedZone : diagnostics::kSignedZone, file, at, key,
            {zone.apex.to_text()}));
    }
    if (zones::has_errors(loading.diagnostics)) { loading.loaded.reset(); }
}

}  // namespace meridian::server
