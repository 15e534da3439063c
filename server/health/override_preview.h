// Says what a change of the overrides would do, before it is made.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/live_table.h"
#include "meridian/zones/shares.h"
#include "server/health/hand_states.h"
#include "server/health/health_plan.h"
#include "server/health/overrides.h"
#include "server/health/region_states.h"

namespace meridian::server {

/// A region that the target of a change is about. Its services are counted, and a few are named.
struct HitRegion {
    std::string region = {};
    std::string file = {};
    std::vector<std::string> services = {};
    std::uint64_t service_count = 0;
    std::vector<std::string> before = {};  ///< The rungs where it stands, each once.
    std::vector<std::string> after = {};
    bool is_drained_in_file = false;
    std::uint32_t drained_line = 0;  ///< Of the file; 0: not looked for, or not found.
    friend bool operator==(const HitRegion&, const HitRegion&) = default;
};

/// Which regions get other shares of the IPv4 space than before, in one service.
struct ServiceShares {
    std::string service = {};
    std::string zones =
        {};  ///< That use it, a few of them: "one.example., two.example. and 3 more".
    std::vector<zones::RegionShare> regions = {};
    friend bool operator==(const ServiceShares&, const ServiceShares&) = default;
};

/// Of the services that a change hits, for those who count shares: live tables in which these
/// services stand as they do now, and as they would, and a cell of each.
struct HitTables {
    std::shared_ptr<const zones::LiveTable> before = {};
    std::shared_ptr<const zones::LiveTable> after = {};
    struct Service {
        std::string name;
        std::uint32_t cell = 0;
        friend bool operator==(const Service&, const Service&) = default;
    };
    std::vector<Service> services = {};     ///< Those to count: a few of them.
    std::uint64_t service_count = 0;        ///< All that are hit.
    std::vector<std::uint32_t> cells = {};  ///< One of each of these, for each TTL.
    friend bool operator==(const HitTables&, const HitTables&) = default;
};

struct OverridePreview {
    std::vector<HitRegion> regions = {};
    /// What would have no region up any more, but has one now: "api (IPv4)".
    std::vector<std::string> stranded = {};
    /// What is not hit itself, but depends on what is, and comes to stand on another rung: "api in
    /// frankfurt would be down". A few are named.
    std::vector<std::string> dependents = {};
    std::uint64_t dependent_count = 0;
    std::vector<ServiceShares> shares = {};  ///< Of a dry run: a few services.
    std::uint64_t uncounted = 0;             ///< Of a dry run: services without shares.
    HitTables tables = {};
    friend bool operator==(const OverridePreview&, const OverridePreview&) = default;
};

/// What a server knows, and how it would be.
struct OverrideChange {
    const HealthPlan& plan;
    const AddressStates& states;  ///< Of the plan's targets.
    const std::vector<Override>& before;
    const std::vector<Override>& after;
};

OverridePreview preview(const OverrideChange& change, const OverrideTarget& target);

/// Whether the target is about anything that is served.
bool is_about_anything(const HealthPlan& plan, const OverrideTarget& target);

/// What to say where it is not: which part of the target is wrong, and the nearest spelling.
std::string nothing_matches(const HealthPlan& plan, const OverrideTarget& target);

}  // namespace meridian::server
