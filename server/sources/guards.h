// Holds back changes that look like an accident: what would be gone is too much to be meant.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/geo/atlas.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

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

/// Files whose version before is to be served on, and why.
struct Holding {
    std::vector<std::string> files;
    zones::Diagnostics diagnostics;
};

/// Holds zones that would be gone where these are all of them, or over 30 % of four or more, and a
/// zone that would lose all of its records or all of its regions. `directory` is theirs.
Holding hold_losses(const std::vector<ZoneSummary>& before, const std::vector<ZoneSummary>& after,
                    const std::string& directory);

/// Why a database is not to replace another one: it is older, or has less than half of the networks
/// of a family, or of those of them that have coordinates. Empty when it may.
std::string why_hold(const geo::AtlasInfo& before, const geo::AtlasInfo& after);

/// What a database is, for the log: "GeoLite2-City of 2026-11-24 (3500000 IPv4 networks, 1200000
/// IPv6 networks, with coordinates)".
std::string describe(const geo::AtlasInfo& info);

/// What an operator should know of a database that is served: a family that it lacks, records that
/// are not read. A sentence each.
std::vector<std::string> shortcomings_of(const geo::AtlasInfo& info);

}  // namespace meridian::server
