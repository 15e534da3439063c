// Fuzzes the whole way from a zone file to the checked model.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace meridian::zones;

void expect(bool promise) {
    if (!promise) { std::abort(); }
}

/// Checks what the compiler relies on.
void check(const Zone& zone) {
    expect(!zone.nameservers.empty());
    for (const Policy& policy : zone.policies) {
        expect(!policy.regions.empty());
        expect(policy.default_order.size() == policy.regions.size());
        expect(policy.max_addresses >= 1);
        for (const std::size_t region : policy.regions) {
            expect(region < zone.regions.size());
        }
    }
    for (const Region& region : zone.regions) {
        expect(!region.addresses.empty());
    }
    for (const Service& service : zone.services) {
        expect(service.policy < zone.policies.size());
        if (service.addresses.empty()) { continue; }
        expect(service.addresses.size() == zone.regions.size());
        const auto& regions = zone.policies[service.policy].regions;
        expect(std::ranges::any_of(
            regions, [&](std::size_t region) { return !service.addresses[region].empty(); }));
    }
    for (const Owner& owner : zone.owners) {
        expect(owner.name.is_at_or_below(zone.apex));
        expect(owner.steer.has_value() || !owner.sets.empty());
        expect(!owner.steer || *owner.steer < zone.services.size());
        for (const OwnedSet& set : owner.sets) {
            expect(!set.records.records.empty() && set.records.ttl_seconds > 0);
            expect(meridian::dns::is_data_type(set.records.type));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ZoneReading reading =
        read_zone({"fuzz.toml", std::string(reinterpret_cast<const char*>(data), size), 1});
    const bool sound = !has_errors(reading.diagnostics);
    expect(sound ? !reading.zones.empty() || reading.library : reading.zones.empty());
    for (const Zone& zone : reading.zones) {
        check(zone);
    }
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        expect(!to_text(diagnostic, false).empty());
    }
    return 0;
}
