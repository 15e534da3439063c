// Adds up how much the health checks of all zones ask of this server.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/check_load.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/model/zone.h"
#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

using Seconds = std::chrono::duration<double>;

std::string whole(double number) {
    return std::to_string(static_cast<std::int64_t>(std::ceil(number)));
}

/// A sum of thousands of fractions, without what they are inexact by: 10,000 fifths are 2,000.
double without_noise(double sum) {
    constexpr double kParts = 1e6;
    return std::round(sum * kParts) / kParts;
}

}  // namespace

CheckLoad check_load_of(const zones::Snapshot& snapshot) {
    using Key = std::tuple<Family, std::uint64_t, std::uint64_t, std::string, std::size_t,
                           zones::CheckedPlace>;
    std::vector<const zones::Health*> checks;  // few that differ
    std::set<Key> targets;
    CheckLoad load;
    const std::vector<zones::ServiceInfo> services = snapshot.services();
    for (const zones::ServiceInfo& service : services) {
        if (service.health == nullptr) { continue; }
        const zones::Health& health = *service.health;
        const auto alike = std::ranges::find_if(
            checks, [&](const zones::Health* other) { return asks_alike(*other, health); });
        const auto number = static_cast<std::size_t>(alike - checks.begin());
        if (alike == checks.end()) { checks.push_back(&health); }
        const Seconds every = health.timing.every;
        const Seconds timeout = health.timing.timeout;
        const double asked = static_cast<double>(std::ranges::count_if(
            health.checks, [](const auto& check) { return asks_the_address(check.kind); }));
        const double commands = static_cast<double>(std::ranges::count(
            health.checks, zones::CheckKind::Command, &zones::HealthCheck::kind));
        const bool is_placed = zones::depends_on_place(health.checks);
        for (const auto& region : service.regions) {
            const zones::CheckedPlace place =
                is_placed ? zones::CheckedPlace{service.name, region->name} : zones::CheckedPlace{};
            for (const zones::ProbePoint& point : zones::checked_at(*region)) {
                const IpAddress& address = point.address;
                const Key key{address.family(), address.high(), address.low(),
                              point.host_name,  number,         place};
                if (!targets.insert(key).second) { continue; }
                load.checks_per_second += (asked + commands) / every.count();
                load.sockets += asked * timeout.count() / every.count();
                load.commands += commands * timeout.count() / every.count();
            }
        }
    }
    load.checks_per_second = without_noise(load.checks_per_second);
    load.sockets = without_noise(load.sockets);
    load.commands = without_noise(load.commands);
    return load;
}

zones::Diagnostics check_load(const zones::Snapshot& snapshot, std::uint32_t max_probes,
                              const std::string& directory) {
    const CheckLoad load = check_load_of(snapshot);
    zones::Diagnostics diagnostics;
    if (load.checks_per_second > max_probes) {
        diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kTooManyProbes, directory, {}, {},
                                 {whole(load.checks_per_second), std::to_string(max_probes)}));
    }
    if (load.sockets > static_cast<double>(kMaxProbeSockets)) {
        diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kTooManyProbeSockets, directory, {}, {},
                                 {whole(load.sockets), std::to_string(kMaxProbeSockets)}));
    }
    if (load.commands > static_cast<double>(kMaxCommandsAtOnce)) {
        diagnostics.push_back(
            zones::diagnostic_of(diagnostics::kTooManyCommands, directory, {}, {},
                                 {whole(load.commands), std::to_string(kMaxCommandsAtOnce)}));
    }
    return diagnostics;
}

}  // namespace meridian::server
