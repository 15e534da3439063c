// Answers operators and probes of this machine over a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "server/health/override_request.h"
#include "server/runtime/explanation.h"
#include "server/runtime/server_status.h"

namespace meridian::server {

/// Where the socket belongs: a directory that this server holds, and the socket's path.
struct ControlPlace {
    FileDescriptor directory = {};  ///< None if it is not held; `problem` says why.
    std::string path = {};
    std::string problem = {};
};

/// Answers to requests. Called on the control server's thread.
struct ControlHandlers {
    std::function<ServerStatus()> status;
    std::function<Explanation(const Question&)> why;
    /// Calls `done` once, on any thread, or never when the server ends first.
    std::function<void(const OverrideRequest&, std::function<void(OverrideOutcome)> done)> by_hand;
    /// Calls `done` once, on any thread, or never when the server ends first.
    std::function<void(bool force, const std::string& author,
                       std::function<void(const ReloadOutcome&)> done)>
        reload;
    /// Called while there is no socket of this server at its path, perhaps for want of its
    /// directory. Holds the directory, which it makes again if need be. Calls `done` once, on any
    /// thread, or never when the server ends first. May be empty.
    std::function<void(std::function<void(ControlPlace place)> done)> find_place;
    /// Logs a line about the socket itself. May be empty.
    std::function<void(const std::string& line)> warn;
};

struct ControlOptions {
    std::string configuration = {};  ///< Absolute path of our meridian.toml; empty: there is none.
    std::optional<std::uint32_t> group = {};  ///< May use the socket as well (mode 0660).
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
/// {"command":"drain","target":"frankfurt","seconds":7200,"reason":"new switches"}
/// {"command":"force","target":"frankfurt/api","state":"down","seconds":600}
/// {"command":"release","target":"frankfurt"}
///                                      override_outcome_json, once it is live and saved
/// anything else                        {"error":"..."}
/// ```
///
/// A request may say which server it means, by `"configuration"` (control_request.h): two servers
/// may share a state directory, and only the first to start has the socket in it.
///
/// It has a thread of its own, so that it answers while a reload compiles. A client
/// that may open the socket is trusted, and still cannot use up the process: where there are too
/// many connections, the one that has been silent for longest is closed. A socket that is removed,
/// alone or with its directory, is made anew. Where that fails, or failed at the start, it is tried
/// again every few seconds, and a line says why once for each reason.
class ControlServer {
public:
    /// Listens at `path`, for its owner alone (mode 0600) unless a group may use it. A socket that
    /// a dead server left there is replaced: the caller holds `directory`, so no other server
    /// lives. The socket is made in that one, wherever the path may lead by now. The error is in
    /// words.
    static Result<std::unique_ptr<ControlServer>, std::string> open(
        FileDescriptor directory, const std::string& path, ControlHandlers handlers,
        const ControlOptions& options = {});
    /// One that has no socket yet, because of `problem`, and makes it as one that was removed.
    static std::unique_ptr<ControlServer> without_socket(const std::string& problem,
                                                         ControlHandlers handlers,
                                                         const ControlOptions& options = {});
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;
    ~ControlServer();  ///< Stops.

    void start();
    /// Looks now whether the socket is at its path, as every few seconds. Any thread.
    void look();
    /// Closes all connections, ends the thread and removes the socket.
    void stop();

private:
    struct State;
    explicit ControlServer(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
