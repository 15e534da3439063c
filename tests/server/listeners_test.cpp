// Checks that listeners bind all or nothing, answer over UDP and TCP, and end.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/listeners.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tests/server/empty_snapshot.h"

namespace meridian::server {
namespace {

using test::empty_snapshot;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const Endpoint kAnyPort{IpAddress::v4(0x7f000001), 0};

/// Serves no zone: every question is refused.
/// Asks for `example. A` and returns the response code, or -1 when nothing comes back in 5 s.
int ask(const Endpoint& server, int kind) {
    const int asker = socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    if (asker < 0) { return -1; }
    const timeval patience{5, 0};
    setsockopt(asker, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(server.port);
    name.sin_addr.s_addr = htonl(server.address.as_v4());
    int rcode = -1;
    if (connect(asker, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0) {
        std::vector<std::uint8_t> query{0x12, 0x34, 0,   0,   0,   1,   0,   0, 0, 0, 0, 0, 7,
                                        'e',  'x',  'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1};
        const std::size_t front = kind == SOCK_STREAM ? 2 : 0;
        if (front > 0) {
            query.insert(query.begin(), {0, static_cast<std::uint8_t>(query.size())});
        }
        std::array<std::uint8_t, 512> reply{};
        send(asker, query.data(), query.size(), 0);
        const ssize_t octets = recv(asker, reply.data(), reply.size(), 0);
        if (octets > static_cast<ssize_t>(front + 3) && reply[front] == 0x12) {
            rcode = reply[front + 3] & 0x0f;
        }
    }
    close(asker);
    return rcode;
}

std::unique_ptr<Listeners> open_listeners(const ListenOptions& options, Publisher& publisher) {
    auto listeners = Listeners::open(options, publisher);
    EXPECT_TRUE(listeners.ok()) << (listeners.ok() ? "" : listeners.error());
    return listeners.ok() ? std::move(listeners).value() : nullptr;
}

TEST(Listeners, AnswerOverUdpAndTcpOnOnePort) {
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    const auto listeners = open_listeners({.endpoints = {kAnyPort}, .worker_count = 2}, publisher);
    listeners->start();
    ASSERT_THAT(listeners->endpoints(), SizeIs(1));
    const Endpoint endpoint = listeners->endpoints()[0];
    EXPECT_NE(endpoint.port, 0);
    constexpr int kRefused = 5;
    for (int i = 0; i < 8; ++i) {  // enough source ports for either worker to have its turn
        EXPECT_EQ(ask(endpoint, SOCK_DGRAM), kRefused);
    }
    EXPECT_EQ(ask(endpoint, SOCK_STREAM), kRefused);
    EXPECT_GT(listeners->granted_receive_buffer_octets(), 0U);
    listeners->stop(std::chrono::milliseconds(100));
    EXPECT_EQ(ask(endpoint, SOCK_STREAM), -1) << "no socket accepts any more";
    EXPECT_EQ(listeners->counts().udp.by_rcode[kRefused], 8U);
    EXPECT_EQ(listeners->counts().tcp.by_rcode[kRefused], 1U);
    EXPECT_EQ(listeners->counts().tcp.received(), 1U);
    EXPECT_EQ(listeners->counts().datagrams.sent, 8U);
    EXPECT_EQ(listeners->counts().connections.accepted, 1U);
    EXPECT_EQ(listeners->counts().connections.queries, 1U);
}

TEST(Listeners, AreNotStartedTwiceOnOnePort) {
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    const auto first = open_listeners({.endpoints = {kAnyPort}}, publisher);
    const auto second = Listeners::open({.endpoints = first->endpoints()}, publisher);
    ASSERT_FALSE(second.ok());
    EXPECT_THAT(second.error(), HasSubstr(first->endpoints()[0].to_string()));
    EXPECT_THAT(second.error(), HasSubstr("Address already in use"));
}

/// A socket that shares its port with all others, or with none. -1 if it cannot be opened.
int bind_udp(const Endpoint& endpoint, bool sharing) {
    const int holder =
        socket(endpoint.address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (holder < 0) { return -1; }
    const int on = sharing ? 1 : 0;
    setsockopt(holder, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    v4.sin_addr.s_addr = htonl(endpoint.address.as_v4());
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    const auto octets = endpoint.address.octets();
    std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
    const int bound = endpoint.address.is_v4()
                          ? bind(holder, reinterpret_cast<const sockaddr*>(&v4), sizeof v4)
                          : bind(holder, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
    if (bound == 0) { return holder; }
    close(holder);
    return -1;
}

TEST(Listeners, ShareNoUdpPortWithAnotherProgram) {
    struct Case {
        const char* held;
        const char* wanted;
    };
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    for (const Case& each : std::vector<Case>{{"127.0.0.1", "127.0.0.1"},
                                              {"0.0.0.0", "127.0.0.1"},
                                              {"127.0.0.2", "0.0.0.0"},
                                              {"::1", "::1"},
                                              {"::", "::1"},
                                              {"::", "0.0.0.0"}}) {
        for (const bool sharing : {true, false}) {
            SCOPED_TRACE(std::string(each.held) + (sharing ? " shares" : " does not share"));
            // A port that is free over TCP, so that UDP alone can be in the way.
            const IpAddress wanted = *IpAddress::parse(each.wanted);
            const Endpoint endpoint =
                open_listeners({.endpoints = {{wanted, 0}}}, publisher)->endpoints()[0];
            const int holder = bind_udp({*IpAddress::parse(each.held), endpoint.port}, sharing);
            ASSERT_GE(holder, 0);
            const auto listeners = Listeners::open({.endpoints = {endpoint}}, publisher);
            EXPECT_FALSE(listeners.ok());
            if (!listeners.ok()) {
                EXPECT_THAT(listeners.error(), HasSubstr("UDP " + endpoint.to_string()));
                EXPECT_THAT(listeners.error(), HasSubstr("another program has this port"));
            }
            close(holder);
            EXPECT_TRUE(Listeners::open({.endpoints = {endpoint}}, publisher).ok());
        }
    }
}

TEST(Listeners, ListenOnNoBroadcastAddressOfANetwork) {
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    const Endpoint broadcast{*IpAddress::parse("127.255.255.255"), 0};  // of 127.0.0.0/8
    const auto listeners = Listeners::open({.endpoints = {kAnyPort, broadcast}}, publisher);
    ASSERT_FALSE(listeners.ok());
    EXPECT_THAT(listeners.error(), HasSubstr("127.255.255.255:0, a broadcast address"));
    const Endpoint last_but_one{*IpAddress::parse("127.255.255.254"), 0};
    EXPECT_TRUE(Listeners::open({.endpoints = {last_but_one}}, publisher).ok());
}

TEST(Listeners, LeaveOutAFamilyOnlyWhereThatIsOptional) {
    // An address that no machine here has stands for IPv6 being switched off.
    const Endpoint absent{*IpAddress::parse("2001:db8::1"), 5300};
    Publisher publisher(first_served(empty_snapshot(), 4, std::make_shared<AnswerTotals>()));
    const auto some =
        open_listeners({.endpoints = {kAnyPort, absent}, .optional_families = true}, publisher);
    EXPECT_THAT(some->left_out(), ElementsAre(absent));
    EXPECT_THAT(some->endpoints(), SizeIs(1));
    const auto all = Listeners::open({.endpoints = {kAnyPort, absent}}, publisher);
    ASSERT_FALSE(all.ok());
    EXPECT_THAT(all.error(), HasSubstr("[2001:db8::1]:5300"));
}

}  // namespace
}  // namespace meridian::server
