// Makes the route maps and images of all policies that zones steer by.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/compiler/steering_compiler.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "meridian/dns/image.h"
#include "zones/compiler/route_maps.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

dns::RecordSet address_set(const Region& region, Family family) {
    dns::RecordSet set{family == Family::V4 ? dns::Type::A : dns::Type::AAAA, 0, {}};
    for (const IpAddress& address : region.addresses) {
        if (address.family() != family) { continue; }
        const auto octets = address.octets();
        set.records.emplace_back(octets.begin(), octets.begin() + address.width() / 8);
    }
    return set;
}

Diagnostic no_room(const ZoneFacts& zone, const SteeredUse& use, const SnapshotInput& input) {
    // Reported for the zone file even where a library has the policy, since other zones are served
    // with it.
    const TextPosition at = use.position.file == 0 ? use.position : TextPosition();
    return diagnostic_of(diagnostics::kTooManyTables, zone.file, at,
                         key_path("policies", use.service->policy->name),
                         {std::to_string(input.max_table_octets >> 20)});
}

class SteeringCompiler {
public:
    explicit SteeringCompiler(const LinkInput& input) : input_(input) {}

    Result<std::shared_ptr<const Steering>, Diagnostics> run() {
        add_policies();
        Diagnostics problems = add_route_maps();
        if (!problems.empty()) { return Failure{std::move(problems)}; }
        add_services();
        return std::shared_ptr<const Steering>(std::move(steering_));
    }

private:
    void add_policies();
    Diagnostics add_route_maps();
    void add_services();
    RegionImages images_of(const Region& region);

    using TableKey = std::pair<const SteeringPolicy*, bool>;  // with all ranks or not
    static TableKey table_key(const SteeringService& service) {
        return {service.policy.get(), service.all_ranks};
    }

    const LinkInput& input_;
    std::shared_ptr<Steering> steering_ = std::make_shared<Steering>();
    std::map<TableKey, std::size_t> tables_;                  // the number of each
    std::vector<SteeredUse> uses_;                            // each service and TTL once
    std::unordered_map<const Region*, RegionImages> images_;  // services share regions
};

/// In the order of the zones, so that the same zones give the same numbers.
void SteeringCompiler::add_policies() {
    for (const auto& zone : input_.zones) {
        for (const SteeredUse& use : zone->facts().steered) {
            const SteeringService& service = *use.service;
            const Steering::Key key{&service, use.ttl_seconds};
            const auto number = static_cast<std::uint32_t>(uses_.size());
            if (!steering_->numbers.try_emplace(key, number).second) { continue; }
            uses_.push_back(use);
            const std::size_t table = steering_->tables.size();
            if (!tables_.try_emplace(table_key(service), table).second) { continue; }
            steering_->tables.push_back({service.policy, service.all_ranks, nullptr});
        }
    }
}

/// Policies that rank alike share one route map.
Diagnostics SteeringCompiler::add_route_maps() {
    std::vector<geo::Policy> distinct;
    std::vector<std::size_t> numbers;
    for (const PolicyTable& table : steering_->tables) {
        geo::Policy ranks = table.ranks();
        const auto known = std::ranges::find(distinct, ranks);
        numbers.push_back(static_cast<std::size_t>(known - distinct.begin()));
        if (known == distinct.end()) { distinct.push_back(std::move(ranks)); }
    }
    const auto maps = make_route_maps(input_, distinct);
    std::set<const SteeringPolicy*> without;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        PolicyTable& table = steering_->tables[i];
        table.routes = maps[numbers[i]];
        if (!table.routes) { without.insert(table.policy.get()); }
    }
    Diagnostics problems;
    if (without.empty()) { return problems; }
    for (const auto& zone : input_.zones) {
        std::set<const SteeringPolicy*> reported;  // once for all services and TTLs
        for (const SteeredUse& use : zone->facts().steered) {
            const SteeringPolicy* policy = use.service->policy.get();
            if (!without.contains(policy) || !reported.insert(policy).second) { continue; }
            problems.push_back(no_room(zone->facts(), use, input_));
        }
    }
    return problems;
}

RegionImages SteeringCompiler::images_of(const Region& region) {
    const auto [known, is_new] = images_.try_emplace(&region);
    if (!is_new) { return known->second; }
    if (region.target) {
        const auto wire = region.target->wire();
        const dns::RecordSet set{dns::Type::CNAME, 0, {{wire.begin(), wire.end()}}};
        known->second[0] = steering_->images.add(dns::make_image(set, dns::Name().wire()).value());
        return known->second;
    }
    for (std::size_t family = 0; family < kFamilies.size(); ++family) {
        const dns::RecordSet set = address_set(region, kFamilies[family]);
        if (set.records.empty()) { continue; }
        const auto image = dns::make_image(set, dns::Name().wire());  // addresses hold no name
        MERIDIAN_ASSERT(image.ok());  // kMaxRegionAddresses keeps it far below 65535 octets
        known->second[family] = steering_->images.add(*image);
    }
    return known->second;
}

void SteeringCompiler::add_services() {
    std::size_t cells = 0;
    for (const SteeredUse& use : uses_) {
        cells += cell_count(*use.service);
    }
    auto& images = steering_->region_images;
    images.reserve(cells);  // the services point into it
    for (const SteeredUse& use : uses_) {
        const SteeringService& service = *use.service;
        const PolicyTable& table = steering_->tables[tables_.at(table_key(service))];
        steering_->services.push_back({.routes = table.routes.get(),
                                       .images = images.data() + images.size(),
                                       .first_cell = static_cast<std::uint32_t>(images.size()),
                                       .ttl_seconds = use.ttl_seconds,
                                       .max_addresses = table.policy->max_addresses,
                                       .client_subnet = table.policy->client_subnet,
                                       .has_last_resort = service.last_resort != nullptr,
                                       .service = use.service});
        for (const auto& region : service.regions) {
            images.push_back(images_of(*region));
        }
        if (service.last_resort != nullptr) { images.push_back(images_of(*service.last_resort)); }
    }
}

/// The steering of the previous snapshot, if the zones need no other; else null.
std::shared_ptr<const Steering> unchanged_steering(const LinkInput& input) {
    if (input.previous == nullptr || input.previous->data().atlas != input.atlas) { return {}; }
    const auto& steering = input.previous->data().steering;
    std::vector<bool> is_used(steering->services.size());
    for (const auto& zone : input.zones) {
        for (const SteeredUse& use : zone->facts().steered) {
            const auto known = steering->numbers.find({use.service.get(), use.ttl_seconds});
            if (known == steering->numbers.end()) { return {}; }
            is_used[known->second] = true;
        }
    }
    const bool uses_all = std::ranges::all_of(is_used, [](bool used) { return used; });
    return uses_all ? steering : nullptr;
}

}  // namespace

Result<std::shared_ptr<const Steering>, Diagnostics> compile_steering(const LinkInput& input) {
    if (auto unchanged = unchanged_steering(input)) { return unchanged; }
    return SteeringCompiler(input).run();
}

}  // namespace meridian::zones
