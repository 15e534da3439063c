// Runs a UDP server on a thread of its own, or TCP on another, answering from the snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/worker.h"

#include <pthread.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

namespace meridian::server {

namespace {

/// For top and gdb. Signals are blocked already: the main thread takes them all.
void name_thread(const char* name) {
    pthread_setname_np(pthread_self(), name);
}

}  // namespace

SnapshotHandler::SnapshotHandler(Publisher& publisher, std::size_t index)
    : reader_(publisher.add_reader()), index_(index) {
    state_.rotation += index;
}

void SnapshotHandler::answer(std::span<dns::Request> batch) {
    const auto served = reader_.read();
    const zones::BatchContext context{.now = static_cast<std::uint32_t>(std::time(nullptr))};
    zones::answer(served->serving, context, batch, state_);
    served->counts->count(index_, batch);
    counters_.count(batch);
}

Worker::Worker(dns::UdpServer server, Publisher& publisher, std::size_t index)
    : server_(std::move(server)), handler_(publisher, index) {}

Worker::~Worker() {
    stop();
}

void Worker::start() {
    thread_ = std::thread([this] {
        name_thread("meridian-udp");
        server_.run(handler_);
    });
}

void Worker::stop() {
    if (!thread_.joinable()) { return; }
    server_.stop();
    thread_.join();
}

struct StreamWorker::State {
    State(Publisher& publisher, std::size_t index) : handler(publisher, index) {}

    /// Looks every few milliseconds, since the server does not report that it is done.
    void end_when_drained(std::chrono::steady_clock::time_point deadline) {
        if (server->counters().open == 0 || std::chrono::steady_clock::now() >= deadline) {
            context.stop();
            return;
        }
        drain_timer.expires_after(std::chrono::milliseconds(5));
        drain_timer.async_wait([this, deadline](boost::system::error_code error) {
            if (!error) { end_when_drained(deadline); }
        });
    }

    boost::asio::io_context context{1};
    boost::asio::steady_timer drain_timer{context};
    SnapshotHandler handler;
    std::optional<dns::TcpServer> server;
    std::thread thread;
};

StreamWorker::StreamWorker(std::unique_ptr<State> state) : state_(std::move(state)) {}

StreamWorker::~StreamWorker() {
    stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<StreamWorker>, std::string> StreamWorker::open(
    std::span<const Endpoint> endpoints, Publisher& publisher, std::size_t index) {
    auto state = std::make_unique<State>(publisher, index);
    auto server = dns::TcpServer::open(state->context, endpoints, {}, state->handler);
    if (!server) { return Failure{server.error()}; }
    state->server.emplace(std::move(server).value());
    return std::unique_ptr<StreamWorker>(new StreamWorker(std::move(state)));
}

void StreamWorker::start() {
    state_->thread = std::thread([this] {
        name_thread("meridian-tcp");
        state_->context.run();
    });
}

void StreamWorker::stop(std::chrono::milliseconds patience) {
    if (!state_->thread.joinable()) { return; }
    boost::asio::post(state_->context,
                      [this, deadline = std::chrono::steady_clock::now() + patience] {
                          state_->server->drain();
                          state_->end_when_drained(deadline);
                      });
    state_->thread.join();
}

std::vector<Endpoint> StreamWorker::endpoints() const {
    return state_->server->endpoints();
}

QueryCounts StreamWorker::counts() const {
    return state_->handler.counts();
}

dns::TcpCounters StreamWorker::connections() const {
    return state_->server->counters();
}

}  // namespace meridian::server
