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
#include <vector>

#include "meridian/ip_prefix.h"
#include "meridian/limits.h"

namespace meridian::dns {

class TcpConnection;

/// Memory for the message at hand, one for all connections of a thread: an idle connection holds
/// no buffer at all.
struct TcpScratch {
    std::array<std::uint8_t, 16384> input;  ///< One read; also what one turn may take.
    std::array<std::uint8_t, kMaxTcpOctets> message;
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

/// One connection (RFC 7766). It works in turns: read what is there, answer every whole message in
/// order, write what the kernel takes, wait for the socket. A turn is a loop and ends in a wait, so
/// that no number of pipelined queries nests calls or keeps others out.
///
/// What did not fit a turn is kept: the octets of a message that is not whole yet, and answers
/// that the peer does not read. When the latter reach kMaxTcpPendingOctets, reading stops.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    TcpConnection(boost::asio::ip::tcp::socket socket, const Endpoint& peer,
                  TcpConnectionOwner& owner);

    void start();
    /// Answers what has come by now and closes then. An idle connection closes at once.
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
    std::size_t answer_messages(std::span<const std::uint8_t> octets);
    void append_answer(std::span<const std::uint8_t> query);
    void flush();
    void finish_turn();
    void note_progress(std::size_t answered_count);
    [[nodiscard]] bool is_full() const { return output_.size() >= kMaxTcpPendingOctets; }
    [[nodiscard]] bool has_whole_message() const;

    boost::asio::ip::tcp::socket socket_;
    Endpoint peer_;
    TcpConnectionOwner& owner_;  // not to be used once closed
    TimePoint last_query_;
    std::optional<TimePoint> message_started_;
    std::vector<std::uint8_t> input_;   // came and is not answered
    std::vector<std::uint8_t> output_;  // answered and is not sent
    bool reading_ = false;              // a wait is under way
    bool writing_ = false;
    bool maybe_more_ = true;  // the last read filled its buffer
    bool ended_ = false;      // the peer sends nothing more
    bool draining_ = false;
    bool closed_ = false;
};

}  // namespace meridian::dns
