// Answers operators and probes of this machine over a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "meridian/limits.h"
#include "meridian/result.h"
#include "server/runtime/explanation.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// What the server can be asked. Called on the control server's thread.
struct ControlHandlers {
    std::function<ServerStatus()> status;
    std::function<Explanation(const Question&)> why;
    /// Calls `done` once, on any thread, or never when the server ends first.
    std::function<void(bool force, std::function<void(const ReloadOutcome&)> done)> reload;
    /// The socket is gone from its path, and the directory perhaps with it. Calls `done` once, on
    /// any thread, with whether the directory is there and this server's again; or never when the
    /// server ends first. May be left empty.
    std::function<void(std::function<void(bool is_ours)> done)> mend_directory;
};

struct ControlOptions {
    std::string configuration = {};  ///< Absolute path of our meridian.toml; empty: there is none.
    std::size_t max_connections = kMaxControlConnections;
    std::size_t max_line_octets = kMaxControlLineOctets;
    std::chrono::milliseconds look_every{5'000};  ///< Whether the socket is still at its path.
    std::chrono::milliseconds patience{10'000};   ///< With clients that send or take nothing.
};

/// One JSON object a line, and one line back:
///
/// ```
/// {"command":"status"}                 status_json
/// {"command":"reload","force":false}   reload_json, once the reload is done
/// {"command":"why","name":"www.beigel.example","client":"46.114.0.0/24"}
///                                      explanation_json; "type" and "resolver" as well
/// anything else                        {"error":"..."}
/// ```
///
/// A request may say which server it means, by `"configuration"` (control_request.h): two servers
/// may share a state directory, and only the first to start has the socket in it.
///
/// It has a thread of its own, so that it answers while a reload compiles. Whoever may open the
/// socket is trusted, and still cannot use up the process: of too many connections the one that has
/// been silent for longest gives way. A socket that somebody removes, alone or with its directory,
/// is made anew.
class ControlServer {
public:
    /// Listens at `path`, for its owner alone (mode 0600). A socket that a dead server left there
    /// is replaced: the caller holds the directory, so no other server lives. The error is in
    /// words.
    static Result<std::unique_ptr<ControlServer>, std::string> open(
        const std::string& path, ControlHandlers handlers, const ControlOptions& options = {});
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();  ///< Stops.

    void start();
    /// Closes all connections, ends the thread and removes the socket.
    void stop();

private:
    struct State;
    explicit ControlServer(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
