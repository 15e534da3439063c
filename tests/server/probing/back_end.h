// Serves connections on loopback the way a test wants it: well, badly or not at all.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "meridian/file_descriptor.h"

namespace meridian::test {

/// Listens at a free port of 127.0.0.1. Each connection has a thread of its own, which ends with
/// the back end at the latest.
class BackEnd {
public:
    /// Called with a socket that blocks; it is closed behind it.
    using Serve = std::function<void(int socket)>;
    explicit BackEnd(Serve serve);
    BackEnd(const BackEnd&) = delete;
    BackEnd& operator=(const BackEnd&) = delete;
    ~BackEnd();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// How many connections came.
    [[nodiscard]] std::size_t count();

private:
    void accept_all();

    Serve serve_;
    FileDescriptor listener_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    bool stopped_ = false;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// A socket that is bound to a port of 127.0.0.1, which it keeps; it listens if `backlog` >= 0.
struct BoundPort {
    FileDescriptor socket;
    std::uint16_t port = 0;
};
BoundPort bind_port(int backlog);

/// Reads up to the empty line behind a header; what came, whole or not.
std::string read_header(int socket);
/// Whether all of it went out.
bool send_all(int socket, std::string_view text);
/// Waits until the other side closes.
void wait_for_close(int socket);
/// Closes with a reset, now.
void reset(int socket);

/// Answers each request with `reply`.
BackEnd::Serve replies(const std::string& reply);

}  // namespace meridian::test
