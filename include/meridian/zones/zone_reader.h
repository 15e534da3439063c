// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// A zone file, read whole before anything looks at it.
struct ZoneText {
    std::string file;
    std::string text;
    std::uint32_t default_serial = 0;  ///< Where `soa.serial` is absent: newest modification time.
};

/// A zone when there is no error; with it, or instead, what there is to say.
struct ZoneReading {
    std::optional<Zone> zone;
    Diagnostics diagnostics;
};

/// Reads and checks one file: language, types, ranges, references within the file, then the rules
/// of the DNS (a CNAME stands alone, nameservers have addresses, `steer` on none of them...).
/// Never throws; a file of any content costs bounded time (limits.h).
ZoneReading read_zone(const ZoneText& source);

}  // namespace meridian::zones
