// Reloads zones and database on the control thread and publishes what came of it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "meridian/clock.h"
#include "server/runtime/log.h"
#include "server/runtime/publisher.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// Tells everything that a load came to: a line for each diagnostic, none for what went well.
void log_findings(const LoadReport& report, Log& log);

/// Keeps state for the next start, and tells where that fails.
void keep_state(ServedData& data, Log& log);

/// The control thread: an Asio context of its own, so that whatever takes long there never holds up
/// a worker. From `start` to the end of `stop` the data and the publisher are its own.
class Reloader {
public:
    Reloader(ServedData& data, Publisher& publisher, Log& log, const Clock& clock);
    Reloader(const Reloader&) = delete;
    Reloader& operator=(const Reloader&) = delete;
    ~Reloader();  ///< Stops.

    void start();
    /// Any thread. Requests that come while one waits to begin are one with it.
    void request();
    /// Waits for a reload that has begun.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
