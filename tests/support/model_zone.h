// Builds zone models for tests, without a file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/zones/model/zone.h"

namespace meridian::test {

inline dns::Name name(std::string_view text) {
    return dns::Name::parse_absolute(text).value();
}

/// Makes a zone from calls that read like its file.
class ModelZone {
public:
    explicit ModelZone(std::string_view apex) {
        zone_.file = std::string(apex) + ".toml";
        zone_.apex = name(apex);
        zone_.nameservers = {dns::Name::parse("ns1", zone_.apex).value()};
        zone_.soa.primary = zone_.nameservers[0];
        zone_.soa.mailbox = dns::Name::parse("hostmaster", zone_.apex).value();
        zone_.soa.serial = 1;
        record("ns1", dns::Type::A, "192.0.2.53");
    }

    ModelZone& region(std::string region_name, double latitude, double longitude,
                      const std::vector<std::string>& addresses) {
        zones::Region region;
        region.name = std::move(region_name);
        region.file = zone_.file;
        region.at = {latitude, longitude};
        for (const std::string& text : addresses) {
            region.addresses.push_back(IpAddress::parse(text).value());
        }
        zone_.regions.push_back(std::move(region));
        return *this;
    }

    /// A window of a region that is there.
    ModelZone& maintenance(std::string_view region_name, zones::Window window) {
        std::ranges::find(zone_.regions, region_name, &zones::Region::name)
            ->maintenance.push_back(std::move(window));
        return *this;
    }

    /// A policy over all regions so far; returned for changes.
    zones::Policy& policy(std::string policy_name) {
        zones::Policy policy;
        policy.name = std::move(policy_name);
        policy.missing_family = zones::MissingFamily::Next;
        for (std::size_t i = 0; i < zone_.regions.size(); ++i) {
            policy.regions.push_back(i);
            policy.default_order.push_back(i);
        }
        zone_.policies.push_back(std::move(policy));
        return zone_.policies.back();
    }

    ModelZone& record(std::string_view owner_name, dns::Type type, std::string_view text,
                      std::uint32_t ttl_seconds = 3600) {
        zones::Owner& holder = owner(owner_name);
        for (zones::OwnedSet& set : holder.sets) {
            if (set.records.type != type) { continue; }
            set.records.records.push_back(dns::parse_rdata(type, text, zone_.apex).value());
            return *this;
        }
        zones::OwnedSet set;
        set.records = {type, ttl_seconds, {dns::parse_rdata(type, text, zone_.apex).value()}};
        holder.sets.push_back(std::move(set));
        return *this;
    }

    /// Steers by a policy itself.
    ModelZone& steer(std::string_view owner_name, std::size_t policy_index,
                     std::uint32_t ttl_seconds = 60) {
        for (std::size_t i = 0; i < zone_.services.size(); ++i) {
            const zones::Service& known = zone_.services[i];
            if (known.name.empty() && known.policy == policy_index) {
                return steer_by(owner_name, i, ttl_seconds);
            }
        }
        zone_.services.push_back({.name = {}, .policy = policy_index});
        return steer_by(owner_name, zone_.services.size() - 1, ttl_seconds);
    }

    /// Steers by a service with addresses of its own, by the names of its regions.
    ModelZone& steer_by(std::string_view owner_name, std::string service_name,
                        std::size_t policy_index,
                        const std::map<std::string, std::vector<std::string>>& addresses,
                        std::uint32_t ttl_seconds = 60) {
        zones::Service service{.name = std::move(service_name), .policy = policy_index};
        for (const zones::Region& region : zone_.regions) {
            auto& there = service.addresses.emplace_back();
            const auto texts = addresses.find(region.name);
            if (texts == addresses.end()) { continue; }
            for (const std::string& text : texts->second) {
                there.push_back(IpAddress::parse(text).value());
            }
        }
        zone_.services.push_back(std::move(service));
        return steer_by(owner_name, zone_.services.size() - 1, ttl_seconds);
    }

    /// How the addresses of the last service are checked.
    ModelZone& health(const zones::Health& health) {
        zone_.services.back().health = std::make_shared<const zones::Health>(health);
        return *this;
    }

    /// A name whose records have no convenient text. Expects one that is not there yet.
    ModelZone& add(zones::Owner owner) {
        zone_.owners.push_back(std::move(owner));
        return *this;
    }

    [[nodiscard]] std::vector<zones::Region>& regions() { return zone_.regions; }
    /// That of the last `steer` or `steer_by`, for changes.
    [[nodiscard]] zones::Service& last_service() { return zone_.services.back(); }
    [[nodiscard]] std::vector<zones::Policy>& policies() { return zone_.policies; }
    [[nodiscard]] const zones::Zone& zone() const { return zone_; }
    [[nodiscard]] std::shared_ptr<const zones::Zone> shared() const {
        return std::make_shared<zones::Zone>(zone_);
    }

private:
    ModelZone& steer_by(std::string_view owner_name, std::size_t service,
                        std::uint32_t ttl_seconds) {
        zones::Owner& holder = owner(owner_name);
        holder.steer = service;
        holder.steer_ttl_seconds = ttl_seconds;
        return *this;
    }
    zones::Owner& owner(std::string_view owner_name) {
        const dns::Name wanted = dns::Name::parse(owner_name, zone_.apex).value();
        for (zones::Owner& known : zone_.owners) {
            if (known.name == wanted) { return known; }
        }
        zone_.owners.emplace_back().name = wanted;
        return zone_.owners.back();
    }

    zones::Zone zone_;
};

}  // namespace meridian::test
