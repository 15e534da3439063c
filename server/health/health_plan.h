// Lists what is checked for a snapshot, and which regions of which services depend on that.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/live_table.h"
#include "meridian/zones/model/health.h"
#include "meridian/zones/snapshot.h"

namespace meridian::server {

/// An address, or a host that is looked up, and how it is checked. Services that check an address
/// alike share one target, so it is probed once.
struct Target {
    IpAddress address;
    std::string host_name = {};  ///< As in zones::ProbePoint.
    std::vector<zones::HealthCheck> checks;
    zones::CheckNeed need = zones::CheckNeed::All;
    zones::HealthTiming timing;
    friend bool operator==(const Target&, const Target&) = default;

    /// What operators know it by.
    [[nodiscard]] std::string label() const {
        return host_name.empty() ? address.to_string() : host_name;
    }
};

/// Stands for the target of an address that is never checked.
constexpr std::uint32_t kUnchecked = 0xffffffff;

/// A region of a service, with the targets of its addresses.
struct PlannedRegion {
    std::uint32_t cell = 0;  ///< In the live table.
    std::shared_ptr<const zones::Region> region;
    /// By family: of the region's i-th address of that family; indices into HealthPlan::targets.
    std::array<std::vector<std::uint32_t>, 2> targets;
    /// What is checked instead; its addresses are never checked then.
    std::vector<std::uint32_t> probes;

    /// The targets that decide in a family; some may be kUnchecked.
    [[nodiscard]] const std::vector<std::uint32_t>& deciding(std::size_t family) const {
        const bool are_probes = !probes.empty() && !targets.at(family).empty();
        return are_probes ? probes : targets.at(family);
    }
};

/// A service with one of the TTLs that it is served with.
struct PlannedService {
    std::string name;  ///< That of the policy where names are steered by the policy itself.
    std::shared_ptr<const zones::Health> health;  ///< Null: never.
    std::vector<PlannedRegion> regions;           ///< Those that are part of it.
    bool has_last_resort = false;
    bool families_together = false;
    std::size_t min_regions = 1;
    bool is_answered = true;  ///< Else others depend on it, and no client gets it.
    /// The services that it depends on, and those that depend on it: indices into
    /// HealthPlan::services. The former come before it, the latter behind it.
    std::vector<std::uint32_t> depends;
    std::vector<std::uint32_t> dependents;
};

/// A service whose addresses are never checked, as if it were planned.
PlannedService unchecked_service(const zones::ServiceInfo& info);

/// Immutable; any thread.
class HealthPlan {
public:
    explicit HealthPlan(const zones::Snapshot& snapshot);

    [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
    /// Those that are checked, that depend on others, or that others depend on.
    [[nodiscard]] const std::vector<PlannedService>& services() const { return services_; }
    /// All others: operators may drain their regions all the same.
    [[nodiscard]] const std::vector<zones::ServiceInfo>& unchecked() const { return unchecked_; }
    /// Indices into `services`, ascending.
    [[nodiscard]] std::span<const std::uint32_t> services_of(std::uint32_t target) const {
        return services_of_[target];
    }
    /// The name of a region that the address belongs to.
    [[nodiscard]] const std::string& region_of(std::uint32_t target) const {
        return region_of_[target];
    }
    /// The live table of the snapshot while nothing is wrong.
    [[nodiscard]] const std::shared_ptr<const zones::LiveTable>& all_up() const { return all_up_; }
    /// Whether the cells are those of `snapshot`, too: it steers as that of the plan.
    [[nodiscard]] bool belongs_to(const zones::Snapshot& snapshot) const {
        return all_up_->belongs_to(snapshot);
    }

private:
    /// Finds the target of an address. Checks are few, so they are compared by their numbers.
    class Numbers;

    std::uint32_t add(const zones::ServiceInfo& info, Numbers& numbers);
    void add_targets(PlannedService& service, std::uint32_t index, Numbers& numbers);
    void add_user(std::uint32_t target, std::uint32_t service, const std::string& region);

    std::vector<Target> targets_;
    std::vector<PlannedService> services_;
    std::vector<zones::ServiceInfo> unchecked_;
    std::vector<std::vector<std::uint32_t>> services_of_;  // by target
    std::vector<std::string> region_of_;                   // likewise
    std::shared_ptr<const zones::LiveTable> all_up_;
};

}  // namespace meridian::server
