// Speaks DNS over one TCP connection.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/transport/tcp_connection.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "meridian/assert.h"
#include "meridian/bytes.h"

namespace meridian::dns {

namespace {

constexpr std::size_t kPrefixOctets = 2;  // RFC 1035 §4.2.2

bool is_temporary(const boost::system::error_code& error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
           error == boost::asio::error::interrupted;
}

}  // namespace

TcpConnection::TcpConnection(boost::asio::ip::tcp::socket socket, const Endpoint& peer,
                             const Endpoint& local, TcpConnectionOwner& owner)
    : socket_(std::move(socket)),
      peer_(peer),
      local_(local),
      owner_(owner),
      last_query_(std::chrono::steady_clock::now()) {}

void TcpConnection::start() {
    boost::system::error_code error;
    // Answers are written whole; Nagle's algorithm would only delay them.
    if (socket_.non_blocking(true, error) ||
        socket_.set_option(boost::asio::ip::tcp::no_delay(true), error)) {
        close();
        return;
    }
    // The query has mostly arrived before the accept: reading now saves one turn.
    read();
    finish_turn();
}

void TcpConnection::close() {
    if (closed_) { return; }
    closed_ = true;
    const auto self = shared_from_this();
    // A failure here changes nothing: the connection is over either way.
    boost::system::error_code error;
    error = socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, error);
    error = socket_.close(error);
    owner_.on_closed(*this);
}

void TcpConnection::drain() {
    if (closed_) { return; }
    draining_ = true;
    maybe_more_ = true;  // the last read was some time ago
    if (!has_work()) { read(); }
    finish_turn();
}

void TcpConnection::on_readable() {
    if (!has_work()) { read(); }  // else a write in between took the turn
    finish_turn();
}

void TcpConnection::on_writable() {
    send_buffered();
    if (closed_) { return; }
    if (output_.empty() && has_whole_message()) {
        input_.drop_front(answer_messages(input_.octets()));
    } else if (draining_ && !has_work() && maybe_more_) {
        read();
    }
    finish_turn();
}

void TcpConnection::read() {
    TcpScratch& scratch = owner_.scratch();
    boost::system::error_code error;
    const std::size_t count = socket_.read_some(boost::asio::buffer(scratch.input), error);
    maybe_more_ = count == scratch.input.size();
    if (error == boost::asio::error::eof) {
        ended_ = true;  // the peer may still read its answers
        return;
    }
    if (error) {
        if (!is_temporary(error)) { close(); }
        return;
    }
    if (out_of_step_) { return; }
    answer_or_buffer(std::span(scratch.input).first(count));
}

/// Answers the buffered queries with `fresh` behind them, as far as one turn goes; buffers the
/// rest.
void TcpConnection::answer_or_buffer(std::span<const std::uint8_t> fresh) {
    // The usual case: whole messages, of which nothing has to be buffered.
    const bool is_all = input_.empty();
    const auto rest = is_all ? fresh.subspan(answer_messages(fresh)) : fresh;
    if (closed_) { return; }
    if (!input_.append(rest)) {
        close();  // there is no memory for it
        return;
    }
    if (!is_all) { input_.drop_front(answer_messages(input_.octets())); }
}

/// Answers the whole messages at the front of `octets` in order, until the turn is over. Returns
/// how many octets it consumed. Expects that all earlier answers are sent.
std::size_t TcpConnection::answer_messages(std::span<const std::uint8_t> octets) {
    std::size_t position = 0;
    std::size_t answer_octets = 0;
    std::size_t answered_count = 0;
    while (answer_octets < kMaxTcpTurnOctets && octets.size() - position >= kPrefixOctets) {
        const std::size_t length = load_u16(octets, position);
        if (length < kHeaderOctets) {
            // No message is that short: the octets behind it are not in step.
            out_of_step_ = true;
            position = octets.size();
            break;
        }
        const auto rest = octets.subspan(position + kPrefixOctets);
        if (rest.size() < length) { break; }
        answer_octets += append_answer(rest.first(length), answer_octets);
        position += kPrefixOctets + length;
        ++answered_count;
    }
    note_progress(answered_count);
    send(std::span(owner_.scratch().output).first(answer_octets));
    return position;
}

void TcpConnection::note_progress(std::size_t answered_count) {
    if (answered_count == 0) { return; }
    last_query_ = std::chrono::steady_clock::now();
    message_started_.reset();
    owner_.on_query(*this);
}

/// Writes an answer behind its length at `at` in the memory of the turn; returns the octets of
/// both.
std::size_t TcpConnection::append_answer(std::span<const std::uint8_t> query, std::size_t at) {
    const auto place = std::span(owner_.scratch().output).subspan(at);
    const auto message = place.subspan(kPrefixOctets).first(kMaxTcpOctets);
    std::copy(query.begin(), query.end(), message.begin());
    const std::size_t octets = owner_.answer(message, query.size(), *this);
    MERIDIAN_ASSERT(octets <= message.size());
    if (octets == 0) { return 0; }
    store_u16(place, 0, static_cast<std::uint16_t>(octets));
    return kPrefixOctets + octets;
}

/// Sends as much as the kernel takes, and buffers the rest.
void TcpConnection::send(std::span<const std::uint8_t> octets) {
    const auto rest = octets.subspan(write(octets));
    if (!closed_ && !output_.append(rest)) { close(); }  // there is no memory for it
}

/// Returns how many octets the kernel took. Closes the connection if the peer is gone.
std::size_t TcpConnection::write(std::span<const std::uint8_t> octets) {
    std::size_t sent_count = 0;
    while (sent_count < octets.size()) {
        boost::system::error_code error;
        const auto rest = octets.subspan(sent_count);
        sent_count += socket_.write_some(boost::asio::buffer(rest.data(), rest.size()), error);
        if (error && is_temporary(error)) { break; }
        if (error) {
            close();
            break;
        }
    }
    return sent_count;
}

void TcpConnection::send_buffered() {
    output_.drop_front(write(output_.octets()));
}

bool TcpConnection::has_whole_message() const {
    const auto octets = input_.octets();
    return octets.size() >= kPrefixOctets && octets.size() - kPrefixOctets >= load_u16(octets, 0);
}

/// Waits for the next event that the connection needs, or ends the connection.
void TcpConnection::finish_turn() {
    if (closed_) { return; }
    if (has_work()) {
        // Queries that wait for the next turn continue from here too: a socket with room is
        // writable at once.
        wait_to_write();
        return;
    }
    if (!input_.empty() && !message_started_) {
        message_started_ = std::chrono::steady_clock::now();
    }
    if (ended_ || (draining_ && (!maybe_more_ || out_of_step_))) {
        close();
        return;
    }
    if (draining_) {
        wait_to_write();
        return;
    }
    if (out_of_step_) { end_output(); }
    wait_to_read();
}

/// Ends the sending side, and gives the peer the time of a slow message to read the answers that
/// are under way: closing with octets unread would reset the connection, and the peer would lose
/// answers.
void TcpConnection::end_output() {
    if (output_ended_) { return; }
    output_ended_ = true;
    message_started_ = std::chrono::steady_clock::now();
    boost::system::error_code error;
    error = socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
}

void TcpConnection::wait_to_write() {
    if (writing_) { return; }
    writing_ = true;
    using Wait = boost::asio::ip::tcp::socket::wait_type;
    socket_.async_wait(Wait::wait_write, [self = shared_from_this()](const auto& error) {
        self->writing_ = false;
        if (!error && !self->closed_) { self->on_writable(); }
    });
}

void TcpConnection::wait_to_read() {
    if (reading_) { return; }
    reading_ = true;
    using Wait = boost::asio::ip::tcp::socket::wait_type;
    socket_.async_wait(Wait::wait_read, [self = shared_from_this()](const auto& error) {
        self->reading_ = false;
        if (!error && !self->closed_) { self->on_readable(); }
    });
}

}  // namespace meridian::dns
