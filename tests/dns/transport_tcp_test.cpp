// Queries a TCP server over real sockets, within the protocol and against it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <thread>
#include <vector>

#include "meridian/dns/tcp_server.h"
#include "tests/dns/running_tcp_server.h"
#include "tests/dns/transport_sockets.h"

namespace meridian::dns {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::endpoint;
using testing::framed;
using testing::is_long_reply;
using testing::long_query;
using testing::patient;
using testing::query;
using testing::reply;
using testing::RunningTcpServer;
using testing::UpperCaseHandler;

TEST(TcpServer, AnswersOnBothFamilies) {
    RunningTcpServer server;
    for (const std::size_t index : {0u, 1u}) {
        const Client client = server.client(index);
        ASSERT_TRUE(client.send(framed(query(1))));
        EXPECT_EQ(client.read_message(), reply(1));
    }
    EXPECT_TRUE(server.handler().saw_stream);
    EXPECT_EQ(server.handler().smallest_buffer_octets, kMaxTcpOctets);
    EXPECT_EQ(server.counters().accepted, 2u);
    EXPECT_EQ(server.counters().queries, 2u);
}

TEST(TcpServer, SaysWhichAddressWasAsked) {
    testing::LocalAddressHandler handler;
    boost::asio::io_context context;
    const std::vector bound{endpoint("127.0.0.1"), endpoint("::1"), endpoint("0.0.0.0"),
                            endpoint("::")};
    const TcpServer server = TcpServer::open(context, bound, patient(), handler).value();
    std::thread thread([&context] { context.run(); });
    const auto at = server.endpoints();
    for (const Endpoint& asked : {at[0], at[1], endpoint("127.0.0.1", at[2].port),
                                  endpoint("127.3.2.1", at[2].port), endpoint("::1", at[3].port)}) {
        const Client client(SOCK_STREAM, asked);
        EXPECT_TRUE(client.send(framed(query(1)) + framed(query(2))));
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(client.read_message(), asked.to_string());
        }
    }
    context.stop();
    thread.join();
}

TEST(TcpServer, TakesMessagesInPiecesOfOneOctet) {
    RunningTcpServer server;
    const Client client = server.client();
    const int on = 1;
    setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (int i = 0; i < 3; ++i) {
        for (const char octet : framed(query(i))) {
            ASSERT_TRUE(client.send({&octet, 1}));
            std::this_thread::sleep_for(1ms);
        }
        EXPECT_EQ(client.read_message(), reply(i));
    }
}

TEST(TcpServer, AnswersPipelinedQueriesInOrder) {
    RunningTcpServer server;
    const Client client = server.client();
    std::string queries;
    for (int i = 0; i < 50; ++i) {
        queries += framed(query(i));
    }
    // The cut falls into the middle of a length and of a message.
    ASSERT_TRUE(client.send(queries.substr(0, 301)));
    ASSERT_TRUE(client.send(queries.substr(301)));
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(client.read_message(), reply(i));
    }
}

TEST(TcpServer, AnswersAHundredThousandQueriesOfOneConnection) {
    RunningTcpServer server;
    const Client client = server.client();
    constexpr int kCount = 100'000;
    std::thread writer([&client] {
        std::string queries;
        for (int i = 0; i < kCount; ++i) {
            queries += framed(query(i));
        }
        client.send(queries);
    });
    int in_order = 0;
    while (in_order < kCount && client.read_message() == reply(in_order)) {
        ++in_order;
    }
    writer.join();
    EXPECT_EQ(in_order, kCount);
    EXPECT_EQ(server.counters().queries, std::uint64_t{kCount});
}

TEST(TcpServer, CarriesTheLargestMessage) {
    RunningTcpServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(std::string(kMaxTcpOctets, 'a'))));
    EXPECT_EQ(client.read_message(), std::string(kMaxTcpOctets, 'A'));
}

TEST(TcpServer, SendsNothingWhereTheHandlerIsSilent) {
    RunningTcpServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed("-no answer to this") + framed(query(2))));
    EXPECT_EQ(client.read_message(), reply(2));
}

TEST(TcpServer, AnswersAClientThatHasStoppedSending) {
    RunningTcpServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(query(1)) + framed(query(2)) + "\x01"));
    ASSERT_EQ(shutdown(client.get(), SHUT_WR), 0);
    EXPECT_EQ(client.read_message(), reply(1));
    EXPECT_EQ(client.read_message(), reply(2));
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TcpServer, ClosesOnALengthThatNoMessageHas) {
    RunningTcpServer server;
    for (const std::size_t length : {std::size_t{0}, kHeaderOctets - 1}) {
        const Client client = server.client();
        ASSERT_TRUE(client.send(framed(std::string(length, 'a'))));
        EXPECT_TRUE(client.is_closed_by_server()) << length;
    }
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(std::string(kHeaderOctets, 'a'))));
    EXPECT_EQ(client.read_message(), std::string(kHeaderOctets, 'A'));
}

TEST(TcpServer, AnswersWhatStoodBeforeALengthThatNoMessageHas) {
    RunningTcpServer server;
    const std::string header_less_one(kHeaderOctets - 1, 'a');
    for (const std::string& bad :
         {std::string(2, '\0'), framed("a"), framed(header_less_one),
          framed("a") + framed(query(9)), framed("") + std::string(1 << 20, 'x')}) {
        for (const bool is_long : {false, true}) {
            SCOPED_TRACE(bad.size() + (is_long ? 1'000'000 : 0));
            const Client client = server.client();
            std::string octets;
            for (int i = 0; i < 5; ++i) {
                octets += framed(is_long ? long_query(i) : query(i));
            }
            ASSERT_TRUE(client.send(octets + bad));
            for (int i = 0; i < 5; ++i) {
                const auto message = client.read_message();
                ASSERT_TRUE(is_long ? is_long_reply(message, i) : message == reply(i)) << i;
            }
            EXPECT_TRUE(client.is_closed_by_server());
        }
    }
}

TEST(TcpServer, ClosesOnWhoGoesOnBehindSuchALength) {
    TcpOptions options = patient();
    options.message_timeout = 100ms;
    RunningTcpServer server(options);
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed("")));
    EXPECT_TRUE(client.is_closed_by_server());
    // The client learns at once that no answers come, and its queries are read for a short time
    // only.
    while (server.counters().open > 0 && client.send(framed(query(1)))) {
        std::this_thread::sleep_for(1ms);
    }
    while (server.counters().open > 0) {
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(server.counters().queries, 0u);
}

TEST(TcpServer, ClosesIdleConnections) {
    TcpOptions options = patient();
    options.idle_timeout = 100ms;
    RunningTcpServer server(options);
    const Client never_asked = server.client();
    const Client asked_once = server.client();
    ASSERT_TRUE(asked_once.send(framed(query(1))));
    EXPECT_EQ(asked_once.read_message(), reply(1));
    EXPECT_TRUE(asked_once.is_closed_by_server());
    EXPECT_TRUE(never_asked.is_closed_by_server());
    EXPECT_EQ(server.counters().open, 0u);
}

TEST(TcpServer, ClosesWhoNeverFinishesAMessage) {
    TcpOptions options = patient();
    options.message_timeout = 100ms;
    RunningTcpServer server(options);
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(query(1)) + framed(query(2)).substr(0, 1)));
    EXPECT_EQ(client.read_message(), reply(1));
    // An octet now and then does not help: the clock runs from the message's first one.
    std::thread dripping([&client] {
        for (int i = 0; i < 1000 && client.send("x"); ++i) {
            std::this_thread::sleep_for(20ms);
        }
    });
    EXPECT_TRUE(client.is_closed_by_server());
    dripping.join();
}

TEST(TcpServer, DrainAnswersWhatHasComeAndCloses) {
    RunningTcpServer server;
    const Client idle = server.client();
    const Client busy = server.client();
    constexpr int kCount = 200;
    std::string queries;
    for (int i = 0; i < kCount; ++i) {
        queries += framed("+" + query(i));
    }
    while (server.counters().accepted < 2) {
        std::this_thread::sleep_for(1ms);
    }
    ASSERT_TRUE(busy.send(queries));
    server.drain();
    EXPECT_TRUE(idle.is_closed_by_server());
    for (int i = 0; i < kCount; ++i) {
        const auto message = busy.read_message();
        ASSERT_TRUE(message) << i;
        ASSERT_EQ(message->substr(0, reply(i).size() + 1), "+" + reply(i));
    }
    EXPECT_TRUE(busy.is_closed_by_server());
    EXPECT_FALSE(Client(SOCK_STREAM, server.at()).connected());
}

TEST(TcpServer, DrainWaitsForNobodyWhoHasSentHalfAMessage) {
    RunningTcpServer server;
    const std::string whole = framed(query(1));
    const std::string long_front = std::string("\xff\xff") + std::string(60'000, 'x');
    std::vector<Client> clients;
    for (const std::string& half :
         {whole.substr(0, 1), whole.substr(0, 2), whole.substr(0, 9), long_front}) {
        ASSERT_TRUE(clients.emplace_back(server.client()).send(half));
        ASSERT_TRUE(clients.emplace_back(server.client()).send(whole + half));
    }
    while (server.counters().queries < 4) {
        std::this_thread::sleep_for(1ms);
    }
    server.drain();
    for (std::size_t i = 0; i < clients.size(); ++i) {
        SCOPED_TRACE(i);
        if (i % 2 == 1) { EXPECT_EQ(clients[i].read_message(), reply(1)); }
        EXPECT_TRUE(clients[i].is_closed_by_server());
    }
}

TEST(TcpServer, DrainAnswersWhatComesBehindAnswersThatWereNotRead) {
    RunningTcpServer server;
    const Client client = server.client();
    constexpr int kFirst = 300;  // more than the kernel buffers: 18 MB
    std::string queries;
    for (int i = 0; i < kFirst; ++i) {
        queries += framed(long_query(i));
    }
    ASSERT_TRUE(client.send(queries));
    while (server.counters().queries == 0) {
        std::this_thread::sleep_for(1ms);
    }
    ASSERT_TRUE(client.send(framed(long_query(kFirst)) + "\x01"));
    server.drain();
    for (int i = 0; i <= kFirst; ++i) {
        ASSERT_TRUE(is_long_reply(client.read_message(), i)) << i;
    }
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TcpServer, GoesWithConnectionsOpen) {
    UpperCaseHandler handler;
    boost::asio::io_context context;
    std::optional<TcpServer> server =
        TcpServer::open(context, std::vector{endpoint("127.0.0.1")}, patient(), handler).value();
    const Client client(SOCK_STREAM, server->endpoints()[0]);
    while (server->counters().open == 0) {
        context.run_one_for(1s);
    }
    ASSERT_TRUE(client.send("\x01"));
    server.reset();
    context.poll();  // what was under way ends without its server
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TcpServer, NamesTheEndpointThatItCannotBind) {
    UpperCaseHandler handler;
    boost::asio::io_context context;
    const auto server =
        TcpServer::open(context, std::vector{endpoint("192.0.2.1", 5300)}, {}, handler);
    ASSERT_FALSE(server);
    EXPECT_NE(server.error().find("192.0.2.1:5300"), std::string::npos) << server.error();
}

}  // namespace
}  // namespace meridian::dns
