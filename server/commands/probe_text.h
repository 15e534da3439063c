// Says how the checks of addresses went, in lines or as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/probing/target_probe.h"

namespace meridian::server {

/// An address of a region of a service, with how its checks went.
struct ProbedAddress {
    std::string service;
    std::string region;
    std::shared_ptr<const ProbeTarget> target;
    TargetReport report;
};

/// A line a check, under the name of each service. What an address sent is shown so that no
/// terminal obeys it.
std::string probe_text(const std::vector<ProbedAddress>& addresses);
/// One document, with times in microseconds.
std::string probe_json(const std::vector<ProbedAddress>& addresses);

}  // namespace meridian::server
