// Speaks DNS over one TCP connection.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "dns/transport/page_buffer.h"
#include "meridian/endpoint.h"
#include "meridian/limits.h"

namespace meridian::dns {

class TcpConnection;

/// Memory for the current turn, one for all connections of a thread: an idle connection has no
/// buffer at all.
struct TcpScratch {
    std::array<std::uint8_t, kTcpReadOctets> input;  ///< One read, the most that a turn takes.
    /// Answers are made in the memory from which they are sent, each behind its length. No more are
    /// begun once kMaxTcpTurnOctets are there, and the last one may have the full length of a
    /// message.
    std::array<std::uint8_t, kMaxTcpTurnOctets + 2 + kMaxTcpOctets> output;
};

/// What a connection needs of its server.
class TcpConnectionOwner {
public:
    virtual ~TcpConnectionOwner() = default;
    virtual TcpScratch& scratch() = 0;
    /// Answers the query at the front of `message` in place; returns the reply's length, 0 for
    /// none.
    virtual std::size_t answer(std::span<std::uint8_t> message, std::size_t query_octets,
                               const TcpConnection& connection) = 0;
    /// Called after at least one query was answered: the connection is not idle.
    virtual void on_query(TcpConnection& connection) = 0;
    /// Called once. The connection does not use its owner afterwards.
    virtual void on_closed(TcpConnection& connection) = 0;
};

/// One connection (RFC 7766). It works in turns: read some, answer whole messages in order, write
/// what the kernel takes, wait for the socket. A turn ends after kTcpReadOctets of queries or
/// kMaxTcpTurnOctets of answers, even when more have come: then the other connections have their
/// turns.
///
/// The rest is buffered: octets that are not answered yet, and answers of one turn that the peer
/// did not read. Until the peer has read them, nothing more is read or answered.
///
/// A length that no message has ends the connection: messages before it are answered, and all
/// octets behind it are discarded.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `peer` and `local` are its two ends.
    TcpConnection(boost::asio::ip::tcp::socket socket, const Endpoint& peer, const Endpoint& local,
                  TcpConnectionOwner& owner);

    void start();
    /// Answers the queries that have come by now, then closes: at once where none, or half of one,
    /// has come.
    void drain();
    void close();

    [[nodiscard]] const Endpoint& peer() const { return peer_; }
    [[nodiscard]] const Endpoint& local() const { return local_; }
    /// When the last query was answered, or the connection began.
    [[nodiscard]] TimePoint last_query() const { return last_query_; }
    /// When the incomplete message began, if there is one.
    [[nodiscard]] std::optional<TimePoint> message_started() const { return message_started_; }

private:
    void on_readable();
    void on_writable();
    void read();
    void answer_or_buffer(std::span<const std::uint8_t> fresh);
    std::size_t answer_messages(std::span<const std::uint8_t> octets);
    std::size_t append_answer(std::span<const std::uint8_t> query, std::size_t at);
    void send(std::span<const std::uint8_t> octets);
    std::size_t write(std::span<const std::uint8_t> octets);
    void send_buffered();
    void finish_turn();
    void end_output();
    void wait_to_read();
    void wait_to_write();
    void note_progress(std::size_t answered_count);
    [[nodiscard]] bool has_whole_message() const;
    [[nodiscard]] bool has_work() const { return !output_.empty() || has_whole_message(); }

    boost::asio::ip::tcp::socket socket_;
    Endpoint peer_;
    Endpoint local_;
    TcpConnectionOwner& owner_;  // not used after `on_closed`
    TimePoint last_query_;
    std::optional<TimePoint> message_started_;
    PageBuffer input_;      // received and not answered
    PageBuffer output_;     // answered and not sent
    bool reading_ = false;  // a wait is under way
    bool writing_ = false;
    bool maybe_more_ = true;     // the last read filled its buffer
    bool ended_ = false;         // the peer sends nothing more
    bool out_of_step_ = false;   // a length was wrong: all that follows is discarded
    bool output_ended_ = false;  // the sending side is shut down
    bool draining_ = false;
    bool closed_ = false;
};

}  // namespace meridian::dns
