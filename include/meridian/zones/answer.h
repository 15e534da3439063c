// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "meridian/dns/handler.h"
#include "meridian/zones/snapshot.h"

namespace meridian::zones {

/// What one worker keeps between batches; never shared.
struct AnswerState {
    /// Chooses the first of several addresses; any start will do, each worker its own.
    std::uint64_t rotation = 0x9e3779b97f4a7c15;
};

/// Answers each request in its own buffer: reads all, finds all, writes all, so that one query's
/// cache misses hide behind the others'. No allocation, lock, log call, exception or clock read.
void answer(const Snapshot& snapshot, std::span<dns::Request> batch, AnswerState& state);

}  // namespace meridian::zones
