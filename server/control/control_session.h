// Speaks with one client of the control socket: a line in, a line out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace meridian::server {

class ControlSession;

/// The owner of sessions. Called on the session's context.
class ControlSessionOwner {
public:
    virtual ~ControlSessionOwner() = default;
    /// A whole line, without its end. The owner calls `reply` once, now or later.
    virtual void on_line(ControlSession& session, std::string_view line) = 0;
    virtual void on_closed(ControlSession& session) = 0;
};

struct ControlSessionLimits {
    std::size_t line_octets;
    std::chrono::milliseconds patience;  ///< For a line to come whole, and for a reply to be taken.
};

/// Closes itself when the client is done, is too slow or sends a line that is too long. Its owner
/// holds it until `on_closed`, and outlives it.
class ControlSession : public std::enable_shared_from_this<ControlSession> {
public:
    using Socket = boost::asio::local::stream_protocol::socket;
    ControlSession(Socket socket, const ControlSessionLimits& limits, ControlSessionOwner& owner);

    void start() { read_line(); }
    /// Sends a line, whose end is added, then reads the next.
    void reply(std::string line);
    void close();
    /// Of the socket, which the session keeps.
    [[nodiscard]] int descriptor() { return socket_.native_handle(); }
    /// Whether a line waits for its reply.
    [[nodiscard]] bool is_busy() const { return busy_; }

private:
    void read_line();
    void take_line(std::size_t octets);
    void send_reply(bool last);
    void set_deadline();

    Socket socket_;
    ControlSessionLimits limits_;
    ControlSessionOwner& owner_;
    boost::asio::steady_timer deadline_;
    std::string received_;  // a line, and what came behind it
    std::string reply_;
    bool busy_ = false;
    bool closed_ = false;
};

}  // namespace meridian::server
