// Answers queries: the one function behind every transport.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "meridian/dns/query.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/limits.h"
#include "meridian/zones/serving.h"

namespace meridian::zones {

/// The state of one worker between batches; never shared. Some 15 KB.
struct AnswerState {
    /// Random state that chooses the first of several addresses. Starts with any number but 0,
    /// another one in each worker.
    std::uint64_t rotation = 0x9e3779b97f4a7c15;
    /// The queries of the current batch; overwritten by each batch.
    std::array<dns::Query, kUdpBatch> queries;
};

/// What holds for all queries of a batch.
struct BatchContext {
    std::uint32_t now = 0;  ///< Unix time in seconds; a coarse clock, read once a batch, will do.
};

/// Answers each request in its own buffer: reads all, finds all, writes all, so that the cache
/// misses of the queries overlap. No allocation, lock, log call, exception or clock read.
void answer(const Serving& serving, const BatchContext& context, std::span<dns::Request> batch,
            AnswerState& state);

}  // namespace meridian::zones
