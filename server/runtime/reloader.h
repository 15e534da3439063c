// Reloads zones, database and settings on the control thread and publishes what came of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "meridian/clock.h"
#include "server/runtime/change_watch.h"
#include "server/runtime/log.h"
#include "server/runtime/publisher.h"
#include "server/runtime/server_status.h"
#include "server/runtime/settings.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// Tells everything that a load came to: a line for each diagnostic, none for what went well.
void log_findings(const LoadReport& report, Log& log);

/// Keeps state for the next start, and tells where that fails. For a server that stops: all of it.
void keep_state(ServedData& data, Log& log);

/// The same for what was compiled.
void keep_copies(ServedData& data, Log& log);

/// What a reloader works with; all of it outlives the reloader.
struct ReloaderParts {
    ServedData& data;
    Publisher& publisher;
    StatusKeeper& keeper;
    Log& log;
    const Clock& clock;
};

/// The control thread: an Asio context of its own, so that whatever takes long there never holds up
/// a worker. What it does waits for them (background.h): who asks comes before what changes.
/// From `start` to the end of `stop` the data and the publisher are its own.
class Reloader {
public:
    /// Is told what a reload came to, on the control thread.
    using Done = std::function<void(const ReloadOutcome&)>;

    /// `settings` as they were at the start.
    Reloader(const ReloaderParts& parts, Settings settings, const WatchOptions& watch = {});
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;
    ~Reloader();  ///< Stops.

    void start();
    /// Any thread. Requests that come while one waits to begin are one with it. `force` lets
    /// through what guards hold back.
    void request(bool force = false);
    /// Likewise; `done` is called once, after a reload that began later than this request, with its
    /// `force`. It is not called when the reloader stops first.
    void request(bool force, Done done);
    /// Keeps what is served for the next start, where the state directory has lost it. `done` is
    /// called once, with whether there is such a directory now and this server holds it, or never
    /// when the reloader stops first. Any thread.
    void keep(std::function<void(bool is_held)> done);
    /// Waits for a reload that has begun.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
