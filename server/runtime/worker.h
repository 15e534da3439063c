// Runs a UDP server on a thread of its own, or TCP on another, answering from the snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "meridian/dns/tcp_server.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/dns/udp_server.h"
#include "meridian/result.h"
#include "meridian/zones/answer.h"
#include "server/runtime/publisher.h"
#include "server/runtime/query_counters.h"

namespace meridian::server {

/// Answers batches from whatever snapshot is current when they begin. For one thread.
class SnapshotHandler final : public dns::Handler {
public:
    /// `index` is the number of the worker.
    SnapshotHandler(Publisher& publisher, std::size_t index);
    void answer(std::span<dns::Request> batch) override;
    /// Any thread.
    [[nodiscard]] QueryCounts counts() const { return counters_.read(); }

private:
    Publisher::Reader reader_;
    std::size_t index_;
    zones::AnswerState state_;
    QueryCounters counters_;
};

/// One UDP worker: its sockets, its handler, its thread.
class Worker {
public:
    /// `index` is the number of the worker. It also seeds the rotation of addresses.
    Worker(dns::UdpServer server, Publisher& publisher, std::size_t index);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker();  ///< Stops.

    void start();
    /// Answers what has arrived, then ends the thread.
    void stop();
    [[nodiscard]] const dns::UdpServer& server() const { return server_; }
    [[nodiscard]] QueryCounts counts() const { return handler_.counts(); }  ///< Any thread.

private:
    dns::UdpServer server_;
    SnapshotHandler handler_;
    std::thread thread_;
};

/// The TCP side: one Asio context on one thread.
class StreamWorker {
public:
    /// Binds. The error names the endpoint.
    static Result<std::unique_ptr<StreamWorker>, std::string> open(
        std::span<const Endpoint> endpoints, Publisher& publisher, std::size_t index);
    StreamWorker(const StreamWorker&) = delete;
    StreamWorker& operator=(const StreamWorker&) = delete;
    ~StreamWorker();  ///< Stops.

    void start();
    /// Lets connections finish what they asked, for `patience` at most, then ends the thread.
    void stop(std::chrono::milliseconds patience);
    [[nodiscard]] std::vector<Endpoint> endpoints() const;
    [[nodiscard]] QueryCounts counts() const;            ///< Any thread.
    [[nodiscard]] dns::TcpCounters connections() const;  ///< Any thread.

private:
    struct State;
    explicit StreamWorker(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
