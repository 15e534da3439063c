// Holds the parts of a running server, and opens those that operators speak to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "server/control/control_server.h"
#include "server/health/health_monitor.h"
#include "server/helper/command_runner.h"
#include "server/journal/journal.h"
#include "server/runtime/answer_counts.h"
#include "server/runtime/change_notices.h"
#include "server/runtime/listeners.h"
#include "server/runtime/log.h"
#include "server/runtime/privileges.h"
#include "server/runtime/publisher.h"
#include "server/runtime/reloader.h"
#include "server/runtime/server_clock.h"
#include "server/runtime/settings.h"
#include "server/runtime/state_file.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// The server's parts in the order in which they come to life; they end in the opposite one.
struct Server {
    Settings settings;
    ServerClock clock;
    std::chrono::steady_clock::time_point start = clock.steady();
    std::chrono::system_clock::time_point start_date = clock.wall();
    StatusBoard board;
    std::optional<std::uint32_t> control_group;
    std::unique_ptr<PortBinder> binder;  ///< Null where root was not given up.
    StateDirectory state;                ///< Until the data has it.
    std::unique_ptr<Log> log;
    std::unique_ptr<ServedData> data;
    std::unique_ptr<StatusKeeper> keeper;
    std::shared_ptr<AnswerTotals> answers = std::make_shared<AnswerTotals>();
    std::unique_ptr<Publisher> publisher;
    std::unique_ptr<Journal> journal;
    std::shared_ptr<CommandRunner> commands;  ///< Null where none is declared.
    std::unique_ptr<ChangeNotices> notices;   ///< Null where they are not asked for.
    std::unique_ptr<HealthMonitor> health;
    std::unique_ptr<StateFileWatch> state_files;  ///< May hang with its file system to the end.
    std::unique_ptr<Listeners> listeners;
    std::unique_ptr<Reloader> reloader;
    std::unique_ptr<ControlServer> control;
};

/// Opens the control socket. Where that fails the server answers queries all the same, and the log
/// has a warning: `status`, `reload` and `why --server` do not work until the socket can be made.
void open_control(Server& server);

}  // namespace meridian::server
