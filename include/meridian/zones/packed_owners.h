// Keeps the names of a zone small while nobody looks at them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// The owners of a zone in one row of octets, 10 to 30 for a name with an address, where the model
/// takes 280. A server keeps its zones so between two loads: what is answered lies in the snapshot.
class PackedOwners {
public:
    /// `apex` is the zone's: its octets are left out of names that end in them.
    PackedOwners(const std::vector<Owner>& owners, const dns::Name& apex);

    /// The same again. Expects the same apex.
    [[nodiscard]] std::vector<Owner> unpack(const dns::Name& apex) const;

    [[nodiscard]] std::size_t memory_octets() const { return octets_.capacity(); }

private:
    std::vector<std::uint8_t> octets_;
    std::size_t count_;
};

}  // namespace meridian::zones
