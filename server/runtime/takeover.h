// Counts who would take over the clients of what an override hits.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/snapshot.h"
#include "server/health/override_preview.h"

namespace meridian::server {

/// Fills in the shares of a preview that was made for the snapshot, or for one that steers alike;
/// else there are none. Takes some 0.1 s a service.
void count_shares(const zones::Snapshot& snapshot, OverridePreview& preview);

}  // namespace meridian::server
