// Gives tests of TCP a server that runs on a thread of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "meridian/dns/tcp_server.h"
#include "tests/dns/transport_sockets.h"

namespace meridian::dns::testing {

/// Timeouts that no test reaches, unless it sets its own.
inline TcpOptions patient() {
    TcpOptions options;
    options.idle_timeout = std::chrono::seconds(60);
    options.message_timeout = std::chrono::seconds(60);
    return options;
}

/// A server whose context runs on a thread of its own until the test ends.
class RunningTcpServer {
public:
    explicit RunningTcpServer(const TcpOptions& options = patient())
        : server_(open(options)), guard_(context_.get_executor()) {
        thread_ = std::thread([this] { context_.run(); });
    }
    ~RunningTcpServer() {
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

inline std::string query(int number) {
    return "query number " + std::to_string(number);
}
inline std::string reply(int number) {
    return "QUERY NUMBER " + std::to_string(number);
}

/// A query for an answer of kLongReplyOctets, and the beginning of that answer.
inline std::string long_query(int number) {
    return "+" + query(number);
}
inline bool is_long_reply(const std::optional<std::string>& message, int number) {
    return message && message->size() == kLongReplyOctets &&
           message->starts_with("+" + reply(number) + ".");
}

}  // namespace meridian::dns::testing
