// Stores one version of a zone: its model while it is loaded, then what was compiled from it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <memory>

#include "meridian/dns/name.h"
#include "meridian/zones/compiled_zone.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {

/// Copies share the version. For one thread.
class LoadedZone {
public:
    explicit LoadedZone(zones::Zone zone);

    [[nodiscard]] const dns::Name& apex() const { return version_->apex; }
    [[nodiscard]] std::uint32_t serial() const { return version_->serial; }
    [[nodiscard]] bool is_signed() const { return version_->is_signed; }

    /// Null once it is forgotten, since it takes more memory than the compiled zone.
    [[nodiscard]] const std::shared_ptr<const zones::Zone>& model() const {
        return version_->model;
    }
    /// False if that was done before.
    bool forget_model() const;
    /// Stores the model anew. Expects the same version of the zone.
    void set_model(zones::Zone zone) const;

    /// As it is served; null before it is served for the first time.
    [[nodiscard]] const std::shared_ptr<const zones::CompiledZone>& compiled() const {
        return version_->compiled;
    }
    void set_compiled(std::shared_ptr<const zones::CompiledZone> compiled) const;

    /// Compares identities, not contents.
    friend auto operator<=>(const LoadedZone&, const LoadedZone&) = default;

private:
    struct Version {
        dns::Name apex;
        std::uint32_t serial = 0;
        bool is_signed = false;
        std::shared_ptr<const zones::Zone> model;
        std::shared_ptr<const zones::CompiledZone> compiled;
    };
    std::shared_ptr<Version> version_;
};

}  // namespace meridian::server
