// Finds out from the journal what was up, and set by hand, at a time in the past.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/live_table.h"
#include "meridian/zones/snapshot.h"
#include "server/health/overrides.h"
#include "server/journal/journal_reading.h"

namespace meridian::server {

struct Past {
    std::shared_ptr<const zones::LiveTable> live;  ///< Of the snapshot.
    std::vector<Override> overrides;               ///< That held then.
    /// Why this may not be what was: a sentence each.
    std::vector<std::string> doubts;
};

/// What was known at `time`, in unix seconds, for the regions of a snapshot of today. What the
/// journal does not have counts as up.
Past past_of(const zones::Snapshot& snapshot, const JournalReading& journal, std::int64_t time);

/// What windows of the snapshot's own files make of it at `time`, while all that is checked is up.
Past planned_for(const zones::Snapshot& snapshot, std::int64_t time);

/// How what was served then differs from today, as far as the journal shows: another serial of the
/// zone, another geo database, starts in between. A sentence each.
std::vector<std::string> differences_since(const JournalReading& journal, std::int64_t time,
                                           const std::string& zone);

}  // namespace meridian::server
