// Sends queries from one source port and checks the replies.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/load_lane.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "dns/transport/socket_address.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::bench {

namespace {

constexpr std::size_t kReplyOctets = 2048;

/// The buffers of one system call, which all lanes share because one thread drives them.
struct Burst {
    std::array<mmsghdr, LoadLane::kBurst> headers{};
    std::array<iovec, LoadLane::kBurst> parts{};
    std::vector<std::uint8_t> octets;

    explicit Burst(std::size_t stride) : octets(LoadLane::kBurst * stride) {
        for (std::size_t i = 0; i < LoadLane::kBurst; ++i) {
            parts[i] = {&octets[i * stride], stride};
            headers[i].msg_hdr.msg_iov = &parts[i];
            headers[i].msg_hdr.msg_iovlen = 1;
        }
    }
    [[nodiscard]] std::span<std::uint8_t> packet(std::size_t index) {
        return {static_cast<std::uint8_t*>(parts[index].iov_base), octets.size() / headers.size()};
    }
};

/// FNV-1a, eight octets at a step: it only has to distinguish questions.
std::uint32_t hash_of(std::span<const std::uint8_t> octets) {
    std::uint64_t hash = 0xcbf29ce484222325;
    while (!octets.empty()) {
        std::uint64_t word = 0;
        const std::size_t count = std::min(octets.size(), sizeof word);
        std::memcpy(&word, octets.data(), count);
        hash = (hash ^ word) * 0x100000001b3;
        hash ^= hash >> 29;
        octets = octets.subspan(count);
    }
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

}  // namespace

std::uint64_t now_nanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
}

LoadLane::LoadLane(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}

Result<LoadLane, std::string> LoadLane::open(const Endpoint& server) {
    dns::SocketAddress address;
    const socklen_t length = dns::to_socket_address(server, address);
    FileDescriptor descriptor(
        socket(address.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!descriptor.valid() || connect(descriptor.get(), &address.any, length) != 0) {
        return Failure{server.to_string() + ": " + std::strerror(errno)};
    }
    const int octets = 1 << 20;
    setsockopt(descriptor.get(), SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
    return LoadLane(std::move(descriptor));
}

std::size_t LoadLane::send(std::size_t count, std::uint64_t intended, double interval,
                           QuerySource& source, LoadCounts& counts) {
    static Burst burst(QuerySource::kMaxQueryOctets);
    count = std::min(count, kBurst);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t number = sent_count_ + static_cast<std::uint32_t>(i);
        Slot& slot = slots_[number % kSlots];
        if (slot.waiting) {  // a whole round later no reply will come
            ++counts.lost;
            --outstanding_;
        }
        const auto id = static_cast<std::uint16_t>(number);
        const auto packet = burst.packet(i);
        const std::size_t octets = source.make(id, packet);
        burst.parts[i].iov_len = octets;
        slot.id = id;
        slot.sent_at = intended + static_cast<std::uint64_t>(interval * static_cast<double>(i));
        slot.question_hash = hash_of(question_of(packet.first(octets)));
        slot.waiting = false;
    }
    const int result =
        sendmmsg(descriptor(), burst.headers.data(), static_cast<unsigned>(count), 0);
    const std::size_t sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    if (sent < count) { ++counts.send_failed; }
    for (std::size_t i = 0; i < sent; ++i) {
        slots_[sent_count_++ % kSlots].waiting = true;
    }
    outstanding_ += sent;
    counts.sent += sent;
    return sent;
}

void LoadLane::receive(LoadCounts& counts) {
    static Burst burst(kReplyOctets);
    const int result = recvmmsg(descriptor(), burst.headers.data(), kBurst, MSG_DONTWAIT, nullptr);
    if (result <= 0) { return; }
    const std::uint64_t now = now_nanoseconds();
    for (std::size_t i = 0; i < static_cast<std::size_t>(result); ++i) {
        check(burst.packet(i).first(burst.headers[i].msg_len), now, counts);
    }
}

void LoadLane::check(std::span<const std::uint8_t> reply, std::uint64_t now, LoadCounts& counts) {
    const bool is_reply = reply.size() >= kHeaderOctets && (reply[2] & 0x80) != 0;
    const std::uint16_t id = is_reply ? load_u16(reply, 0) : std::uint16_t{0};
    Slot& slot = slots_[id % kSlots];
    if (!is_reply || !slot.waiting || slot.id != id) {
        ++counts.unasked;
        return;
    }
    if (hash_of(question_of(reply)) != slot.question_hash) {
        ++counts.mismatched;
        return;
    }
    slot.waiting = false;
    --outstanding_;
    ++counts.answered;
    ++counts.rcodes[reply[3] & 15];
    if ((reply[2] & 0x02) != 0) { ++counts.truncated; }
    counts.reply_octets += reply.size();
    if (counts.wants_generations) { counts.generations.add(reply); }
    counts.latency.add(now > slot.sent_at ? now - slot.sent_at : 0);
}

void LoadLane::expire(std::uint64_t deadline, LoadCounts& counts) {
    if (outstanding_ == 0) { return; }
    for (Slot& slot : slots_) {
        if (!slot.waiting || slot.sent_at >= deadline) { continue; }
        slot.waiting = false;
        --outstanding_;
        ++counts.lost;
    }
}

}  // namespace meridian::bench
