// Compiles zones and an atlas into a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/compiler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "meridian/dns/image.h"
#include "meridian/dns/name_hash.h"
#include "meridian/dns/rdata.h"
#include "zones/compiler/policy_compiler.h"
#include "zones/compiler/zone_compiler.h"
#include "zones/compiler/zones_below.h"
#include "zones/model/messages.h"
#include "zones/snapshot/lookup.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

/// Half of the second-level cache of a server core of 2015 and later, the rest being for all else.
constexpr std::size_t kCoreCacheOctets = std::size_t{512} << 10;

constexpr std::uint32_t kMinimalAnyTtlSeconds = 3600;  // nothing will ever change about it

Diagnostics too_many_zones(const CompileInput& input) {
    return {diagnostic_of(messages::kTooManyZones, input.zones[kMaxZones]->file, {}, {},
                          {std::to_string(kMaxZones), std::to_string(input.zones.size())})};
}

Diagnostics find_twins(const std::vector<const Zone*>& zones) {
    Diagnostics diagnostics;
    std::vector<const Zone*> sorted = zones;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Zone* left, const Zone* right) { return left->apex < right->apex; });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        if (sorted[i - 1]->apex != sorted[i]->apex) { continue; }
        diagnostics.push_back(diagnostic_of(messages::kZoneTwice, sorted[i]->file,
                                            sorted[i]->apex_position, "zone",
                                            {sorted[i]->apex.to_text(), sorted[i - 1]->file}));
    }
    return diagnostics;
}

/// Looks up where a CNAME leads, as a query for the target would be.
void resolve_alias(SnapshotData& data, const PendingAlias& pending) {
    Alias& alias = data.aliases[pending.alias];
    alias.target_octets = static_cast<std::uint8_t>(pending.target.octets());
    alias.target = find_name(data, pending.target.wire(), dns::Type::A);
}

/// Empty non-terminals not counted.
std::size_t count_names(const std::vector<const Zone*>& zones) {
    std::size_t count = zones.size();
    for (const Zone* zone : zones) {
        count += zone->owners.size();
    }
    return count;
}

/// Gives back what growing left over: all this stays as long as the snapshot.
void shrink(SnapshotData& data) {
    data.names.shrink();
    data.images.shrink();
    data.sets.shrink_to_fit();
    data.linked_sets.shrink_to_fit();
    data.aliases.shrink_to_fit();
    data.cuts.shrink_to_fit();
    data.additional.shrink_to_fit();
}

ImageRef minimal_any_image(ImageStore& images) {
    const dns::Rdata rdata{7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
    const dns::RecordSet set{dns::Type::HINFO, kMinimalAnyTtlSeconds, {rdata}};
    return images.add(dns::make_image(set, dns::Name().wire()).value());
}

}  // namespace

Result<std::shared_ptr<const Snapshot>, Diagnostics> compile(const CompileInput& input) {
    if (input.zones.size() > kMaxZones) { return Failure{too_many_zones(input)}; }
    const std::vector<const Zone*> zones = pointers_to(input.zones);
    Diagnostics diagnostics = find_twins(zones);
    if (has_errors(diagnostics)) { return Failure{std::move(diagnostics)}; }

    auto data = std::make_unique<SnapshotData>(input.hash_seed ? *input.hash_seed
                                                               : dns::random_hash_seed());
    data->generation = input.generation;
    data->atlas = input.atlas;
    data->cuts.emplace_back();
    data->minimal_any = minimal_any_image(data->images);

    data->names.reserve(count_names(zones));

    PolicyCompiler policies(*data);
    std::vector<PendingAlias> pending;
    std::vector<ZonesByApex> children = zones_below(zones);
    data->zones.resize(zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
        ZoneCompiler zone(*data, policies, *zones[i], static_cast<std::uint16_t>(i),
                          std::move(children[i]), diagnostics);
        zone.run(pending);
    }
    if (has_errors(diagnostics)) { return Failure{std::move(diagnostics)}; }
    diagnostics = policies.finish(input);
    if (has_errors(diagnostics)) { return Failure{std::move(diagnostics)}; }
    for (const PendingAlias& alias : pending) {
        resolve_alias(*data, alias);
    }
    shrink(*data);
    data->exceeds_cache =
        data->names.memory_octets() + data->images.memory_octets() > kCoreCacheOctets;
    return std::shared_ptr<const Snapshot>(std::make_shared<Snapshot>(std::move(data)));
}

}  // namespace meridian::zones
