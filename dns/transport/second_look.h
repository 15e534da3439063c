// Decides whether a socket that was just emptied is read once more before the worker parks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace meridian::dns {

/// Under steady load the next queries have arrived by the time that a batch is answered: reading
/// the socket again at once saves the call to `poll` between two batches, a third of all calls. If
/// none have arrived, that read was one call too many. So a read that finds nothing makes the next
/// ones rarer, down to one batch in thirty-two, and a read that finds queries makes them the rule
/// again. For one socket, on its worker's thread.
class SecondLook {
public:
    /// A batch of fewer datagrams is a sign of little load: one client asks, and asks again after
    /// its answer.
    static constexpr std::size_t kFewDatagrams = 4;

    /// Whether to read again after a batch of so many datagrams. If so, `report` the result.
    [[nodiscard]] bool is_due(std::size_t datagram_count) {
        if (datagram_count < kFewDatagrams) { return false; }
        if (skipped_ < skips_) {
            ++skipped_;
            return false;
        }
        skipped_ = 0;
        return true;
    }

    void report(bool found_something) {
        skips_ = found_something ? 0 : std::min(2 * skips_ + 1, kMostSkips);
    }

private:
    static constexpr unsigned kMostSkips = 31;

    unsigned skips_ = 0;  ///< Batches between two such reads.
    unsigned skipped_ = 0;
};

}  // namespace meridian::dns
