// Carries a batch of datagrams from a socket to a handler and back.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dns/transport/socket_address.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/endpoint.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// Whether a datagram from this port gets no answer. Port 0 cannot be reached. Echo (7), daytime
/// (13), quote of the day (17), chargen (19) and time (37) answer every datagram, so one query with
/// such a forged source would make that server and ours answer each other for ever. No resolver
/// asks from any of them; BIND drops the same ports.
constexpr bool answers_anything(std::uint16_t source_port) {
    constexpr std::uint64_t kPorts =
        1ull << 0 | 1ull << 7 | 1ull << 13 | 1ull << 17 | 1ull << 19 | 1ull << 37;
    return source_port < 64 && (kPorts >> source_port & 1) != 0;
}

/// The memory of one socket's batches, reused by one thread.
///
/// A slot holds one datagram: its buffer, the peer's address and, on a wildcard socket, the control
/// message that names the address asked. The reply is built in the buffer of the query and leaves
/// with the same peer and control message. Only slots that were filled are prepared again, so a
/// short batch costs little.
class UdpBatch {
public:
    /// `local` is where the socket is bound.
    UdpBatch(const Endpoint& local, bool wildcard);
    UdpBatch(UdpBatch&&) = delete;  // the headers point into it

    /// Takes up to kUdpBatch datagrams off the socket and returns how many came. Waits only if
    /// `flags` says so (MSG_WAITFORONE). Datagrams that no resolver sends (empty, longer than a
    /// slot, from a port of `answers_anything`) do not become requests.
    std::size_t receive(int descriptor, int flags);

    /// The requests of the last `receive`, for the handler.
    [[nodiscard]] std::span<Request> requests() { return {requests_.data(), request_count_}; }

    /// Sends the replies that the requests now hold; returns how many were sent. Never waits: a
    /// reply that the kernel refuses after a few tries is lost, as UDP allows.
    std::size_t send(int descriptor);

    /// How many system calls `receive` and `send` have made.
    [[nodiscard]] std::uint64_t system_calls() const { return system_calls_; }

private:
    /// Room for in_pktinfo or in6_pktinfo, aligned as a control message must be.
    union Control {
        std::array<std::uint8_t, CMSG_SPACE(sizeof(in6_pktinfo))> octets;
        cmsghdr header;
    };

    void make_ready(std::size_t slot);
    void add_request(std::size_t slot);
    std::size_t collect_replies();

    bool wildcard_;
    std::uint64_t system_calls_ = 0;
    std::size_t received_count_ = 0;
    std::size_t request_count_ = 0;
    std::vector<std::uint8_t> buffers_;
    std::array<mmsghdr, kUdpBatch> incoming_{};
    std::array<mmsghdr, kUdpBatch> outgoing_{};
    std::array<iovec, kUdpBatch> incoming_parts_{};
    std::array<iovec, kUdpBatch> outgoing_parts_{};
    std::array<SocketAddress, kUdpBatch> peers_{};
    std::array<Control, kUdpBatch> controls_{};
    std::array<Request, kUdpBatch> requests_{};
    std::array<std::uint8_t, kUdpBatch> slots_{};  ///< The slot of each request.
};

}  // namespace meridian::dns
