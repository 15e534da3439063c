// Says how the checks of addresses went, in lines or as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/probing/target_probe.h"

namespace meridian::server {

/// An address that is checked for a region of a service, with how its checks went.
struct ProbedAddress {
    std::string service;
    std::string region;
    std::string host;  ///< Whose address it is, where the zone names a host.
    /// False where that host cannot be looked up, for the reason in the report.
    bool has_address = true;
    std::shared_ptr<const ProbeTarget> target;
    TargetReport report;
};

/// "192.0.2.1", "db.internal (10.0.0.20)"
std::string name_of(const ProbedAddress& address);

/// A line a check, under the name of each service. What an address sent is shown so that no
/// terminal obeys it.
std::string probe_text(const std::vector<ProbedAddress>& addresses);
/// One document, with times in microseconds.
std::string probe_json(const std::vector<ProbedAddress>& addresses);

}  // namespace meridian::server
