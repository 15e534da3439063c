// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "meridian/dns/handler.h"
#include "meridian/dns/query.h"
#include "meridian/limits.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// What one worker keeps between batches; never shared. Some 15 KB.
struct AnswerState {
    /// Chooses the first of several addresses; any start but 0 will do, each worker its own.
    std::uint64_t rotation = 0x9e3779b97f4a7c15;
    /// Room for the batch in hand; filled anew for each query.
    std::array<dns::Query, kUdpBatch> queries;
};

/// Answers each request in its own buffer: reads all, finds all, writes all, so that one query's
/// cache misses hide behind the others'. No allocation, lock, log call, exception or clock read.
void answer(const Snapshot& snapshot, std::span<dns::Request> batch, AnswerState& state);

}  // namespace meridian::zones
