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

#include "meridian/clock.h"
#include "meridian/zones/compiler.h"
#include "server/health/health_book.h"
#include "server/runtime/publisher.h"

namespace {

using namespace meridian;

constexpr std::size_t kRegions = 8;
constexpr std::size_t kRounds = 1001;

/// A name for each service; all services have the regions' addresses, and one check.
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
    zones::Health health;
    health.checks = {{.kind = zones::CheckKind::Tcp, .port = 443}};
    health.timing.fall = 1;
    health.timing.rise = 1;
    const auto checked = std::make_shared<const zones::Health>(health);
    for (std::size_t i = 0; i < services; ++i) {
        const std::string name = "n" + std::to_string(i);
        zone.services.push_back({.name = name, .policy = 0, .health = checked});
        zones::Owner& owner = zone.owners.emplace_back();
        owner.name = dns::Name::parse(name, zone.apex).value();
        owner.steer = i;
    }
    zones::CompileInput input;
    input.zones = {std::make_shared<zones::Zone>(zone)};
    input.atlas = std::make_shared<geo::Atlas>(geo::AtlasBuilder().build());
    return zones::compile(input).value();
}

server::Publisher publisher_of(std::size_t services) {
    return server::Publisher(
        server::first_served(snapshot_of(services), 1, std::make_shared<server::AnswerTotals>()));
}

/// The median and the slowest.
void print(std::size_t services, const char* what, std::array<double, kRounds>& microseconds) {
    std::ranges::sort(microseconds);
    std::printf("%6zu services of %zu regions: %s in %.1f us (median; 99 %% within %.1f)\n",
                services, kRegions, what, microseconds[kRounds / 2],
                microseconds[kRounds * 99 / 100]);
}

/// One region of one service changes.
void measure_one(std::size_t services) {
    server::Publisher publisher = publisher_of(services);
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
    print(services, "replaced and published", microseconds);
}

/// Goes on when it is told to, so that no hold is waited for.
class HourClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(std::chrono::hours(hours));
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::time_point(std::chrono::hours(hours));
    }
    int hours = 1;
};

/// The address of a region that all services share fails its check, or passes it again: from the
/// result to the table from which the next batch is answered.
void measure_all(std::size_t services) {
    server::Publisher publisher = publisher_of(services);
    HourClock clock;
    server::HealthBook book(clock);
    server::publish_live(publisher,
                         [&](const zones::Serving& now) { return book.plan(*now.snapshot()); });
    const auto target = book.targets().front();
    std::array<double, kRounds> microseconds{};
    for (std::size_t i = 0; i < kRounds; ++i) {
        ++clock.hours;
        server::Arrival arrival{.target = target.number, .began = clock.steady()};
        if (i % 2 == 0) { arrival.result = {server::FailureKind::Refused, "connection refused"}; }
        const auto begin = std::chrono::steady_clock::now();
        if (!book.take({&arrival, 1})) { std::abort(); }
        server::publish_live(publisher,
                             [&](const zones::Serving& now) { return book.next_live(now); });
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - begin;
        microseconds[i] = took.count();
        static_cast<void>(book.take_turns());
        static_cast<void>(book.take_address_turns());
        publisher.collect();
    }
    print(services, "a verdict of all is decided and published", microseconds);
}

}  // namespace

int main() {
    for (const std::size_t services : {100U, 1'000U, 10'000U}) {
        measure_one(services);
    }
    measure_all(1'000);  // as many as a zone may have
    return 0;
}
