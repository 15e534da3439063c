// Holds what workers read: a snapshot, and what is up of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/serving.h"

#include <utility>

#include "meridian/assert.h"

namespace meridian::zones {

Serving::Serving(std::shared_ptr<const Snapshot> snapshot)
    : snapshot_(std::move(snapshot)), live_(std::make_shared<const LiveTable>(*snapshot_)) {}

Serving::Serving(std::shared_ptr<const Snapshot> snapshot, std::shared_ptr<const LiveTable> live)
    : snapshot_(std::move(snapshot)), live_(std::move(live)) {
    MERIDIAN_ASSERT(live_->belongs_to(*snapshot_));
}

}  // namespace meridian::zones
