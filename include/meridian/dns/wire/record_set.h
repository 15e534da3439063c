// Holds the records of one owner and type.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "meridian/dns/types.h"

namespace meridian::dns {

/// RDATA in wire form, its names uncompressed, at most 65535 octets.
using Rdata = std::vector<std::uint8_t>;

/// An RRset (RFC 2181 §5): one type, one TTL, no two records alike.
struct RecordSet {
    Type type{};
    std::uint32_t ttl_seconds = 0;
    std::vector<Rdata> records;
};

}  // namespace meridian::dns
