// Echoes UDP datagrams through io_uring, to compare it with recvmmsg and sendmmsg.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/echo_uring.h"

#include <liburing.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include "dns/transport/socket_address.h"
#include "meridian/limits.h"

namespace meridian::bench {

namespace {

constexpr unsigned kBuffers = 1024;  // more than any socket buffer of the comparison holds
constexpr unsigned kSubmissions = 256;
constexpr int kRegisteredSocket = 0;
constexpr std::uint64_t kReceive = kBuffers;  // user data; below it a buffer that is being sent
constexpr std::size_t kHeadOctets = sizeof(io_uring_recvmsg_out) + sizeof(dns::SocketAddress);
constexpr std::size_t kStrideOctets = kHeadOctets + kMaxUdpQueryOctets;

class UringEcho {
public:
    UringEcho(int descriptor, std::size_t reply_octets)
        : descriptor_(descriptor), reply_octets_(reply_octets) {
        receive_.msg_namelen = sizeof(dns::SocketAddress);
    }

    std::string run() {
        io_uring_params params{};
        // Completions are handled when this thread waits for them, by this thread alone.
        params.flags =
            IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
        params.cq_entries = 2 * kBuffers;
        int result = io_uring_queue_init_params(kSubmissions, &ring_, &params);
        if (result < 0) { return std::string("io_uring: ") + std::strerror(-result); }
        // A registered descriptor saves a look-up for each datagram. The result does not depend on
        // it, so a refusal is ignored.
        result = io_uring_register_files(&ring_, &descriptor_, 1);
        if (result < 0) { return std::string("registered socket: ") + std::strerror(-result); }
        io_uring_register_ring_fd(&ring_);
        result = share_buffers();
        if (result < 0) { return std::string("ring of buffers: ") + std::strerror(-result); }
        while (result >= 0) {
            if (!receiving_) { start_receiving(); }
            // The replies are sent when this returns: the kernel copies a datagram when it is
            // submitted.
            result = io_uring_submit_and_wait(&ring_, 1);
            give_back_sent();
            take_completions();
        }
        return std::string("io_uring_enter: ") + std::strerror(-result);
    }

private:
    [[nodiscard]] std::uint8_t* buffer(std::size_t index) {
        return &octets_[index * kStrideOctets];
    }
    void offer(unsigned index, int position) {
        io_uring_buf_ring_add(shared_, buffer(index), kStrideOctets,
                              static_cast<unsigned short>(index), kBuffers - 1, position);
    }

    int share_buffers() {
        void* const memory = mmap(nullptr, kBuffers * sizeof(io_uring_buf), PROT_READ | PROT_WRITE,
                                  MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
        if (memory == MAP_FAILED) { return -ENOMEM; }
        shared_ = static_cast<io_uring_buf_ring*>(memory);
        io_uring_buf_reg registration{};
        registration.ring_addr = reinterpret_cast<std::uintptr_t>(memory);
        registration.ring_entries = kBuffers;
        const int result = io_uring_register_buf_ring(&ring_, &registration, 0);
        if (result < 0) { return result; }
        io_uring_buf_ring_init(shared_);
        for (unsigned i = 0; i < kBuffers; ++i) {
            offer(i, static_cast<int>(i));
        }
        io_uring_buf_ring_advance(shared_, kBuffers);
        return 0;
    }

    void start_receiving() {
        io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
        if (entry == nullptr) { return; }
        io_uring_prep_recvmsg_multishot(entry, kRegisteredSocket, &receive_, 0);
        entry->flags |= IOSQE_BUFFER_SELECT | IOSQE_FIXED_FILE;
        entry->buf_group = 0;
        io_uring_sqe_set_data64(entry, kReceive);
        receiving_ = true;
    }

    void give_back_sent() {
        int position = 0;
        for (const unsigned index : sent_) {
            offer(index, position++);
        }
        io_uring_buf_ring_advance(shared_, position);
        sent_.clear();
    }

    void take_completions() {
        std::array<io_uring_cqe*, kSubmissions> completions;
        // One place is reserved for the receive, which may have to be started again.
        const unsigned count =
            io_uring_peek_batch_cqe(&ring_, completions.data(), kSubmissions - 1);
        for (unsigned i = 0; i < count; ++i) {
            const io_uring_cqe& completion = *completions[i];
            if (completion.user_data != kReceive) { continue; }  // a send that failed
            if ((completion.flags & IORING_CQE_F_MORE) == 0) { receiving_ = false; }
            if ((completion.flags & IORING_CQE_F_BUFFER) != 0) { reply(completion); }
        }
        io_uring_cq_advance(&ring_, count);
    }

    void reply(const io_uring_cqe& completion) {
        const unsigned index = completion.flags >> IORING_CQE_BUFFER_SHIFT;
        sent_.push_back(index);
        io_uring_recvmsg_out* const out =
            io_uring_recvmsg_validate(buffer(index), completion.res, &receive_);
        io_uring_sqe* const entry = out == nullptr ? nullptr : io_uring_get_sqe(&ring_);
        if (entry == nullptr) { return; }
        auto* const payload = static_cast<std::uint8_t*>(io_uring_recvmsg_payload(out, &receive_));
        payload[2] |= 0x80;
        parts_[index] = {payload, reply_octets_ == 0 ? out->payloadlen : reply_octets_};
        msghdr& header = headers_[index];
        header.msg_name = io_uring_recvmsg_name(out);
        header.msg_namelen = out->namelen;
        header.msg_iov = &parts_[index];
        header.msg_iovlen = 1;
        io_uring_prep_sendmsg(entry, kRegisteredSocket, &header, MSG_DONTWAIT);
        entry->flags |= IOSQE_CQE_SKIP_SUCCESS | IOSQE_FIXED_FILE;
        io_uring_sqe_set_data64(entry, index);
    }

    int descriptor_;
    std::size_t reply_octets_;
    bool receiving_ = false;
    io_uring ring_{};
    io_uring_buf_ring* shared_ = nullptr;
    msghdr receive_{};
    std::vector<std::uint8_t> octets_ = std::vector<std::uint8_t>(kBuffers * kStrideOctets);
    std::vector<msghdr> headers_ = std::vector<msghdr>(kBuffers);
    std::vector<iovec> parts_ = std::vector<iovec>(kBuffers);
    std::vector<unsigned> sent_;
};

}  // namespace

std::string echo_with_io_uring(int descriptor, std::size_t reply_octets) {
    return UringEcho(descriptor, reply_octets).run();
}

}  // namespace meridian::bench
