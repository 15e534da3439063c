// Decides which policies have a table of their own, and makes their route maps.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/route_maps.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "meridian/geo/joint_route_maps.h"
#include "meridian/limits.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using Routes = std::shared_ptr<const geo::RouteMap>;

class RouteMapsCompiler {
public:
    RouteMapsCompiler(const SnapshotInput& input, const std::vector<geo::Policy>& policies)
        : input_(input), policies_(policies), known_(policies.size()), made_(policies.size()) {}

    std::vector<Routes> run() {
        find_known();
        keep_own_tables();
        keep_joint_tables();
        add_own_tables();
        join_others();
        return std::move(made_);
    }

private:
    struct Membership {
        std::size_t members = 0;  ///< Policies that had the table,
        std::size_t wanted = 0;   ///< and those that are still there.
    };

    void find_known();
    void keep_own_tables();
    void keep_joint_tables();
    void add_own_tables();
    void join_others();
    void join(std::span<const std::size_t> numbers);
    void make_own(std::size_t number);
    void count_own(std::size_t number) { own_octets_ += made_[number]->memory_octets(); }
    void count_all_but(std::span<const std::size_t> numbers);
    [[nodiscard]] bool may_have_own() const { return own_octets_ < input_.own_table_octets; }
    [[nodiscard]] bool has_room() const { return all_octets_ < input_.max_table_octets; }
    [[nodiscard]] std::vector<std::size_t> without_map() const;

    const SnapshotInput& input_;
    const std::vector<geo::Policy>& policies_;
    std::vector<Routes> known_;  // from the previous snapshot, or null
    std::vector<Routes> made_;
    std::map<const void*, Membership> joint_tables_;  // of the previous snapshot
    std::size_t own_octets_ = 0;
    std::size_t all_octets_ = 0;  // each joint table counts once
};

void RouteMapsCompiler::find_known() {
    if (!input_.previous || input_.previous->data().atlas != input_.atlas) { return; }
    for (const ServedRouteMap& table : input_.previous->route_maps()) {
        const auto found = std::ranges::find(policies_, table.policy);
        const bool is_wanted = found != policies_.end();
        if (is_wanted) {
            known_[static_cast<std::size_t>(found - policies_.begin())] = table.routes;
        }
        if (!table.routes->is_joint()) { continue; }
        Membership& joint = joint_tables_[table.routes->table()];
        ++joint.members;
        if (is_wanted) { ++joint.wanted; }
    }
}

void RouteMapsCompiler::keep_own_tables() {
    for (std::size_t number = 0; number < policies_.size() && may_have_own(); ++number) {
        if (!known_[number] || known_[number]->is_joint()) { continue; }
        made_[number] = known_[number];
        count_own(number);
    }
}

/// The memory of the tables that stay even if those of `numbers` are dropped.
void RouteMapsCompiler::count_all_but(std::span<const std::size_t> numbers) {
    std::vector<bool> is_left_out(made_.size());
    for (const std::size_t number : numbers) {
        is_left_out[number] = true;
    }
    std::set<const void*> counted;
    all_octets_ = 0;
    for (std::size_t number = 0; number < made_.size(); ++number) {
        if (!made_[number] || is_left_out[number]) { continue; }
        all_octets_ += made_[number]->memory_octets();
        if (!counted.insert(made_[number]->table()).second) {
            all_octets_ -= made_[number]->table_octets();
        }
    }
}

/// Those that no policy has left: another one would keep the memory of all.
void RouteMapsCompiler::keep_joint_tables() {
    for (std::size_t number = 0; number < policies_.size(); ++number) {
        if (!known_[number] || !known_[number]->is_joint()) { continue; }
        const Membership& joint = joint_tables_.at(known_[number]->table());
        if (joint.wanted == joint.members) { made_[number] = known_[number]; }
    }
}

void RouteMapsCompiler::add_own_tables() {
    for (const std::size_t number : without_map()) {
        if (!may_have_own()) { return; }
        make_own(number);
        count_own(number);
    }
}

void RouteMapsCompiler::join_others() {
    std::vector<std::size_t> numbers = without_map();
    if (numbers.empty()) { return; }
    // A table with room takes in new policies; else many edits would leave many small tables.
    for (std::size_t number = 0; number < policies_.size(); ++number) {
        if (!made_[number] || !made_[number]->is_joint()) { continue; }
        if (joint_tables_.at(made_[number]->table()).members < kMaxJointPolicies) {
            numbers.push_back(number);
        }
    }
    count_all_but(numbers);
    for (std::span<const std::size_t> rest = numbers; !rest.empty();) {
        const std::size_t count = std::min(rest.size(), kMaxJointPolicies);
        join(rest.first(count));
        rest = rest.subspan(count);
    }
}

void RouteMapsCompiler::join(std::span<const std::size_t> numbers) {
    if (!has_room()) { return; }
    if (numbers.size() == 1) {
        make_own(numbers[0]);
        all_octets_ += made_[numbers[0]]->memory_octets();
        return;
    }
    std::vector<geo::Policy> policies;
    for (const std::size_t number : numbers) {
        policies.push_back(policies_[number]);
    }
    auto maps = geo::make_joint_route_maps(*input_.atlas, policies);
    if (!maps) {
        join(numbers.first(numbers.size() / 2));
        join(numbers.subspan(numbers.size() / 2));
        return;
    }
    all_octets_ += maps->front().table_octets();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        all_octets_ += (*maps)[i].memory_octets() - (*maps)[i].table_octets();
        made_[numbers[i]] = std::make_shared<const geo::RouteMap>(std::move((*maps)[i]));
    }
}

void RouteMapsCompiler::make_own(std::size_t number) {
    Routes& made = made_[number];
    if (known_[number] && !known_[number]->is_joint()) { made = known_[number]; }
    if (!made && input_.find_table) { made = input_.find_table(policies_[number]); }
    if (!made) { made = std::make_shared<geo::RouteMap>(*input_.atlas, policies_[number]); }
}

std::vector<std::size_t> RouteMapsCompiler::without_map() const {
    std::vector<std::size_t> numbers;
    for (std::size_t number = 0; number < made_.size(); ++number) {
        if (!made_[number]) { numbers.push_back(number); }
    }
    return numbers;
}

}  // namespace

std::vector<std::shared_ptr<const geo::RouteMap>> make_route_maps(
    const SnapshotInput& input, const std::vector<geo::Policy>& policies) {
    return RouteMapsCompiler(input, policies).run();
}

}  // namespace meridian::zones
