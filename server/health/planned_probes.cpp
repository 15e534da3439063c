// Makes probes of what is planned.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/planned_probes.h"

#include <algorithm>

namespace meridian::server {

ProbeTarget probe_of(const Target& target) {
    return {.address = target.address,
            .host_name = target.host_name,
            .checks = target.checks,
            .need = target.need,
            .every = target.timing.every,
            .timeout = target.timing.timeout};
}

std::optional<int> certificate_days(const TargetReport& report) {
    std::optional<int> least;
    for (const auto& check : report.checks) {
        if (!check || !check->certificate_days) { continue; }
        least = std::min(least.value_or(*check->certificate_days), *check->certificate_days);
    }
    return least;
}

std::vector<ProbeTarget> self_test_probes(const std::vector<Endpoint>& tests,
                                          const std::vector<ProbeTarget>& targets) {
    std::chrono::milliseconds every = zones::HealthTiming().every;
    for (const ProbeTarget& target : targets) {
        every = std::min(every, target.every);
    }
    std::vector<ProbeTarget> probes;
    for (const Endpoint& test : tests) {
        probes.push_back({.address = test.address,
                          .checks = {{.kind = zones::CheckKind::Tcp, .port = test.port}},
                          .every = every,
                          .timeout = zones::usual_timeout(every)});
    }
    return probes;
}

}  // namespace meridian::server
