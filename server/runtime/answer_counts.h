// Counts answers by the region that was chosen, on each worker.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/transport/handler.h"
#include "meridian/zones/snapshot.h"

namespace meridian::server {

/// A region of a service, as answers are counted for it. All TTLs of a service count together.
struct CountedRegion {
    std::string service;  ///< The policy where names are steered by the policy itself.
    std::string region;
    std::string file;  ///< That defines the region.
    friend auto operator<=>(const CountedRegion&, const CountedRegion&) = default;
};

/// How many answers each region was chosen for, since the start.
using AnswersByRegion = std::map<CountedRegion, std::uint64_t>;

/// So many at most, those with most answers.
AnswersByRegion busiest(const AnswersByRegion& answers, std::size_t count);

class AnswerCounts;

/// Sums the counts of all snapshots since the start. Any thread.
class AnswerTotals {
public:
    [[nodiscard]] AnswersByRegion read() const;

private:
    friend class AnswerCounts;
    mutable std::mutex mutex_;
    AnswersByRegion ended_;  // of snapshots that no worker reads any more
    std::vector<const AnswerCounts*> running_;
};

/// Counts for the services of one snapshot: a cell for each region of each service and worker. A
/// cell is written by one worker alone, so an answer costs a plain addition. At the end the counts
/// go to the totals.
class AnswerCounts {
public:
    /// For the workers 0 to `worker_count` - 1.
    AnswerCounts(const zones::Snapshot& snapshot, std::size_t worker_count,
                 std::shared_ptr<AnswerTotals> totals);
    AnswerCounts(const AnswerCounts&) = delete;
    AnswerCounts& operator=(const AnswerCounts&) = delete;
    ~AnswerCounts();

    /// Counts a batch that was answered from that snapshot. For that worker.
    void count(std::size_t worker, std::span<const dns::Request> batch);
    /// Counts for the same workers and totals, from another snapshot on.
    [[nodiscard]] std::shared_ptr<AnswerCounts> counts_for(const zones::Snapshot& next) const {
        return std::make_shared<AnswerCounts>(next, workers_.size(), totals_);
    }

private:
    friend class AnswerTotals;
    void add_to(AnswersByRegion& sums) const;

    using Cell = std::atomic<std::uint64_t>;

    std::vector<CountedRegion> regions_;  // by cell of a live table
    std::vector<std::vector<Cell>> workers_;
    std::shared_ptr<AnswerTotals> totals_;
};

}  // namespace meridian::server
