// Links a snapshot in which a few zones differ from the one before.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/edit_linker.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "zones/compiler/linker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

/// Whether names are steered alike, so that the tables of the snapshot before hold what both need.
bool steer_alike(const CompiledZone& before, const CompiledZone& now) {
    return std::ranges::equal(before.facts().steered, now.facts().steered,
                              [](const SteeredUse& one, const SteeredUse& other) {
                                  return one.service == other.service &&
                                         one.ttl_seconds == other.ttl_seconds;
                              });
}

/// The number of each zone of the edit.
std::vector<std::uint32_t> numbers_of(const LinkInput& edit, const ApexTable& apexes) {
    std::vector<std::uint32_t> numbers;
    for (const auto& zone : edit.zones) {
        const auto number = apexes.find(zone->facts().apex.lower_cased());
        MERIDIAN_ASSERT(number.has_value());
        numbers.push_back(*number);
    }
    return numbers;
}

/// A copy in the same memory layout, whose zones point into itself.
std::unique_ptr<SnapshotData> copy_of(const SnapshotData& before) {
    auto data = std::make_unique<SnapshotData>(before);
    for (ServedZone& zone : data->zones) {
        zone.services = data->services.data() + (zone.services - before.services.data());
    }
    return data;
}

}  // namespace

Result<std::shared_ptr<const Snapshot>, Diagnostics> link_edit(const LinkInput& edit,
                                                               std::uint64_t hash_seed) {
    MERIDIAN_ASSERT(edit.previous != nullptr);
    const SnapshotData& before = edit.previous->data();
    const std::vector<std::uint32_t> numbers = numbers_of(edit, *before.apexes);
    bool is_alike = edit.atlas == before.atlas;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        is_alike = is_alike && steer_alike(*before.compiled_zones[numbers[i]], *edit.zones[i]);
    }
    if (!is_alike) {
        LinkInput all = edit;
        all.zones = before.compiled_zones;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            all.zones[numbers[i]] = edit.zones[i];
        }
        return link_zones(all, hash_seed);
    }
    auto data = copy_of(before);
    data->generation = edit.generation;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto& zone = data->compiled_zones[numbers[i]];
        data->totals.subtract(*zone);
        zone = edit.zones[i];
        data->totals.add(*zone);
        data->zones[numbers[i]].data = &zone->data();
    }
    data->exceeds_cache = data->totals.octets > kCoreCacheOctets;
    return std::shared_ptr<const Snapshot>(std::make_shared<Snapshot>(std::move(data)));
}

}  // namespace meridian::zones
