// Keeps a zone between two loads: what is asked for often as it is, its names packed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <memory>

#include "meridian/zones/packed_owners.h"
#include "meridian/zones/zone.h"

namespace meridian::server {

/// One version of a zone. Copies are the same zone, packed together. For one thread.
class ServedZone {
public:
    explicit ServedZone(zones::Zone zone);

    /// All of the zone but its owners, which are there only until it is packed.
    const zones::Zone& operator*() const { return *content_->zone; }
    const zones::Zone* operator->() const { return content_->zone.get(); }
    /// With its owners; made anew each time once it is packed.
    [[nodiscard]] std::shared_ptr<const zones::Zone> whole() const;

    /// Lets go of the model of the names. False when that was done before.
    bool pack();

    /// Whether they are one and the same, not whether they say the same.
    friend auto operator<=>(const ServedZone&, const ServedZone&) = default;

private:
    struct Content {
        std::shared_ptr<const zones::Zone> zone;
        std::unique_ptr<const zones::PackedOwners> owners;  // null: they are in the zone
    };
    std::shared_ptr<Content> content_;
};

}  // namespace meridian::server
