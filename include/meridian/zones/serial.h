// Chooses the serial of a zone, and tells when one will not be noticed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "meridian/zones/content_hash.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// Under which serial a zone was served last, and what it said then.
struct ServedSerial {
    ContentHash content;
    std::uint32_t serial = 0;
    friend bool operator==(const ServedSerial&, const ServedSerial&) = default;
};

/// Both in unix seconds.
struct SerialTimes {
    std::int64_t modified = 0;  ///< The newest of the zone's files.
    std::int64_t now = 0;
};

/// Whether secondaries take `serial` for newer than `other` (RFC 1982 §3.2). Of two that are 2^31
/// apart neither is.
bool is_newer_serial(std::uint32_t serial, std::uint32_t other);

/// The serial for a zone whose files give none: that of before while it says the same, else the
/// time of the change, and always a newer one. That time is the files' where it can be true, so
/// that servers which got the same files, times included, agree; it is also where a zone starts.
std::uint32_t choose_serial(const std::optional<ServedSerial>& before, const ContentHash& content,
                            SerialTimes times);

/// A warning where the serial that the operator wrote keeps secondaries from taking this version.
Diagnostics check_serial(const Zone& zone, const ContentHash& content, const ServedSerial& before);

}  // namespace meridian::zones
