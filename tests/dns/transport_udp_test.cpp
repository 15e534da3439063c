// Queries a UDP worker over real sockets.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#include <cstring>
#include <deque>
#include <thread>
#include <vector>

#include "dns/transport/second_look.h"
#include "dns/transport/udp_batch.h"
#include "dns/transport/udp_socket.h"
#include "meridian/dns/udp_server.h"
#include "meridian/limits.h"
#include "tests/dns/transport_sockets.h"

namespace meridian::dns {
namespace {

using testing::Client;
using testing::endpoint;
using testing::UpperCaseHandler;

/// A worker that runs on a thread of its own until the test ends.
class RunningServer {
public:
    RunningServer(UdpServer server, Handler& handler)
        : server_(std::move(server)), thread_([this, &handler] { server_.run(handler); }) {}
    ~RunningServer() { stop(); }
    UdpCounters stop() {
        server_.stop();
        if (thread_.joinable()) { thread_.join(); }
        return server_.counters();
    }
    [[nodiscard]] Endpoint at(std::size_t index = 0) const { return server_.endpoints()[index]; }

private:
    UdpServer server_;
    std::thread thread_;
};

UdpServer open_server(const std::vector<Endpoint>& endpoints) {
    auto server = UdpServer::open(endpoints, {});
    EXPECT_TRUE(server) << server.error();
    return std::move(server).value();
}

int option_of(const UdpSocket& socket, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    getsockopt(socket.descriptor.get(), level, name, &value, &length);
    return value;
}

TEST(UdpServer, AnswersOnSeveralEndpointsOfBothFamilies) {
    UpperCaseHandler handler;
    RunningServer server(open_server({endpoint("127.0.0.1"), endpoint("::1")}), handler);
    for (const std::size_t index : {0u, 1u}) {
        const Client client(SOCK_DGRAM, server.at(index));
        ASSERT_TRUE(client.send_datagram("hello"));
        EXPECT_EQ(client.receive_datagram(), "HELLO");
    }
    EXPECT_FALSE(handler.saw_stream);
    EXPECT_GE(handler.smallest_buffer_octets, kMaxUdpOctets);
    const UdpCounters counters = server.stop();
    EXPECT_EQ(counters.received, 2u);
    EXPECT_EQ(counters.sent, 2u);
    EXPECT_EQ(counters.dropped, 0u);
}

TEST(UdpServer, TellsTheHandlerWhoAsked) {
    class PeerHandler final : public Handler {
    public:
        void answer(std::span<Request> batch) override {
            for (Request& request : batch) {
                const std::string text = request.peer.to_string();
                std::copy(text.begin(), text.end(), request.buffer.begin());
                request.reply_octets = text.size();
            }
        }
    } handler;
    RunningServer server(open_server({endpoint("127.0.0.1"), endpoint("::1")}), handler);
    for (const std::size_t index : {0u, 1u}) {
        const Client client(SOCK_DGRAM, server.at(index));
        ASSERT_TRUE(client.send_datagram("what am I"));
        SocketAddress own;
        socklen_t length = sizeof own;
        ASSERT_EQ(getsockname(client.get(), &own.any, &length), 0);
        EXPECT_EQ(client.receive_datagram(), to_endpoint(own).to_string());
    }
}

TEST(UdpServer, SaysWhichAddressWasAsked) {
    testing::LocalAddressHandler handler;
    RunningServer server(open_server({endpoint("127.0.0.1"), endpoint("::1"), endpoint("0.0.0.0"),
                                      endpoint("::"), endpoint("127.0.0.9")}),
                         handler);
    for (const Endpoint& asked :
         {server.at(0), server.at(1), endpoint("127.0.0.1", server.at(2).port),
          endpoint("127.3.2.1", server.at(2).port), endpoint("127.0.0.1", server.at(2).port),
          endpoint("::1", server.at(3).port), server.at(4)}) {
        const Client client(SOCK_DGRAM, asked);
        ASSERT_TRUE(client.send_datagram("where am I")) << asked.to_string();
        EXPECT_EQ(client.receive_datagram(), asked.to_string());
    }
}

TEST(UdpServer, WildcardAnswersFromTheAddressAsked) {
    UpperCaseHandler handler;
    RunningServer server(open_server({endpoint("0.0.0.0"), endpoint("::")}), handler);
    // A connected socket takes nothing from any other address.
    for (const Endpoint& asked :
         {endpoint("127.0.0.1", server.at(0).port), endpoint("127.0.0.2", server.at(0).port),
          endpoint("127.3.2.1", server.at(0).port), endpoint("::1", server.at(1).port)}) {
        const Client client(SOCK_DGRAM, asked);
        ASSERT_TRUE(client.send_datagram("hello")) << asked.to_string();
        EXPECT_EQ(client.receive_datagram(), "HELLO") << asked.to_string();
    }
}

TEST(UdpServer, WildcardsOfBothFamiliesShareOnePort) {
    const UdpServer v6 = open_server({endpoint("::")});
    const UdpServer v4 = open_server({endpoint("0.0.0.0", v6.endpoints()[0].port)});
    EXPECT_EQ(v4.endpoints()[0].port, v6.endpoints()[0].port);
}

TEST(UdpServer, AnswersMoreThanOneBatchThatIsAlreadyThere) {
    UpperCaseHandler handler;
    UdpServer unstarted = open_server({endpoint("127.0.0.1")});
    const Client client(SOCK_DGRAM, unstarted.endpoints()[0]);
    constexpr int kCount = 100;
    for (int i = 0; i < kCount; ++i) {
        ASSERT_TRUE(client.send_datagram("q" + std::to_string(i)));
    }
    RunningServer server(std::move(unstarted), handler);
    for (int i = 0; i < kCount; ++i) {
        EXPECT_EQ(client.receive_datagram(), "Q" + std::to_string(i));
    }
    EXPECT_EQ(handler.largest_batch, kUdpBatch);
}

TEST(UdpServer, AnswersWhatArrivedBeforeTheStop) {
    UpperCaseHandler handler;
    UdpServer server = open_server({endpoint("127.0.0.1"), endpoint("::1")});
    std::deque<Client> clients;  // several, since one's receive buffer holds too little
    constexpr int kClients = 4;
    constexpr int kCount = 100;  // of each: together more batches than a turn takes
    for (int c = 0; c < kClients; ++c) {
        clients.emplace_back(SOCK_DGRAM, server.endpoints()[1]);
        for (int i = 0; i < kCount; ++i) {
            ASSERT_TRUE(clients.back().send_datagram("q" + std::to_string(i)));
        }
    }
    server.stop();
    server.stop();
    server.run(handler);  // returns by itself
    for (const Client& client : clients) {
        for (int i = 0; i < kCount; ++i) {
            ASSERT_EQ(client.receive_datagram(), "Q" + std::to_string(i));
        }
    }
    EXPECT_EQ(server.counters().sent, std::uint64_t{kClients * kCount});
}

/// Sends sixteen more queries while a batch is being answered, as steady clients would; they have
/// arrived, on loopback, by the time that the answers leave.
class SteadyLoadHandler final : public Handler {
public:
    static constexpr int kBatches = 400;

    void answer(std::span<Request> batch) override {
        for (Request& request : batch) {
            request.reply_octets = request.query_octets;
        }
        if (++batch_count < kBatches) { send_sixteen(); }
        if (batch_count == kBatches) { server->stop(); }
    }
    void send_sixteen() const {
        for (int i = 0; i < 16; ++i) {
            ASSERT_TRUE(client->send_datagram("again"));
        }
    }

    UdpServer* server = nullptr;
    const Client* client = nullptr;
    int batch_count = 0;
};

TEST(UdpServer, MakesAtMost15CallsFor100QueriesInBatchesOfSixteen) {
    // Beside a second socket, on which nothing happens.
    UdpServer server = open_server({endpoint("127.0.0.1"), endpoint("::1")});
    const Client client(SOCK_DGRAM, server.endpoints()[0]);
    SteadyLoadHandler handler;
    handler.server = &server;
    handler.client = &client;
    handler.send_sixteen();
    server.run(handler);
    const UdpCounters counters = server.counters();
    EXPECT_EQ(counters.received, 16u * SteadyLoadHandler::kBatches);
    EXPECT_LE(counters.system_calls * 100, counters.received * 15);
    EXPECT_GE(counters.system_calls, 2u * SteadyLoadHandler::kBatches);  // they are counted at all
}

TEST(UdpServer, DoesNotLookTwiceForASingleQuery) {
    UpperCaseHandler handler;
    RunningServer server(open_server({endpoint("127.0.0.1")}), handler);
    const Client client(SOCK_DGRAM, server.at());
    constexpr unsigned kCount = 50;
    for (unsigned i = 0; i < kCount; ++i) {
        ASSERT_TRUE(client.send_datagram("hello"));
        EXPECT_EQ(client.receive_datagram(), "HELLO");
    }
    // poll, recvmmsg, sendmmsg for each; poll for the stop, and a last read of the socket then.
    EXPECT_LE(server.stop().system_calls, 3 * kCount + 2);
}

TEST(SecondLook, BecomesRareWhereNothingComesAndTheRuleWhereSomethingDoes) {
    SecondLook second_look;
    EXPECT_FALSE(second_look.is_due(0));
    EXPECT_FALSE(second_look.is_due(1));
    int looks = 0;
    for (int i = 0; i < 1000; ++i) {
        if (!second_look.is_due(16)) { continue; }
        ++looks;
        second_look.report(false);
    }
    EXPECT_GE(looks, 1000 / 32);
    EXPECT_LE(looks, 1000 / 32 + 6);
    while (!second_look.is_due(16)) {}
    second_look.report(true);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(second_look.is_due(16));
        second_look.report(true);
    }
}

TEST(UdpServer, KeepsRepliesWithTheirQueriesWhenSomeGetSilence) {
    UpperCaseHandler handler;
    UdpServer server = open_server({endpoint("127.0.0.1")});
    const Client client(SOCK_DGRAM, server.endpoints()[0]);
    for (int i = 0; i < 64; ++i) {
        ASSERT_TRUE(client.send_datagram((i % 3 == 0 ? "-" : "q") + std::to_string(i)));
    }
    server.stop();
    server.run(handler);
    for (int i = 0; i < 64; ++i) {
        if (i % 3 != 0) { EXPECT_EQ(client.receive_datagram(), "Q" + std::to_string(i)); }
    }
    EXPECT_EQ(server.counters().received, 64u);
    EXPECT_EQ(server.counters().sent, 42u);
    EXPECT_EQ(server.counters().dropped, 22u);
}

TEST(UdpServer, DropsEmptyAndOverlongDatagrams) {
    UpperCaseHandler handler;
    UdpServer server = open_server({endpoint("127.0.0.1")});
    const Client client(SOCK_DGRAM, server.endpoints()[0]);
    ASSERT_TRUE(client.send_datagram(""));
    ASSERT_TRUE(client.send_datagram(std::string(kMaxUdpQueryOctets + 1, 'x')));
    ASSERT_TRUE(client.send_datagram(std::string(kMaxUdpQueryOctets, 'y')));
    server.stop();
    server.run(handler);
    EXPECT_EQ(client.receive_datagram(), std::string(kMaxUdpQueryOctets, 'Y'));
    EXPECT_EQ(server.counters().received, 3u);
    EXPECT_EQ(server.counters().sent, 1u);
    EXPECT_EQ(server.counters().dropped, 2u);
}

/// Sends eight octets from a source port that needs no socket, which takes root.
bool send_forged(const FileDescriptor& raw, std::uint16_t source_port, const Endpoint& server) {
    struct {
        udphdr header{};
        char payload[8] = {'f', 'o', 'r', 'g', 'e', 'd', '!', '!'};
    } datagram;
    datagram.header.source = htobe16(source_port);
    datagram.header.dest = htobe16(server.port);
    datagram.header.len = htobe16(sizeof datagram);
    SocketAddress address;
    const socklen_t length = to_socket_address({server.address, 0}, address);
    return sendto(raw.get(), &datagram, sizeof datagram, 0, &address.any, length) ==
           static_cast<ssize_t>(sizeof datagram);
}

TEST(UdpServer, DropsWhatComesFromPortsThatAnswerAnything) {
    const FileDescriptor raw(socket(AF_INET, SOCK_RAW, IPPROTO_UDP));
    if (!raw.valid()) { GTEST_SKIP() << "forging a source port takes root"; }
    UpperCaseHandler handler;
    UdpServer server = open_server({endpoint("127.0.0.1")});
    const std::vector<std::uint16_t> dropped{0, 7, 13, 17, 19, 37};
    const std::vector<std::uint16_t> answered{1, 12, 20, 53, 64, 71, 83, 65535};
    for (const auto& ports : {dropped, answered}) {
        for (const std::uint16_t port : ports) {
            ASSERT_TRUE(send_forged(raw, port, server.endpoints()[0])) << port;
        }
    }
    server.stop();
    server.run(handler);
    EXPECT_EQ(handler.largest_batch, answered.size());
    EXPECT_EQ(server.counters().received, dropped.size() + answered.size());
    EXPECT_EQ(server.counters().sent, answered.size());
    EXPECT_EQ(server.counters().dropped, dropped.size());
}

TEST(UdpBatch, KnowsThePortsThatAnswerAnything) {
    std::vector<unsigned> ports;
    for (unsigned port = 0; port <= 0xffff; ++port) {
        if (answers_anything(static_cast<std::uint16_t>(port))) { ports.push_back(port); }
    }
    EXPECT_EQ(ports, (std::vector<unsigned>{0, 7, 13, 17, 19, 37}));
}

TEST(UdpServer, ManyWorkersShareOneEndpoint) {
    UpperCaseHandler handler;
    UdpServer first = open_server({endpoint("127.0.0.1")});
    const std::vector<Endpoint> endpoints = first.endpoints();
    UdpServer second = open_server(endpoints);
    RunningServer first_running(std::move(first), handler);
    RunningServer second_running(std::move(second), handler);
    constexpr std::uint64_t kClients = 128;  // the kernel spreads them by source port
    for (std::uint64_t i = 0; i < kClients; ++i) {
        const Client client(SOCK_DGRAM, endpoints[0]);
        ASSERT_TRUE(client.send_datagram("hello"));
        ASSERT_EQ(client.receive_datagram(), "HELLO");
    }
    const std::uint64_t by_first = first_running.stop().sent;
    const std::uint64_t by_second = second_running.stop().sent;
    EXPECT_EQ(by_first + by_second, kClients);
    EXPECT_GT(by_first, 0u);
    EXPECT_GT(by_second, 0u);
}

TEST(UdpServer, NamesTheEndpointThatItCannotBind) {
    const auto server = UdpServer::open(std::vector{endpoint("192.0.2.1", 5300)}, {});
    ASSERT_FALSE(server);
    EXPECT_NE(server.error().find("192.0.2.1:5300"), std::string::npos) << server.error();
    EXPECT_NE(server.error().find("Cannot assign"), std::string::npos) << server.error();
}

TEST(UdpServer, ReportsTheReceiveBufferThatTheKernelGrants) {
    const auto small =
        UdpServer::open(std::vector{endpoint("127.0.0.1")}, {.receive_buffer_octets = 65536});
    ASSERT_TRUE(small);
    EXPECT_EQ(small->granted_receive_buffer_octets(), 65536u);
}

TEST(UdpSocket, LeavesFragmentationToNobody) {
    const auto v4 = open_udp_socket(endpoint("127.0.0.1"), {});
    const auto v6 = open_udp_socket(endpoint("::1"), {});
    ASSERT_TRUE(v4 && v6);
    EXPECT_EQ(option_of(*v4, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_OMIT);
    EXPECT_EQ(option_of(*v6, IPPROTO_IPV6, IPV6_MTU_DISCOVER), IPV6_PMTUDISC_OMIT);
    EXPECT_EQ(option_of(*v6, IPPROTO_IPV6, IPV6_V6ONLY), 1);
}

TEST(UdpSocket, AsksForTheAddressOnlyWhereItIsUnknown) {
    const auto bound = open_udp_socket(endpoint("127.0.0.1"), {});
    const auto wildcard = open_udp_socket(endpoint("0.0.0.0"), {});
    const auto wildcard_v6 = open_udp_socket(endpoint("::"), {});
    ASSERT_TRUE(bound && wildcard && wildcard_v6);
    EXPECT_EQ(option_of(*bound, IPPROTO_IP, IP_PKTINFO), 0);
    EXPECT_EQ(option_of(*wildcard, IPPROTO_IP, IP_PKTINFO), 1);
    EXPECT_EQ(option_of(*wildcard_v6, IPPROTO_IPV6, IPV6_RECVPKTINFO), 1);
}

}  // namespace
}  // namespace meridian::dns
