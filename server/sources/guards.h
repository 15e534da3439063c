// Holds back changes that look like an accident, because they remove too much.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/geo/atlas.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {

/// What a guard knows of a zone.
struct ZoneSummary {
    dns::Name apex;
    std::string file;
    std::size_t records = 0;  ///< RRsets and steered names, but for those of the nameservers.
    std::size_t regions = 0;
    bool is_signed = false;  ///< RRSIG stands at its apex.
    friend bool operator==(const ZoneSummary&, const ZoneSummary&) = default;
};

ZoneSummary summary_of(const zones::Zone& zone);

/// Files whose change is to be held back, and the reasons.
struct Losses {
    std::vector<std::string> files;
    zones::Diagnostics diagnostics;
};

/// Finds the loss of all zones, the loss of over 30 % of four or more zones, and the loss of all
/// records or all regions of a zone. `directory` has the zone files. Beside those of `before` and
/// `after`, `same` zones are in files that have not changed.
Losses find_losses(const std::vector<ZoneSummary>& before, const std::vector<ZoneSummary>& after,
                   const std::string& directory, std::size_t same = 0);

/// Why the database `after` may not replace `before`: it is older, or it has less than half of the
/// networks of a family, or of the networks with coordinates. Empty if it may.
std::string why_held_back(const geo::AtlasInfo& before, const geo::AtlasInfo& after);

/// Describes a database for the log: "GeoLite2-City of 2026-11-24 (3500000 IPv4 networks, 1200000
/// IPv6 networks, with coordinates)".
std::string describe(const geo::AtlasInfo& info);

/// What a served database lacks: a family, or records that are not read. A sentence each.
std::vector<std::string> shortcomings_of(const geo::AtlasInfo& info);

}  // namespace meridian::server
