// Opens every socket that queries come in by, and runs a thread for each part of the work.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/listeners.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "server/runtime/listen_address.h"

namespace meridian::server {

namespace {

/// Whether the machine has the address: IPv6 is often switched off, in containers above all.
bool has_address(const IpAddress& address) {
    if (address.is_v4()) { return true; }
    const int probe = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) { return false; }
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    const auto octets = address.octets();
    std::memcpy(&name.sin6_addr, octets.data(), octets.size());
    const bool bound = bind(probe, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
    close(probe);
    return bound;
}

}  // namespace

Result<std::unique_ptr<Listeners>, std::string> Listeners::open(const ListenOptions& options,
                                                                Publisher& publisher) {
    std::unique_ptr<Listeners> listeners(new Listeners());
    for (const Endpoint& endpoint : options.endpoints) {
        const bool usable = !options.optional_families || has_address(endpoint.address);
        (usable ? listeners->endpoints_ : listeners->left_out_).push_back(endpoint);
    }
    for (const Endpoint& endpoint : listeners->endpoints_) {
        const auto fault = address_fault_here(endpoint.address);
        if (fault) {
            return Failure{"cannot listen on " + endpoint.to_string() + ", " + fault->what + "; " +
                           fault->way_out};
        }
    }
    // TCP goes first: with port 0 it takes a free port, and no other socket shares it.
    auto stream = StreamWorker::open(listeners->endpoints_, publisher, options.worker_count);
    if (!stream) { return Failure{stream.error()}; }
    listeners->stream_worker_ = std::move(stream).value();
    listeners->endpoints_ = listeners->stream_worker_->endpoints();

    const auto is_free = dns::UdpServer::expect_free(listeners->endpoints_);
    if (!is_free) { return Failure{is_free.error()}; }
    for (std::size_t index = 0; index < options.worker_count; ++index) {
        auto server = dns::UdpServer::open(
            listeners->endpoints_, {.receive_buffer_octets = options.receive_buffer_octets});
        if (!server) { return Failure{server.error()}; }
        listeners->workers_.push_back(
            std::make_unique<Worker>(std::move(server).value(), publisher, index));
    }
    return listeners;
}

void Listeners::start() {
    for (const auto& worker : workers_) {
        worker->start();
    }
    stream_worker_->start();
}

void Listeners::stop(std::chrono::milliseconds patience) {
    // One slow TCP client can use up all of `patience`, and UDP still answers meanwhile.
    stream_worker_->stop(patience);
    for (const auto& worker : workers_) {
        worker->stop();
    }
}

std::size_t Listeners::granted_receive_buffer_octets() const {
    std::size_t least = SIZE_MAX;
    for (const auto& worker : workers_) {
        least = std::min(least, worker->server().granted_receive_buffer_octets());
    }
    return least;
}

TransportCounts Listeners::counts() const {
    TransportCounts counts;
    for (const auto& worker : workers_) {
        counts.udp += worker->counts();
        counts.datagrams += worker->server().counters();
    }
    counts.tcp = stream_worker_->counts();
    counts.connections = stream_worker_->connections();
    return counts;
}

}  // namespace meridian::server
