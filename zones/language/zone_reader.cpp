// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_reader.h"

#include <utility>

#include "zones/language/zone_parser.h"
#include "zones/model/checks.h"

namespace meridian::zones {

ZoneReading read_zone(const ZoneText& source) {
    auto parsed = parse_zone(source);
    if (!parsed) { return {{}, std::move(parsed).error()}; }
    check_names(parsed->zone, parsed->findings);
    if (parsed->policies_sound) { check_policies(parsed->zone, parsed->findings); }
    const bool fine = parsed->findings.error_count() == 0;
    Diagnostics diagnostics = parsed->findings.take();
    if (!fine) { return {{}, std::move(diagnostics)}; }
    parsed->zone.lines = {};  // a zone of a million names need not keep its text, too
    return {std::move(parsed->zone), std::move(diagnostics)};
}

}  // namespace meridian::zones
