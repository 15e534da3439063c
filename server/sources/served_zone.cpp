// Keeps a zone between two loads: what is asked for often as it is, its names packed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/served_zone.h"

#include <utility>

namespace meridian::server {

namespace {

/// All but its owners, which may be many.
zones::Zone without_owners(const zones::Zone& zone) {
    return {.file = zone.file,
            .other_files = zone.other_files,
            .apex = zone.apex,
            .apex_position = zone.apex_position,
            .nameservers = zone.nameservers,
            .nameservers_ttl_seconds = zone.nameservers_ttl_seconds,
            .nameservers_position = zone.nameservers_position,
            .nameserver_positions = zone.nameserver_positions,
            .signed_at = zone.signed_at,
            .soa = zone.soa,
            .ttls = zone.ttls,
            .regions = zone.regions,
            .policies = zone.policies,
            .owners = {}};
}

}  // namespace

ServedZone::ServedZone(zones::Zone zone)
    : content_(std::make_shared<Content>(
          Content{std::make_shared<const zones::Zone>(std::move(zone)), nullptr})) {}

std::shared_ptr<const zones::Zone> ServedZone::whole() const {
    if (content_->owners == nullptr) { return content_->zone; }
    zones::Zone zone = *content_->zone;
    zone.owners = content_->owners->unpack(zone.apex);
    return std::make_shared<const zones::Zone>(std::move(zone));
}

bool ServedZone::pack() {
    if (content_->owners != nullptr) { return false; }
    const zones::Zone& zone = *content_->zone;
    content_->owners = std::make_unique<const zones::PackedOwners>(zone.owners, zone.apex);
    content_->zone = std::make_shared<const zones::Zone>(without_owners(zone));
    return true;
}

}  // namespace meridian::server
