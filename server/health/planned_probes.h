// Makes probes of what is planned.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "meridian/endpoint.h"
#include "server/health/health_plan.h"
#include "server/probing/target_probe.h"

namespace meridian::server {

ProbeTarget probe_of(const Target& target);

/// A self test is seen to fail before targets fall that fail for the same reason, so it is asked as
/// often as the fastest of them.
std::vector<ProbeTarget> self_test_probes(const std::vector<Endpoint>& tests,
                                          const std::vector<ProbeTarget>& targets);

/// Days until the certificate ends that does so first; none where none was seen.
std::optional<int> certificate_days(const TargetReport& report);

}  // namespace meridian::server
