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
#include "meridian/ip_prefix.h"
#include "meridian/limits.h"

namespace meridian::dns {

class TcpConnection;

/// Memory for the turn at hand, one for all connections of a thread: an idle connection holds no
/// buffer at all.
struct TcpScratch {
    std::array<std::uint8_t, kTcpReadOctets> input;  ///< One read; also what one turn may take.
    /// Answers are made where they are sent from, each behind its length. No more are begun once
    /// kMaxTcpTurnOctets are there, and the last may be as long as one can be.
    std::array<std::uint8_t, kMaxTcpTurnOctets + 2 + kMaxTcpOctets> output;
};

/// What a connection asks of the server that it belongs to.
class TcpConnectionOwner {
public:
    virtual ~TcpConnectionOwner() = default;
    virtual TcpScratch& scratch() = 0;
    /// Answers the query at the front of `message` there; returns the reply's length, 0 for none.
    virtual std::size_t answer(std::span<std::uint8_t> message, std::size_t query_octets,
                               const Endpoint& peer) = 0;
    /// At least one query was taken in: the connection is not idle.
    virtual void on_query(TcpConnection& connection) = 0;
    /// Called once. The connection asks nothing of its owner afterwards.
    virtual void on_closed(TcpConnection& connection) = 0;
};

/// One connection (RFC 7766). It works in turns: read some, answer whole messages in order, write
/// what the kernel takes, wait for the socket. A turn ends after kTcpReadOctets of queries or
/// kMaxTcpTurnOctets of answers, whatever else has come: then all others have theirs.
///
/// What did not fit a turn is kept: the octets that are not answered yet, and what the peer did not
/// read of the answers of one turn. Until it has read them, nothing more is read or answered.
///
/// A length that no message has ends the connection: what stood before it is answered, and whatever
/// follows it is thrown away.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    TcpConnection(boost::asio::ip::tcp::socket socket, const Endpoint& peer,
                  TcpConnectionOwner& owner);

    void start();
    /// Answers what has come by now and closes then: at once where that is nothing, or half a
    /// message.
    void drain();
    void close();

    [[nodiscard]] const Endpoint& peer() const { return peer_; }
    /// When the last query was taken in, or the connection began.
    [[nodiscard]] TimePoint last_query() const { return last_query_; }
    /// Since when a message has been incomplete, if one is.
    [[nodiscard]] std::optional<TimePoint> message_started() const { return message_started_; }

private:
    void on_readable();
    void on_writable();
    void read();
    void keep_unanswered(std::span<const std::uint8_t> fresh);
    std::size_t answer_messages(std::span<const std::uint8_t> octets);
    std::size_t append_answer(std::span<const std::uint8_t> query, std::size_t at);
    void send(std::span<const std::uint8_t> octets);
    std::size_t write(std::span<const std::uint8_t> octets);
    void send_kept();
    void finish_turn();
    void end_output();
    void wait_to_read();
    void wait_to_write();
    void note_progress(std::size_t answered_count);
    [[nodiscard]] bool has_whole_message() const;
    [[nodiscard]] bool has_work() const { return !output_.empty() || has_whole_message(); }

    boost::asio::ip::tcp::socket socket_;
    Endpoint peer_;
    TcpConnectionOwner& owner_;  // not to be used once closed
    TimePoint last_query_;
    std::optional<TimePoint> message_started_;
    PageBuffer input_;      // came and is not answered
    PageBuffer output_;     // answered and is not sent
    bool reading_ = false;  // a wait is under way
    bool writing_ = false;
    bool maybe_more_ = true;     // the last read filled its buffer
    bool ended_ = false;         // the peer sends nothing more
    bool out_of_step_ = false;   // a length was none: what else comes means nothing
    bool output_ended_ = false;  // the peer was told that no more answers come
    bool draining_ = false;
    bool closed_ = false;
};

}  // namespace meridian::dns
