// Decides whether a socket that was just emptied is looked at once more before the worker parks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

namespace meridian::dns {

/// While queries come steadily, the next ones have arrived by the time that a batch is answered: to
/// ask the socket for them at once spares the call to `poll` between two batches, a third of all.
/// When they have not, the look itself was one call too many. So a look that finds nothing makes
/// the next ones rarer, down to one batch in thirty-two, and one that finds something makes them
/// the rule again. For one socket, on its worker's thread.
class SecondLook {
public:
    /// Of fewer datagrams than this a batch says that little is going on: one client asks, and asks
    /// again once it has its answer.
    static constexpr std::size_t kFewDatagrams = 4;

    /// Whether to look again after a batch of so many datagrams. If so, `tell` what came of it.
    [[nodiscard]] bool is_due(std::size_t datagram_count) {
        if (datagram_count < kFewDatagrams) { return false; }
        if (skipped_ < skips_) {
            ++skipped_;
            return false;
        }
        skipped_ = 0;
        return true;
    }

    void tell(bool found_something) {
        skips_ = found_something ? 0 : std::min(2 * skips_ + 1, kMostSkips);
    }

private:
    static constexpr unsigned kMostSkips = 31;

    unsigned skips_ = 0;  ///< Batches between two looks.
    unsigned skipped_ = 0;
};

}  // namespace meridian::dns
