// Serves UDP on one thread with sockets of its own.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/udp_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "dns/transport/counter.h"
#include "dns/transport/second_look.h"
#include "dns/transport/udp_batch.h"
#include "dns/transport/udp_socket.h"
#include "meridian/assert.h"
#include "meridian/file_descriptor.h"

namespace meridian::dns {

namespace {

// One busy socket may delay the others for this many batches, about a millisecond.
constexpr std::size_t kBatchesPerTurn = 8;
// A stop still answers so many batches per socket: more than the largest receive buffer holds.
constexpr std::size_t kBatchesWhenStopping = 4096;

}  // namespace

struct UdpServer::State {
    struct Listener {
        explicit Listener(UdpSocket opened)
            : socket(std::move(opened)),
              batch(std::make_unique<UdpBatch>(socket.local, socket.wildcard)) {}
        UdpSocket socket;
        std::unique_ptr<UdpBatch> batch;
        SecondLook second_look;
    };
    std::vector<Listener> listeners;
    FileDescriptor stop_event;

    // In a cache line of their own: other threads read them, which would slow a neighbour that this
    // thread reads for every batch.
    alignas(64) Counter received;
    Counter sent;
    Counter dropped;
    Counter system_calls;

    std::size_t serve_batch(Listener& listener, Handler& handler);
    void serve(Listener& listener, std::size_t max_batches, Handler& handler);
};

/// Returns how many datagrams came.
std::size_t UdpServer::State::serve_batch(Listener& listener, Handler& handler) {
    const int descriptor = listener.socket.descriptor.get();
    UdpBatch& batch = *listener.batch;
    const std::uint64_t calls_before = batch.system_calls();
    const std::size_t received_count = batch.receive(descriptor, MSG_DONTWAIT);
    if (received_count == 0) {
        system_calls.add(1);
        return 0;
    }
    if (!batch.requests().empty()) { handler.answer(batch.requests()); }
    const std::size_t sent_count = batch.send(descriptor);
    received.add(received_count);
    sent.add(sent_count);
    if (sent_count != received_count) { dropped.add(received_count - sent_count); }
    system_calls.add(batch.system_calls() - calls_before);
    return received_count;
}

void UdpServer::State::serve(Listener& listener, std::size_t max_batches, Handler& handler) {
    bool is_second_look = false;
    for (std::size_t i = 0; i < max_batches; ++i) {
        const std::size_t count = serve_batch(listener, handler);
        if (is_second_look) { listener.second_look.report(count > 0); }
        // After a full batch the socket may hold more; any shorter one emptied it.
        is_second_look = count < kUdpBatch;
        if (is_second_look && !listener.second_look.is_due(count)) { return; }
    }
}

Result<Unit, std::string> UdpServer::expect_free(std::span<const Endpoint> endpoints) {
    const auto taken = std::ranges::find_if(endpoints, is_udp_port_taken);
    if (taken == endpoints.end()) { return Unit{}; }
    return Failure{"UDP " + taken->to_string() +
                   ": another program has this port, and would get a part of the queries; "
                   "`ss -lunp` names it"};
}

Result<UdpServer, std::string> UdpServer::open(std::span<const Endpoint> endpoints,
                                               const UdpOptions& options) {
    auto state = std::make_unique<State>();
    state->stop_event = FileDescriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!state->stop_event.valid()) {
        return Failure{std::string("UDP: no eventfd: ") + std::strerror(errno)};
    }
    for (const Endpoint& endpoint : endpoints) {
        auto socket = open_udp_socket(endpoint, options);
        if (!socket) { return Failure{std::move(socket).error()}; }
        state->listeners.emplace_back(std::move(socket).value());
    }
    return UdpServer(std::move(state));
}

UdpServer::UdpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}
UdpServer::UdpServer(UdpServer&&) noexcept = default;
UdpServer& UdpServer::operator=(UdpServer&&) noexcept = default;
UdpServer::~UdpServer() = default;

std::vector<Endpoint> UdpServer::endpoints() const {
    std::vector<Endpoint> result;
    for (const State::Listener& listener : state_->listeners) {
        result.push_back(listener.socket.local);
    }
    return result;
}

std::size_t UdpServer::granted_receive_buffer_octets() const {
    std::size_t smallest = std::numeric_limits<std::size_t>::max();
    for (const State::Listener& listener : state_->listeners) {
        smallest = std::min(smallest, listener.socket.granted_receive_buffer_octets);
    }
    return state_->listeners.empty() ? 0 : smallest;
}

void UdpServer::run(Handler& handler) {
    std::vector<pollfd> waiting;
    for (const State::Listener& listener : state_->listeners) {
        waiting.push_back({listener.socket.descriptor.get(), POLLIN, 0});
    }
    waiting.push_back({state_->stop_event.get(), POLLIN, 0});

    bool stopping = false;
    while (!stopping) {
        state_->system_calls.add(1);
        if (poll(waiting.data(), waiting.size(), -1) < 0) {
            MERIDIAN_ASSERT(errno == EINTR || errno == ENOMEM);
            continue;
        }
        stopping = waiting.back().revents != 0;
        for (std::size_t i = 0; i < state_->listeners.size(); ++i) {
            if (waiting[i].revents == 0) { continue; }
            state_->serve(state_->listeners[i], stopping ? kBatchesWhenStopping : kBatchesPerTurn,
                          handler);
        }
    }
}

void UdpServer::stop() {
    const int saved_errno = errno;  // a signal handler must not change it
    const std::uint64_t one = 1;
    // It fails only when the counter is full, and then `stop` was called long ago.
    [[maybe_unused]] const ssize_t written = write(state_->stop_event.get(), &one, sizeof one);
    errno = saved_errno;
}

UdpCounters UdpServer::counters() const {
    return {state_->received.get(), state_->sent.get(), state_->dropped.get(),
            state_->system_calls.get()};
}

}  // namespace meridian::dns
