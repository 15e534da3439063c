// Connects the monitor of health with what is served, the log, the journal and the state directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "server/health/health_monitor.h"
#include "server/journal/journal.h"
#include "server/probing/prober.h"
#include "server/runtime/change_notices.h"
#include "server/runtime/log.h"
#include "server/runtime/publisher.h"
#include "server/runtime/settings.h"
#include "server/runtime/status_board.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// All of it outlives the monitor.
struct OutletParts {
    Publisher& publisher;
    StatusBoard& board;
    Log& log;
    Journal& journal;
    /// As Reloader::use_state.
    std::function<void(std::function<void(const StateDirectory& state)>)> use_state;
    /// As MonitorOutlets has it.
    std::function<void(std::vector<StateFilePath> files)> watch_files = {};
    /// Null: no command is run for changes.
    ChangeNotices* notices = nullptr;
};

MonitorOutlets health_outlets(const OutletParts& parts);

/// For the process as it is. Where OpenSSL does not start, the log says what that means.
ProberOptions prober_options(const CheckSettings& settings, Log& log);

}  // namespace meridian::server
