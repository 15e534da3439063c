// Carries a batch of datagrams from a socket to a handler and back.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/transport/udp_batch.h"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>

#include "meridian/assert.h"

namespace meridian::dns {

namespace {

// With a power of two between two buffers, the fronts of all of them would share a few lines of the
// cache; one more cache line spreads them.
constexpr std::size_t kSlotStrideOctets = kMaxUdpQueryOctets + 64;
// A full send buffer empties within microseconds or not at all; more tries would stall the worker.
constexpr int kMaxSendTries = 3;

/// Reads the address that a datagram was sent to, which the kernel names on a wildcard socket.
void note_asked_address(const msghdr& received, IpAddress& address) {
    msghdr header = received;  // CMSG_NXTHDR takes no constant one
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(part), sizeof info);
            address = IpAddress::v4(be32toh(info.ipi_addr.s_addr));
        } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info;
            std::memcpy(&info, CMSG_DATA(part), sizeof info);
            address = IpAddress::from_octets(Family::V6, info.ipi6_addr.s6_addr);
        }
    }
}

/// Turns the control message of a query into that of its reply: the source is the address that was
/// asked, the route is the kernel's choice. Only a link-local address needs the interface as well.
void prepare_reply_source(msghdr& header) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(part), sizeof info);
            info.ipi_ifindex = 0;
            std::memcpy(CMSG_DATA(part), &info, sizeof info);
        } else if (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info;
            std::memcpy(&info, CMSG_DATA(part), sizeof info);
            if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) { info.ipi6_ifindex = 0; }
            std::memcpy(CMSG_DATA(part), &info, sizeof info);
        }
    }
}

}  // namespace

UdpBatch::UdpBatch(const Endpoint& local, bool wildcard)
    : wildcard_(wildcard), received_count_(kUdpBatch), buffers_(kUdpBatch * kSlotStrideOctets) {
    for (std::size_t slot = 0; slot < kUdpBatch; ++slot) {
        incoming_parts_[slot] = {&buffers_[slot * kSlotStrideOctets], kMaxUdpQueryOctets};
        msghdr& header = incoming_[slot].msg_hdr;
        header.msg_name = &peers_[slot];
        header.msg_iov = &incoming_parts_[slot];
        header.msg_iovlen = 1;
        requests_[slot].local = local;
    }
}

void UdpBatch::make_ready(std::size_t slot) {
    msghdr& header = incoming_[slot].msg_hdr;
    header.msg_namelen = sizeof(SocketAddress);
    if (wildcard_) {
        header.msg_control = &controls_[slot];
        header.msg_controllen = sizeof(Control);
    }
}

std::size_t UdpBatch::receive(int descriptor, int flags) {
    for (std::size_t slot = 0; slot < received_count_; ++slot) {
        make_ready(slot);
    }
    ++system_calls_;
    const int count = recvmmsg(descriptor, incoming_.data(), kUdpBatch, flags, nullptr);
    received_count_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    request_count_ = 0;
    for (std::size_t slot = 0; slot < received_count_; ++slot) {
        add_request(slot);
    }
    return received_count_;
}

void UdpBatch::add_request(std::size_t slot) {
    const mmsghdr& datagram = incoming_[slot];
    const bool cut = (datagram.msg_hdr.msg_flags & MSG_TRUNC) != 0;
    if (datagram.msg_len == 0 || cut) { return; }
    const Endpoint peer = to_endpoint(peers_[slot]);
    if (answers_anything(peer.port)) { return; }

    slots_[request_count_] = static_cast<std::uint8_t>(slot);
    Request& request = requests_[request_count_++];
    request.buffer = {&buffers_[slot * kSlotStrideOctets], kMaxUdpQueryOctets};
    request.query_octets = datagram.msg_len;
    request.peer = peer;
    request.over_stream = false;
    if (wildcard_) { note_asked_address(datagram.msg_hdr, request.local.address); }
    request.reply_octets = 0;
}

std::size_t UdpBatch::collect_replies() {
    std::size_t count = 0;
    for (std::size_t i = 0; i < request_count_; ++i) {
        const Request& request = requests_[i];
        if (request.reply_octets == 0) { continue; }
        MERIDIAN_ASSERT(request.reply_octets <= kMaxUdpQueryOctets);
        msghdr& reply = outgoing_[count].msg_hdr;
        reply = incoming_[slots_[i]].msg_hdr;
        reply.msg_iov = &outgoing_parts_[count];
        outgoing_parts_[count] = {request.buffer.data(), request.reply_octets};
        if (wildcard_) { prepare_reply_source(reply); }
        ++count;
    }
    return count;
}

std::size_t UdpBatch::send(int descriptor) {
    const std::size_t reply_count = collect_replies();
    std::size_t next = 0;
    std::size_t lost = 0;
    for (int tries = 0; next < reply_count && tries < kMaxSendTries;) {
        ++system_calls_;
        const int count = sendmmsg(descriptor, &outgoing_[next],
                                   static_cast<unsigned>(reply_count - next), MSG_DONTWAIT);
        if (count > 0) {
            next += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) {
            ++tries;
        } else {
            // This one cannot be sent at all (no route, a filter): the others must not wait.
            ++next;
            ++lost;
        }
    }
    return next - lost;
}

}  // namespace meridian::dns
