// Asks a running server over its control socket.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_client.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "meridian/limits.h"
#include "server/control/socket_path.h"

namespace meridian::server {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

/// One question and its answer, done when `outcome` is there.
struct Exchange {
    explicit Exchange(const std::string& line) : question(line + '\n') {}

    void connect(const std::string& path) {
        socket.async_connect(stream_protocol::endpoint(path), [this](const error_code& error) {
            if (error) { return end(error); }
            send();
        });
    }
    void send() {
        boost::asio::async_write(socket, boost::asio::buffer(question),
                                 [this](const error_code& error, std::size_t) {
                                     // A server that closes may have said why before.
                                     if (error && error != boost::asio::error::broken_pipe) {
                                         return end(error);
                                     }
                                     receive();
                                 });
    }
    void receive() {
        boost::asio::async_read_until(socket,
                                      boost::asio::dynamic_buffer(answer, kMaxControlReplyOctets),
                                      '\n', [this](const error_code& error, std::size_t octets) {
                                          if (!error) { answer.resize(octets - 1); }
                                          end(error);
                                      });
    }
    void end(const error_code& error) { outcome = error; }

    boost::asio::io_context context{1};
    stream_protocol::socket socket{context};
    std::string question;
    std::string answer;
    std::optional<error_code> outcome;
};

ControlFailure failure_of(const std::string& path, const error_code& error) {
    switch (error.value()) {
        case ENOENT:
        case ENOTDIR:
            return {true,
                    "no server listens at " + path +
                        ": there is no such socket; is it running, and with the same "
                        "meridian.toml?",
                    true};
        case ECONNREFUSED:
            return {true, "no server listens at " + path + " any more", true};
        case EACCES:
        case EPERM:
            return {false,
                    path + ": " + error.message() +
                        "; ask as root, as the server's user, or as a member of the group that "
                        "control.group of meridian.toml names"};
        default:
            break;
    }
    if (error == boost::asio::error::eof || error == boost::asio::error::connection_reset) {
        return {true, path + ": the server closed the connection without an answer"};
    }
    return {false, path + ": " + error.message()};
}

}  // namespace

Result<std::string, ControlFailure> ask_control(const std::string& path, const std::string& line,
                                                std::chrono::milliseconds timeout) {
    const auto address = SocketPath::open(path);
    if (!address) {
        std::error_code error;
        const bool is_missing =
            !std::filesystem::exists(std::filesystem::path(path).parent_path(), error) && !error;
        return Failure{ControlFailure{is_missing, address.error()}};
    }
    Exchange exchange(line);
    exchange.connect(address->usable());
    exchange.context.run_for(timeout);
    if (!exchange.outcome) {
        return Failure{ControlFailure{
            true, path + ": no answer within " + std::to_string(timeout.count()) + " ms"}};
    }
    if (*exchange.outcome) { return Failure{failure_of(path, *exchange.outcome)}; }
    return std::move(exchange.answer);
}

}  // namespace meridian::server
