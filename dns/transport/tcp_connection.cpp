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

void give_memory_back(std::vector<std::uint8_t>& octets) {
    std::vector<std::uint8_t>().swap(octets);
}

void drop_front(std::vector<std::uint8_t>& octets, std::size_t count) {
    if (count == octets.size()) {
        give_memory_back(octets);
        return;
    }
    octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
}

bool is_temporary(const boost::system::error_code& error) {
    return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
           error == boost::asio::error::interrupted;
}

}  // namespace

TcpConnection::TcpConnection(boost::asio::ip::tcp::socket socket, const Endpoint& peer,
                             TcpConnectionOwner& owner)
    : socket_(std::move(socket)),
      peer_(peer),
      owner_(owner),
      last_query_(std::chrono::steady_clock::now()) {}

void TcpConnection::start() {
    boost::system::error_code error;
    // Answers leave whole; holding one back until the last is acknowledged only delays it.
    if (socket_.non_blocking(true, error) ||
        socket_.set_option(boost::asio::ip::tcp::no_delay(true), error)) {
        close();
        return;
    }
    finish_turn();
}

void TcpConnection::close() {
    if (closed_) { return; }
    closed_ = true;
    const auto self = shared_from_this();
    // Neither can fail in a way that leaves anything to do.
    boost::system::error_code error;
    error = socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, error);
    error = socket_.close(error);
    owner_.on_closed(*this);
}

void TcpConnection::drain() {
    if (closed_) { return; }
    draining_ = true;
    if (!is_full() && !has_whole_message()) { read(); }
    if (!closed_) { finish_turn(); }
}

void TcpConnection::on_readable() {
    if (is_full() || has_whole_message()) { return; }  // a write in between took the turn
    read();
    if (!closed_) { finish_turn(); }
}

void TcpConnection::on_writable() {
    flush();
    if (closed_) { return; }
    drop_front(input_, answer_messages(input_));
    finish_turn();
}

void TcpConnection::read() {
    TcpScratch& scratch = owner_.scratch();
    boost::system::error_code error;
    const std::size_t count = socket_.read_some(boost::asio::buffer(scratch.input), error);
    maybe_more_ = count == scratch.input.size();
    if (error == boost::asio::error::eof) {
        ended_ = true;  // it may still read its answers
        return;
    }
    if (error) {
        if (!is_temporary(error)) { close(); }
        return;
    }
    const std::span<const std::uint8_t> fresh(scratch.input.data(), count);
    if (!input_.empty()) {
        input_.insert(input_.end(), fresh.begin(), fresh.end());
        drop_front(input_, answer_messages(input_));
        return;
    }
    // The usual case: whole messages, of which nothing has to be kept.
    const auto rest = fresh.subspan(answer_messages(fresh));
    input_.assign(rest.begin(), rest.end());
}

/// Answers the whole messages at the front of `octets` in order until the peer has to read first.
/// Returns how many octets are dealt with.
std::size_t TcpConnection::answer_messages(std::span<const std::uint8_t> octets) {
    std::size_t position = 0;
    std::size_t answered_count = 0;
    while (!closed_ && octets.size() - position >= kPrefixOctets) {
        const std::size_t length = load_u16(octets, position);
        if (length < kHeaderOctets) {
            // No message is that short: what follows cannot be trusted to be in step.
            close();
            return octets.size();
        }
        if (octets.size() - position - kPrefixOctets < length) { break; }
        if (is_full()) { flush(); }
        if (is_full() || closed_) { break; }
        append_answer(octets.subspan(position + kPrefixOctets, length));
        position += kPrefixOctets + length;
        ++answered_count;
    }
    if (closed_) { return octets.size(); }
    note_progress(answered_count);
    // Queries that are whole wait for the peer to read, which is no slow message.
    const bool incomplete = position < octets.size() && !is_full();
    if (incomplete && !message_started_) { message_started_ = std::chrono::steady_clock::now(); }
    return position;
}

void TcpConnection::note_progress(std::size_t answered_count) {
    if (answered_count == 0) { return; }
    last_query_ = std::chrono::steady_clock::now();
    message_started_.reset();
    owner_.on_query(*this);
}

void TcpConnection::append_answer(std::span<const std::uint8_t> query) {
    auto& message = owner_.scratch().message;
    std::copy(query.begin(), query.end(), message.begin());
    const std::size_t octets = owner_.answer(message, query.size(), peer_);
    MERIDIAN_ASSERT(octets <= message.size());
    if (octets == 0) { return; }
    const std::size_t front = output_.size();
    output_.resize(front + kPrefixOctets + octets);
    store_u16(output_, front, static_cast<std::uint16_t>(octets));
    std::copy_n(message.begin(), octets,
                output_.begin() + static_cast<std::ptrdiff_t>(front + kPrefixOctets));
}

void TcpConnection::flush() {
    std::size_t sent_count = 0;
    while (sent_count < output_.size()) {
        boost::system::error_code error;
        const std::span<const std::uint8_t> rest = std::span(output_).subspan(sent_count);
        sent_count += socket_.write_some(boost::asio::buffer(rest.data(), rest.size()), error);
        if (error && is_temporary(error)) { break; }
        if (error) {
            close();
            return;
        }
    }
    drop_front(output_, sent_count);
}

bool TcpConnection::has_whole_message() const {
    return input_.size() >= kPrefixOctets && input_.size() - kPrefixOctets >= load_u16(input_, 0);
}

/// Writes what can be written, then waits for whatever must happen next.
void TcpConnection::finish_turn() {
    flush();
    if (closed_) { return; }
    const bool has_work = !output_.empty() || has_whole_message();
    const bool nothing_more = ended_ || (draining_ && input_.empty() && !maybe_more_);
    if (!has_work && nothing_more) {
        close();
        return;
    }
    using Wait = boost::asio::ip::tcp::socket::wait_type;
    if (has_work && !writing_) {
        // Queries that wait for room go on from here too: a socket with room is writable at once.
        writing_ = true;
        socket_.async_wait(Wait::wait_write, [self = shared_from_this()](const auto& error) {
            self->writing_ = false;
            if (!error && !self->closed_) { self->on_writable(); }
        });
    }
    if (!nothing_more && !is_full() && !has_whole_message() && !reading_) {
        reading_ = true;
        socket_.async_wait(Wait::wait_read, [self = shared_from_this()](const auto& error) {
            self->reading_ = false;
            if (!error && !self->closed_) { self->on_readable(); }
        });
    }
}

}  // namespace meridian::dns
