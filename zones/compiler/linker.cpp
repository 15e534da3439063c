// Links compiled zones to a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/linker.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "meridian/dns/image.h"
#include "zones/compiler/steering_compiler.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

/// What a core finds of that many zones in its first-level cache.
constexpr std::size_t kFewZones = 64;

constexpr std::uint32_t kMinimalAnyTtlSeconds = 3600;  // it never changes

using CompiledZones = std::vector<std::shared_ptr<const CompiledZone>>;

Diagnostics too_many_zones(const CompiledZones& zones) {
    return {diagnostic_of(diagnostics::kTooManyZones, zones[kMaxZones]->facts().file, {}, {},
                          {std::to_string(kMaxZones), std::to_string(zones.size())})};
}

ImageRef minimal_any_image(ImageStore& images) {
    const dns::Rdata rdata{7, 'R', 'F', 'C', '8', '4', '8', '2', 0};
    const dns::RecordSet set{dns::Type::HINFO, kMinimalAnyTtlSeconds, {rdata}};
    return images.add(dns::make_image(set, dns::Name().wire()).value());
}

/// Zones in the order of a table of their apexes.
struct NumberedZones {
    std::shared_ptr<const ApexTable> apexes;
    CompiledZones zones;
};

/// Puts the zones into the order of the table. False where it is not the table of their apexes.
bool put_in_order(const CompiledZones& zones, NumberedZones& numbered) {
    if (numbered.apexes->size() != zones.size()) { return false; }
    numbered.zones.resize(zones.size());
    for (const auto& zone : zones) {
        const auto number = numbered.apexes->find(zone->facts().apex.lower_cased());
        if (!number || numbered.zones[*number] != nullptr) { return false; }
        numbered.zones[*number] = zone;
    }
    return true;
}

Result<NumberedZones, Diagnostics> number_zones(const LinkInput& input, std::uint64_t hash_seed) {
    NumberedZones numbered;
    if (input.previous != nullptr && input.previous->data().apexes->seed() == hash_seed) {
        numbered.apexes = input.previous->data().apexes;
        if (put_in_order(input.zones, numbered)) { return numbered; }
    }
    std::vector<dns::Name> apexes;
    apexes.reserve(input.zones.size());
    for (const auto& zone : input.zones) {
        apexes.push_back(zone->facts().apex.lower_cased());
    }
    numbered.apexes = std::make_shared<const ApexTable>(hash_seed, apexes);
    numbered.zones = input.zones;
    Diagnostics twins;
    for (std::uint32_t number = 0; number < apexes.size(); ++number) {
        const std::uint32_t first = *numbered.apexes->find(apexes[number]);
        if (first == number) { continue; }
        const ZoneFacts& zone = input.zones[number]->facts();
        twins.push_back(diagnostic_of(diagnostics::kZoneTwice, zone.file, zone.apex_position,
                                      "zone",
                                      {zone.apex.to_text(), input.zones[first]->facts().file}));
    }
    if (!twins.empty()) { return Failure{std::move(twins)}; }
    return numbered;
}

void add_zones(NumberedZones numbered, SnapshotData& data) {
    std::size_t steered_count = 0;
    for (const auto& zone : numbered.zones) {
        steered_count += zone->facts().steered.size();
        data.totals.add(*zone);
    }
    data.services.reserve(steered_count);  // zones point into it
    data.zones.reserve(numbered.zones.size());
    for (std::uint32_t number = 0; number < numbered.zones.size(); ++number) {
        const CompiledZone& zone = *numbered.zones[number];
        data.zones.push_back({&zone.data(), data.services.data() + data.services.size(), number,
                              numbered.apexes->has_zones_below(number)});
        for (const SteeredUse& use : zone.facts().steered) {
            const std::uint32_t service =
                data.steering->numbers.at({use.service.get(), use.ttl_seconds});
            data.services.push_back(&data.steering->services[service]);
        }
    }
    data.exceeds_cache = data.totals.octets > kCoreCacheOctets;
    data.has_many_zones = data.zones.size() > kFewZones;
    data.apexes = std::move(numbered.apexes);
    data.compiled_zones = std::move(numbered.zones);
}

}  // namespace

Result<std::shared_ptr<const Snapshot>, Diagnostics> link_zones(const LinkInput& input,
                                                                std::uint64_t hash_seed) {
    if (input.zones.size() > kMaxZones) { return Failure{too_many_zones(input.zones)}; }
    auto numbered = number_zones(input, hash_seed);
    if (!numbered) { return Failure{std::move(numbered).error()}; }
    auto steering = compile_steering(input);
    if (!steering) { return Failure{std::move(steering).error()}; }

    auto data = std::make_unique<SnapshotData>();
    data->generation = input.generation;
    data->atlas = input.atlas;
    data->steering = std::move(steering).value();
    data->minimal_any = minimal_any_image(data->images);
    add_zones(std::move(numbered).value(), *data);
    return std::shared_ptr<const Snapshot>(std::make_shared<Snapshot>(std::move(data)));
}

}  // namespace meridian::zones
