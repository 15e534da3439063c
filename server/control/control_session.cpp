// Speaks with one client of the control socket: a line in, a line out.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace meridian::server {

using boost::system::error_code;
using std::chrono::steady_clock;

ControlSession::ControlSession(Socket socket, const ControlSessionLimits& limits,
                               ControlSessionOwner& owner)
    : socket_(std::move(socket)),
      limits_(limits),
      owner_(owner),
      deadline_(socket_.get_executor()) {}

void ControlSession::read_line() {
    set_deadline();
    auto buffer = boost::asio::dynamic_buffer(received_, limits_.line_octets);
    boost::asio::async_read_until(
        socket_, buffer, '\n',
        [self = shared_from_this()](const error_code& error, std::size_t octets) {
            if (self->closed_) { return; }
            if (error == boost::asio::error::not_found) {
                self->reply_ = R"({"error":"the line is too long"})"
                               "\n";
                self->send_reply(true);
            } else if (error) {
                self->close();
            } else {
                self->take_line(octets);
            }
        });
}

void ControlSession::take_line(std::size_t octets) {
    const std::string line = received_.substr(0, octets - 1);
    received_.erase(0, octets);
    busy_ = true;
    deadline_.expires_at(steady_clock::time_point::max());  // a reload takes what it takes
    owner_.on_line(*this, line);
}

void ControlSession::reply(std::string line) {
    if (closed_) { return; }
    reply_ = std::move(line);
    reply_ += '\n';
    send_reply(false);
}

void ControlSession::send_reply(bool last) {
    busy_ = false;
    set_deadline();
    boost::asio::async_write(socket_, boost::asio::buffer(reply_),
                             [self = shared_from_this(), last](const error_code& error, auto) {
                                 if (self->closed_) { return; }
                                 if (error || last) { return self->close(); }
                                 self->reply_ = {};  // that of many zones has megabytes
                                 self->read_line();
                             });
}

void ControlSession::set_deadline() {
    deadline_.expires_after(limits_.patience);
    deadline_.async_wait([self = shared_from_this()](const error_code& error) {
        // One that was moved in the meantime may be on its way here already.
        if (!error && self->deadline_.expiry() <= steady_clock::now()) { self->close(); }
    });
}

void ControlSession::close() {
    if (std::exchange(closed_, true)) { return; }
    error_code error;
    error = socket_.close(error);  // it is gone either way
    deadline_.cancel();
    owner_.on_closed(*this);
}

}  // namespace meridian::server
