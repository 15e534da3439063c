// Parses a zone file into the model, before the rules of the DNS are applied to it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"
#include "meridian/zones/zone_reader.h"
#include "zones/language/master_file.h"

namespace meridian::zones {

/// What could be read, and what there is to tell so far: with errors among the findings the zone
/// has gaps and serves only to find more of them.
struct ParsedZone {
    Zone zone;          ///< Apex and at least one nameserver are there.
    Findings findings;  ///< Refers to `zone.lines`.
    KeptTexts texts;    ///< Of other files; the findings refer to them, too.
    /// Regions and policies had no error, so that rules about them tell nothing untrue.
    bool policies_sound = false;
};

/// Fails when the file is no TOML or says not even which zone it is and which nameservers it has.
/// Never throws.
Result<ParsedZone, Diagnostics> parse_zone(const ZoneText& source);

}  // namespace meridian::zones
