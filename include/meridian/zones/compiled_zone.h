// Holds one zone in the form that answers queries; immutable, shared by snapshots.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

struct SteeringService;  // zones/snapshot/steering.h
struct ZoneData;         // zones/snapshot/zone_data.h

/// Steering that a zone uses: all names with this service and TTL answer alike.
struct SteeredUse {
    std::shared_ptr<const SteeringService> service;
    std::uint32_t ttl_seconds = 0;
    TextPosition position = {};  ///< Of the policy's table, for an error.
};

/// NS records at the apex of another zone that is served here.
struct Delegation {
    dns::Name apex;
    std::uint32_t ttl_seconds = 0;
    std::string file = {};
    TextPosition position = {};
};

/// What is known of a compiled zone as a whole.
struct ZoneFacts {
    std::string file;
    dns::Name apex;
    TextPosition apex_position;  ///< Of its name in the file.
    std::uint32_t serial = 0;
    std::uint32_t nameservers_ttl_seconds = 0;
    std::size_t owner_count = 0;  ///< Names with records or steering, and the apex.
    /// The apexes right below this zone that it was compiled for: it leaves their names to them.
    /// Sorted, in lower case.
    std::vector<dns::Name> zones_below;
    std::vector<Delegation> delegations;  ///< Those of `zones_below` that it has NS records for.
    std::vector<std::shared_ptr<const Region>> regions;
    std::vector<SteeredUse> steered;
};

/// Gives back the block of memory that begins with the data.
struct FreeZoneData {
    void operator()(const ZoneData* data) const;
};

/// Immutable; any thread. Made by `Compiler::compile`.
class CompiledZone {
public:
    CompiledZone(ZoneFacts facts, std::unique_ptr<const ZoneData, FreeZoneData> data)
        : facts_(std::move(facts)), data_(std::move(data)) {}

    [[nodiscard]] const ZoneFacts& facts() const { return facts_; }
    [[nodiscard]] const ZoneData& data() const { return *data_; }
    /// Memory of names and images.
    [[nodiscard]] std::size_t memory_octets() const;

private:
    ZoneFacts facts_;
    std::unique_ptr<const ZoneData, FreeZoneData> data_;
};

}  // namespace meridian::zones
