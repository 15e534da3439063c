// Asks a TCP server over real sockets, politely and not.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/resource.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>
#include <vector>

#include "meridian/dns/tcp_server.h"
#include "tests/dns/transport_sockets.h"

namespace meridian::dns {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::endpoint;
using testing::framed;
using testing::UpperCaseHandler;

/// Timeouts that no test waits for, unless it sets its own.
TcpOptions patient() {
    TcpOptions options;
    options.idle_timeout = 60s;
    options.message_timeout = 60s;
    return options;
}

/// A server whose context runs on a thread of its own until the test ends.
class RunningServer {
public:
    explicit RunningServer(const TcpOptions& options = patient())
        : server_(open(options)), guard_(context_.get_executor()) {
        thread_ = std::thread([this] { context_.run(); });
    }
    ~RunningServer() {
        context_.stop();
        thread_.join();
    }
    [[nodiscard]] Endpoint at(std::size_t index = 0) const { return server_.endpoints()[index]; }
    [[nodiscard]] Client client(std::size_t index = 0) const { return {SOCK_STREAM, at(index)}; }
    TcpCounters counters() {
        return on_context([this] { return server_.counters(); });
    }
    void drain() {
        on_context([this] {
            server_.drain();
            return true;
        });
    }
    const UpperCaseHandler& handler() const { return handler_; }

private:
    TcpServer open(const TcpOptions& options) {
        auto server = TcpServer::open(context_, std::vector{endpoint("127.0.0.1"), endpoint("::1")},
                                      options, handler_);
        EXPECT_TRUE(server) << server.error();
        return std::move(server).value();
    }
    template <typename F>
    auto on_context(F function) -> decltype(function()) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        boost::asio::post(context_, [&task] { task(); });
        return result.get();
    }

    UpperCaseHandler handler_;
    boost::asio::io_context context_;
    TcpServer server_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::thread thread_;
};

std::string query(int number) {
    return "query number " + std::to_string(number);
}
std::string reply(int number) {
    return "QUERY NUMBER " + std::to_string(number);
}

TEST(TcpServer, AnswersOnBothFamilies) {
    RunningServer server;
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

TEST(TcpServer, TakesMessagesInPiecesOfOneOctet) {
    RunningServer server;
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
    RunningServer server;
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
    RunningServer server;
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
    RunningServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(std::string(kMaxTcpOctets, 'a'))));
    EXPECT_EQ(client.read_message(), std::string(kMaxTcpOctets, 'A'));
}

TEST(TcpServer, SendsNothingWhereTheHandlerIsSilent) {
    RunningServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed("-no answer to this") + framed(query(2))));
    EXPECT_EQ(client.read_message(), reply(2));
}

TEST(TcpServer, AnswersAClientThatHasStoppedSending) {
    RunningServer server;
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(query(1)) + framed(query(2)) + "\x01"));
    ASSERT_EQ(shutdown(client.get(), SHUT_WR), 0);
    EXPECT_EQ(client.read_message(), reply(1));
    EXPECT_EQ(client.read_message(), reply(2));
    EXPECT_TRUE(client.is_closed_by_server());
}

TEST(TcpServer, ClosesOnALengthThatNoMessageHas) {
    RunningServer server;
    for (const std::size_t length : {std::size_t{0}, kHeaderOctets - 1}) {
        const Client client = server.client();
        ASSERT_TRUE(client.send(framed(std::string(length, 'a'))));
        EXPECT_TRUE(client.is_closed_by_server()) << length;
    }
    const Client client = server.client();
    ASSERT_TRUE(client.send(framed(std::string(kHeaderOctets, 'a'))));
    EXPECT_EQ(client.read_message(), std::string(kHeaderOctets, 'A'));
}

TEST(TcpServer, ClosesIdleConnections) {
    TcpOptions options = patient();
    options.idle_timeout = 100ms;
    RunningServer server(options);
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
    RunningServer server(options);
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

TEST(TcpServer, LimitsTheConnectionsOfOneClient) {
    TcpOptions options = patient();
    options.max_connections_per_client = 2;
    RunningServer server(options);
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
    RunningServer server(options);
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
    RunningServer server(options);
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
    // What it answered fits the kernel's buffers of a connection, not the whole of it.
    EXPECT_LT(server.counters().queries, 1000u);

    const Client fresh = server.client();
    ASSERT_TRUE(fresh.send(framed(query(1))));
    EXPECT_EQ(fresh.read_message(), reply(1));
}

TEST(TcpServer, AnswersAllToAClientThatReadsLate) {
    TcpOptions options = patient();
    options.message_timeout = 50ms;  // waiting queries are whole: this must not concern them
    RunningServer server(options);
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

TEST(TcpServer, DrainAnswersWhatHasComeAndCloses) {
    RunningServer server;
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

/// Leaves the process no descriptor to open until it goes. Nothing may be asserted meanwhile:
/// sanitizers and printers open descriptors too.
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
    RunningServer server;
    Client turned_away(SOCK_STREAM, Family::V4);
    Client next(SOCK_STREAM, Family::V4);
    bool was_told = false;
    {
        const NoDescriptors exhausted;
        turned_away.connect(server.at());  // by the kernel's backlog
        was_told = turned_away.is_closed_by_server();
    }
    EXPECT_TRUE(was_told);
    ASSERT_TRUE(next.connect(server.at()));
    ASSERT_TRUE(next.send(framed(query(1))));
    EXPECT_EQ(next.read_message(), reply(1));
    EXPECT_EQ(server.counters().refused, 1u);
}

TEST(TcpServer, OutOfDescriptorsTheMostIdleConnectionMakesRoom) {
    RunningServer server;
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
