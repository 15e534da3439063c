// Holds what workers read: a snapshot, and what is up of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "meridian/zones/live_table.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// A snapshot and the live table of its services. Immutable; any thread.
class Serving {
public:
    /// With all regions up.
    explicit Serving(std::shared_ptr<const Snapshot> snapshot);
    /// Expects a table that belongs to the snapshot.
    Serving(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const LiveTable> live);

    [[nodiscard]] const std::shared_ptr<const Snapshot>& snapshot() const { return snapshot_; }
    [[nodiscard]] const std::shared_ptr<const LiveTable>& live() const { return live_; }

private:
    std::shared_ptr<const Snapshot> snapshot_;
    std::shared_ptr<const LiveTable> live_;
};

}  // namespace meridian::zones
