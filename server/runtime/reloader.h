// Reloads zones, database and settings on the control thread and publishes the snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "server/health/overrides.h"
#include "server/runtime/change_watch.h"
#include "server/runtime/log.h"
#include "server/runtime/publisher.h"
#include "server/runtime/reload_requests.h"
#include "server/runtime/settings.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// What a reloader works with; all of it outlives the reloader.
struct ReloaderParts {
    ServedData& data;
    Publisher& publisher;
    StatusKeeper& keeper;
    Log& log;
    const Clock& clock;
    LiveMaker make_live = all_up;
    /// Another version of the file of overrides is to hold. May be empty.
    std::function<void(std::vector<Override>)> use_overrides = {};
    /// What came of a reload, on the control thread; `cause` is "change" or "request", `author` who
    /// asked for it, where that is known. May be empty.
    std::function<void(const ReloadOutcome&, const std::string& cause, const std::string& author)>
        note_outcome = {};
};

/// The control thread: an Asio context of its own, so that a long reload never delays a worker. It
/// works in the background (background.h), so that answers come before changes. From `start` to the
/// end of `stop` only this thread uses the data and the publisher.
class Reloader {
public:
    using Done = ReloadRequests::Done;

    /// `settings` as they were at the start.
    Reloader(const ReloaderParts& parts, Settings settings, const WatchOptions& watch = {});
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;
    ~Reloader();  ///< Stops.

    /// Has the file of overrides hold before the first answer. Before `start`.
    void take_overrides();
    void start();
    /// Any thread. Requests that come while a reload waits to begin are answered by it. `force`
    /// lets through what guards hold back.
    void request(bool force = false);
    /// Likewise, for `author`; `done` is called once, after a reload that began later than this
    /// request, with its `force`. It is not called when the reloader stops first.
    void request(bool force, const std::string& author, Done done);
    /// Holds the state directory, if it was removed or could not be held before, and saves what is
    /// served for the next start. `done` is called once on the control thread, with the directory
    /// and the reason why it is not held, if any. It is not called when the reloader stops first.
    /// Any thread.
    void hold_state(
        std::function<void(const StateDirectory& state, const std::string& problem)> done);
    /// Calls `use` once on the control thread, not during a reload. It is not called when the
    /// reloader stops first. Any thread.
    void use_state(std::function<void(const StateDirectory& state)> use);
    /// Waits for a reload that has begun.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
