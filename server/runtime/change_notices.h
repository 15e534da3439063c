// Runs the operator's command for each change of a region.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "server/health/health_status.h"
#include "server/helper/command_runner.h"
#include "server/runtime/log.h"
#include "server/runtime/status_board.h"

namespace meridian::server {

/// The names of the zones that a file defines or is a part of, with a space between two.
using ZonesOfFile = std::function<std::string(const std::string& file)>;
/// The same from what is served; for one thread, and made anew only after a load.
ZonesOfFile zones_of_file(const StatusBoard& board);

/// One after the other, so that they come in the order of the changes. At most kMaxWaitingChanges
/// wait; what does not fit is counted. It delays nothing else.
class ChangeNotices {
public:
    /// That of `on_change`; a pager that takes longer holds up those behind it.
    static constexpr std::chrono::seconds kTimeout{10};

    /// `number` is that of the command in the helper. All of it outlives the runner's work.
    ChangeNotices(std::shared_ptr<CommandRunner> runner, std::uint16_t number, ZonesOfFile zones_of,
                  Log& log)
        : runner_(std::move(runner)), number_(number), zones_of_(std::move(zones_of)), log_(log) {}

    /// On the runner's thread, or while it does not run.
    void note(const RegionTurn& turn);
    /// What operators have to mend; empty: nothing. Any thread.
    [[nodiscard]] std::string problem() const;

private:
    void run_next();
    void take(const CommandOutcome& outcome);

    const std::shared_ptr<CommandRunner> runner_;
    const std::uint16_t number_;
    const ZonesOfFile zones_of_;
    Log& log_;
    std::deque<CommandValues> waiting_;
    bool is_running_ = false;
    mutable std::mutex mutex_;
    std::size_t lost_ = 0;    // since none waited; under the mutex
    std::size_t untold_ = 0;  // since the process that runs commands has ended; likewise
};

}  // namespace meridian::server
