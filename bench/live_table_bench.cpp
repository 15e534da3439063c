// Measures how long a change of health takes until workers read it.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/compiler.h"
#include "server/runtime/publisher.h"

namespace {

using namespace meridian;

constexpr std::size_t kRegions = 8;
constexpr std::size_t kRounds = 1001;

/// A zone with names that differ in their TTL, so that each is steered by a service of its own.
std::shared_ptr<const zones::Snapshot> snapshot_of(std::size_t services) {
    zones::Zone zone;
    zone.apex = dns::Name::parse_absolute("z.test.").value();
    zone.nameservers = {dns::Name::parse("ns1", zone.apex).value()};
    zone.soa.primary = zone.nameservers[0];
    zone.soa.mailbox = dns::Name::parse("hostmaster", zone.apex).value();
    zones::Policy policy;
    policy.name = "nearest";
    for (std::size_t i = 0; i < kRegions; ++i) {
        zones::Region region;
        region.name = "r" + std::to_string(i);
        region.at = {static_cast<double>(i), 0};
        region.addresses = {IpAddress::v4(static_cast<std::uint32_t>(0xc0000200 + i)),
                            IpAddress::v6(0x20010db800000000, i)};
        zone.regions.push_back(region);
        policy.regions.push_back(i);
        policy.default_order.push_back(i);
    }
    zone.policies = {policy};
    zone.services = {{.name = {}, .policy = 0}};
    for (std::size_t i = 0; i < services; ++i) {
        zones::Owner& owner = zone.owners.emplace_back();
        owner.name = dns::Name::parse("n" + std::to_string(i), zone.apex).value();
        owner.steer = 0;
        owner.steer_ttl_seconds = static_cast<std::uint32_t>(30 + i);
    }
    zones::CompileInput input;
    input.zones = {std::make_shared<zones::Zone>(zone)};
    input.atlas = std::make_shared<geo::Atlas>(geo::AtlasBuilder().build());
    return zones::compile(input).value();
}

/// Prints the median and the slowest of many changes of one region of one service.
void measure(std::size_t services) {
    server::Publisher publisher(
        server::first_served(snapshot_of(services), 1, std::make_shared<server::AnswerTotals>()));
    std::array<double, kRounds> microseconds{};
    for (std::size_t i = 0; i < kRounds; ++i) {
        const std::array changes{
            zones::LiveChange{.cell = static_cast<std::uint32_t>(i * 7919 % (services * kRegions)),
                              .up_addresses = {i % 2, i % 2}}};
        const auto begin = std::chrono::steady_clock::now();
        server::publish_live(publisher,
                             [&](const zones::Serving& now) { return now.live()->with(changes); });
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begin;
        microseconds[i] = took.count();
        publisher.collect();
    }
    std::ranges::sort(microseconds);
    std::printf(
        "%6zu services of %zu regions: replaced and published in %.1f us (median; 99 %% within "
        "%.1f)\n",
        services, kRegions, microseconds[kRounds / 2], microseconds[kRounds * 99 / 100]);
}

}  // namespace

int main() {
    for (const std::size_t services : {100U, 1'000U, 10'000U}) {
        measure(services);
    }
    return 0;
}
