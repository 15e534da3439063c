// Stores one version of a zone: its model while it is loaded, then what was compiled from it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/loaded_zone.h"

#include <utility>

namespace meridian::server {

LoadedZone::LoadedZone(zones::Zone zone)
    : version_(std::make_shared<Version>(
          Version{zone.apex, zone.soa.serial, zone.signed_at.has_value(), {}, {}})) {
    set_model(std::move(zone));
}

bool LoadedZone::forget_model() const {
    const bool was_there = version_->model != nullptr;
    version_->model.reset();
    return was_there;
}

void LoadedZone::set_model(zones::Zone zone) const {
    zone.soa.serial = version_->serial;
    version_->model = std::make_shared<const zones::Zone>(std::move(zone));
}

void LoadedZone::set_compiled(std::shared_ptr<const zones::CompiledZone> compiled) const {
    version_->compiled = std::move(compiled);
}

}  // namespace meridian::server
