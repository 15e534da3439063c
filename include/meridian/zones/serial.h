// Chooses the serial of a zone, and warns of one that secondaries will not notice.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "meridian/zones/content_hash.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// The serial under which a zone was served last, and the content that it had.
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

/// Whether secondaries take `serial` for newer than `other` (RFC 1982 §3.2). Of two serials that
/// are 2^31 apart neither is newer.
bool is_newer_serial(std::uint32_t serial, std::uint32_t other);

/// The serial for a zone whose files give none. While the content is the same, it is the serial
/// from before; else, and for a new zone, it is the time of the change, or the next number where
/// that is not newer. The time of the change is that of the files where it can be true, so that
/// servers that got the same files with the same times agree.
std::uint32_t choose_serial(const std::optional<ServedSerial>& before, const ContentHash& content,
                            SerialTimes times);

/// A warning where the serial that the operator wrote keeps secondaries from taking this version.
Diagnostics check_serial(const Zone& zone, const ContentHash& content, const ServedSerial& before);

}  // namespace meridian::zones
