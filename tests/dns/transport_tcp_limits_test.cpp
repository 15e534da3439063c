// Asks a TCP server for more than it gives: one client, a thousand, or clients that never read.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <random>
#include <thread>
#include <vector>

#include "dns/transport/page_buffer.h"
#include "meridian/dns/tcp_server.h"
#include "tests/dns/running_tcp_server.h"
#include "tests/dns/transport_sockets.h"

namespace meridian::dns {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::endpoint;
using testing::framed;
using testing::long_query;
using testing::patient;
using testing::query;
using testing::reply;
using testing::RunningTcpServer;
using testing::UpperCaseHandler;

TEST(TcpServer, LimitsTheConnectionsOfOneClient) {
    TcpOptions options = patient();
    options.max_connections_per_client = 2;
    RunningTcpServer server(options);
    std::optional<Client> first = server.client();
    const Client second = server.client();
    const Client third = server.client();
    EXPECT_TRUE(third.is_closed_by_server());
    const Client other_client = server.client(1);
    for (const Client* client :
         std::initializer_list<const Client*>{&*first, &second, &other_client}) {
        ASSERT_TRUE(client->send(framed(query(1))));
        EXPECT_EQ(client->read_message(), reply(1));
    }
    EXPECT_EQ(server.counters().refused, 1u);

    first.reset();
    while (server.counters().open > 2) {
        std::this_thread::sleep_for(1ms);
    }
    const Client next = server.client();
    ASSERT_TRUE(next.send(framed(query(1))));
    EXPECT_EQ(next.read_message(), reply(1));
}

TEST(TcpServer, TheMostIdleConnectionMakesRoom) {
    TcpOptions options = patient();
    options.max_connections = 3;
    RunningTcpServer server(options);
    const Client first = server.client();
    const Client second = server.client();
    const Client third = server.client();
    for (const Client* client : {&second, &third, &first}) {
        ASSERT_TRUE(client->send(framed(query(1))));
        EXPECT_EQ(client->read_message(), reply(1));
    }
    const Client fourth = server.client();
    EXPECT_TRUE(second.is_closed_by_server());
    for (const Client* client : {&first, &third, &fourth}) {
        ASSERT_TRUE(client->send(framed(query(2))));
        EXPECT_EQ(client->read_message(), reply(2));
    }
    EXPECT_EQ(server.counters().refused, 1u);
    EXPECT_EQ(server.counters().open, 3u);
}

TEST(TcpServer, PausesAndThenClosesWhoNeverReads) {
    TcpOptions options = patient();
    options.idle_timeout = 500ms;
    RunningTcpServer server(options);
    const Client client = server.client();
    const int small = 65536;
    setsockopt(client.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    constexpr int kCount = 20'000;  // 1.2 GB of answers
    std::string queries;
    for (int i = 0; i < kCount; ++i) {
        queries += framed("+" + query(i));
    }
    client.send(queries);  // ends when the server has closed
    while (server.counters().open > 0) {
        std::this_thread::sleep_for(1ms);
    }
    // The answers fit into the client's buffer and a little of the kernel's.
    EXPECT_LT(server.counters().queries, 20u);

    const Client fresh = server.client();
    ASSERT_TRUE(fresh.send(framed(query(1))));
    EXPECT_EQ(fresh.read_message(), reply(1));
}

TEST(TcpServer, AnswersAllToAClientThatReadsLate) {
    TcpOptions options = patient();
    options.message_timeout = 50ms;  // the waiting queries are whole: this must not concern them
    RunningTcpServer server(options);
    const Client client = server.client();
    constexpr int kCount = 500;
    std::string queries;
    for (int i = 0; i < kCount; ++i) {
        queries += framed("+" + query(i));
    }
    ASSERT_TRUE(client.send(queries));
    std::this_thread::sleep_for(300ms);
    for (int i = 0; i < kCount; ++i) {
        const auto message = client.read_message();
        ASSERT_TRUE(message) << i;
        ASSERT_EQ(message->size(), testing::kLongReplyOctets);
        ASSERT_EQ(message->substr(0, reply(i).size() + 2), "+" + reply(i) + ".");
    }
}

/// Leaves the process no free descriptor as long as it lives. Assert nothing meanwhile: sanitizers
/// and printers open descriptors too.
class NoDescriptors {
public:
    NoDescriptors() : lowest_free_(dup(0)) {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit exhausted = before_;
        exhausted.rlim_cur = static_cast<rlim_t>(lowest_free_.get());
        setrlimit(RLIMIT_NOFILE, &exhausted);
    }
    NoDescriptors(NoDescriptors&&) = delete;
    ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    FileDescriptor lowest_free_;
    rlimit before_{};
};

TEST(TcpServer, ServesAgainOnceDescriptorsAreFree) {
    RunningTcpServer server;
    Client turned_away(SOCK_STREAM, Family::V4);
    Client next(SOCK_STREAM, Family::V4);
    bool was_reported = false;
    {
        const NoDescriptors exhausted;
        turned_away.connect(server.at());  // by the kernel's backlog
        was_reported = turned_away.is_closed_by_server();
    }
    EXPECT_TRUE(was_reported);
    ASSERT_TRUE(next.connect(server.at()));
    ASSERT_TRUE(next.send(framed(query(1))));
    EXPECT_EQ(next.read_message(), reply(1));
    EXPECT_EQ(server.counters().refused, 1u);
}

TEST(TcpServer, OutOfDescriptorsTheMostIdleConnectionMakesRoom) {
    RunningTcpServer server;
    const Client idle = server.client();
    Client next(SOCK_STREAM, Family::V4);
    while (server.counters().open < 1) {
        std::this_thread::sleep_for(1ms);
    }
    std::optional<std::string> answer;
    {
        const NoDescriptors exhausted;
        next.connect(server.at());
        next.send(framed(query(1)));
        answer = next.read_message();
    }
    EXPECT_EQ(answer, reply(1));
    EXPECT_TRUE(idle.is_closed_by_server());
    EXPECT_EQ(server.counters().refused, 1u);
}

/// Records the order in which clients were answered.
class OrderHandler final : public Handler {
public:
    void answer(std::span<Request> batch) override {
        answered.push_back(batch[0].peer.port);
        upper_case_.answer(batch);
    }
    std::vector<std::uint16_t> answered;

private:
    UpperCaseHandler upper_case_;
};

/// How many other clients were answered between the arrival of a new client's query, beside
/// `busy_count` clients with `each` queries under way, and its answer.
std::size_t answered_before_a_new_client(std::size_t busy_count, int query_count,
                                         std::string (*query_of)(int)) {
    OrderHandler handler;
    boost::asio::io_context context;
    TcpOptions options = patient();
    options.max_connections_per_client = busy_count + 1;
    const TcpServer server =
        TcpServer::open(context, std::vector{endpoint("127.0.0.1")}, options, handler).value();
    std::vector<Client> busy;
    std::string queries;
    for (int i = 0; i < query_count; ++i) {
        queries += framed(query_of(i));
    }
    for (std::size_t i = 0; i < busy_count; ++i) {
        busy.emplace_back(SOCK_STREAM, server.endpoints()[0]);
        EXPECT_TRUE(busy.back().send(queries));
    }
    while (handler.answered.size() < busy_count) {
        context.run_one_for(1s);
    }
    const Client late(SOCK_STREAM, server.endpoints()[0]);
    EXPECT_TRUE(late.send(framed(query(1))));
    SocketAddress own;
    socklen_t length = sizeof own;
    getsockname(late.get(), &own.any, &length);
    const std::size_t before = handler.answered.size();
    while (handler.answered.back() != to_endpoint(own).port) {
        if (context.run_one_for(1s) == 0) { return SIZE_MAX; }
    }
    return handler.answered.size() - before - 1;
}

TEST(TcpServer, ANewClientWaitsForATurnOfEachOther) {
    // Up to two turns: of those that were due before it was accepted, and before it was read.
    EXPECT_LE(answered_before_a_new_client(1, 50, long_query), 2u);
    EXPECT_LE(answered_before_a_new_client(20, 50, long_query), 40u);
    const std::size_t of_a_turn = kTcpReadOctets / framed(query(100)).size() + 1;
    EXPECT_LE(answered_before_a_new_client(1, 5000, query), 2 * of_a_turn);
    EXPECT_LE(answered_before_a_new_client(20, 5000, query), 40 * of_a_turn);
}

TEST(PageBuffer, KeepsOctetsInOrder) {
    std::mt19937 random(7);  // the same every time
    PageBuffer buffer;
    std::string twin;
    for (int i = 0; i < 3000; ++i) {
        const std::string more(random() % 9000, static_cast<char>(i));
        ASSERT_TRUE(
            buffer.append({reinterpret_cast<const std::uint8_t*>(more.data()), more.size()}));
        twin += more;
        const std::size_t gone = random() % 3 == 0 ? twin.size() : random() % (twin.size() + 1);
        buffer.drop_front(gone);
        twin.erase(0, gone);
        ASSERT_EQ(buffer.empty(), twin.empty());
        const auto octets = buffer.octets();
        ASSERT_EQ(std::string(octets.begin(), octets.end()), twin);
    }
}

TEST(PageBuffer, GivesItsPagesBackOnceItIsEmpty) {
    PageBuffer buffer;
    const std::vector<std::uint8_t> octets(60'000, 1);
    ASSERT_TRUE(buffer.append(octets));
    ASSERT_TRUE(buffer.append(octets));  // grows
    auto* const memory = const_cast<std::uint8_t*>(buffer.octets().data());
    unsigned char resident[1] = {};
    ASSERT_EQ(mincore(memory, 1, resident), 0);
    buffer.drop_front(119'999);
    ASSERT_EQ(mincore(memory, 1, resident), 0);
    buffer.drop_front(1);
    EXPECT_EQ(mincore(memory, 1, resident), -1);
    EXPECT_EQ(errno, ENOMEM) << "nothing is mapped there";
}

}  // namespace
}  // namespace meridian::dns
