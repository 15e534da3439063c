// Echoes UDP datagrams with the fewest system calls: the floor under every DNS server here.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#ifdef MERIDIAN_HAS_LIBURING
#include "bench/echo_uring.h"
#endif
#include "dns/transport/socket_address.h"
#include "dns/transport/udp_socket.h"
#include "meridian/limits.h"

namespace {

using namespace meridian;

constexpr std::size_t kStrideOctets = kMaxUdpQueryOctets + 64;
#ifdef MERIDIAN_HAS_LIBURING
constexpr bool kHasIoUring = true;
#else
constexpr bool kHasIoUring = false;
#endif

struct Options {
    Endpoint listen{IpAddress::v4(0x7f000001), 5399};
    std::size_t reply_octets = 0;  // 0: as long as the query
    bool poll = false;             // parks as Meridian's worker does, else in recvmmsg
    bool io_uring = false;
};

int usage() {
    std::fprintf(stderr,
                 "usage: meridian_echo [--address 127.0.0.1] [--port 5399] [--reply OCTETS] "
                 "[--wait recvmmsg|poll|io_uring]\n"
                 "Sends every datagram back with the QR bit set, padded to OCTETS. Runs until it "
                 "is stopped by a signal. io_uring needs a build with liburing.\n");
    return 2;
}

bool parse(int argument_count, char** arguments, Options& options) {
    static const option long_options[] = {{"address", required_argument, nullptr, 'a'},
                                          {"port", required_argument, nullptr, 'p'},
                                          {"reply", required_argument, nullptr, 'r'},
                                          {"wait", required_argument, nullptr, 'w'},
                                          {nullptr, 0, nullptr, 0}};
    for (int key = 0;
         (key = getopt_long(argument_count, arguments, "", long_options, nullptr)) != -1;) {
        const std::string value = optarg == nullptr ? "" : optarg;
        if (key == 'a' && IpAddress::parse(value)) {
            options.listen.address = *IpAddress::parse(value);
        } else if (key == 'p') {
            options.listen.port = static_cast<std::uint16_t>(std::atoi(value.c_str()));
        } else if (key == 'r') {
            options.reply_octets = static_cast<std::size_t>(std::atoi(value.c_str()));
        } else if (key == 'w' && (value == "poll" || value == "recvmmsg")) {
            options.poll = value == "poll";
        } else if (key == 'w' && value == "io_uring" && kHasIoUring) {
            options.io_uring = true;
        } else {
            return false;
        }
    }
    return optind == argument_count && options.reply_octets <= kMaxUdpQueryOctets;
}

struct Slots {
    std::vector<std::uint8_t> buffers = std::vector<std::uint8_t>(kUdpBatch * kStrideOctets);
    std::array<mmsghdr, kUdpBatch> headers{};
    std::array<iovec, kUdpBatch> parts{};
    std::array<dns::SocketAddress, kUdpBatch> peers{};

    void make_ready(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            parts[i] = {&buffers[i * kStrideOctets], kMaxUdpQueryOctets};
            headers[i].msg_hdr.msg_name = &peers[i];
            headers[i].msg_hdr.msg_namelen = sizeof peers[i];
            headers[i].msg_hdr.msg_iov = &parts[i];
            headers[i].msg_hdr.msg_iovlen = 1;
        }
    }
};

[[noreturn]] void echo(int descriptor, const Options& options) {
    Slots slots;
    slots.make_ready(kUdpBatch);
    while (true) {
        if (options.poll) {
            pollfd waiting{descriptor, POLLIN, 0};
            poll(&waiting, 1, -1);
        }
        const int flags = options.poll ? MSG_DONTWAIT : MSG_WAITFORONE;
        const int received = recvmmsg(descriptor, slots.headers.data(), kUdpBatch, flags, nullptr);
        if (received <= 0) { continue; }
        const auto count = static_cast<std::size_t>(received);
        for (std::size_t i = 0; i < count; ++i) {
            slots.buffers[i * kStrideOctets + 2] |= 0x80;
            slots.parts[i].iov_len =
                options.reply_octets == 0 ? slots.headers[i].msg_len : options.reply_octets;
        }
        sendmmsg(descriptor, slots.headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
        slots.make_ready(count);
    }
}

}  // namespace

int main(int argument_count, char** arguments) {
    Options options;
    if (!parse(argument_count, arguments, options)) { return usage(); }
    const auto socket = dns::open_udp_socket(options.listen, {});
    if (!socket) {
        std::fprintf(stderr, "%s\n", socket.error().c_str());
        return 1;
    }
    const int descriptor = socket->descriptor.get();
    if (!options.poll) {
        // Opened for a worker that polls; this one waits in recvmmsg.
        const int flags = fcntl(descriptor, F_GETFL);
        fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
    }
    std::printf("echo on %s\n", socket->local.to_string().c_str());
    std::fflush(stdout);
#ifdef MERIDIAN_HAS_LIBURING
    if (options.io_uring) {
        const auto refused = bench::echo_with_io_uring(descriptor, options.reply_octets);
        std::fprintf(stderr, "%s\n", refused.c_str());
        return 1;
    }
#endif
    echo(descriptor, options);
}
