// Serves connections on loopback the way a test wants it: well, badly or not at all.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/server/probing/back_end.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "meridian/assert.h"

namespace meridian::test {

BackEnd::BackEnd(Serve serve) : serve_(std::move(serve)) {
    BoundPort bound = bind_port(64);
    listener_ = std::move(bound.socket);
    port_ = bound.port;
    acceptor_ = std::thread([this] { accept_all(); });
}

BackEnd::~BackEnd() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        shutdown(listener_.get(), SHUT_RDWR);
        for (const int socket : sockets_) {
            shutdown(socket, SHUT_RDWR);
        }
    }
    acceptor_.join();
    for (std::thread& thread : threads_) {
        thread.join();
    }
    for (const int socket : sockets_) {
        close(socket);
    }
}

std::size_t BackEnd::count() {
    const std::lock_guard lock(mutex_);
    return sockets_.size();
}

void BackEnd::accept_all() {
    for (;;) {
        const int socket = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (socket < 0 || stopped_) {
            if (socket >= 0) { close(socket); }
            return;
        }
        sockets_.push_back(socket);
        threads_.emplace_back([this, socket] {
            serve_(socket);
            // Its number stays taken until the end: another socket must not get it meanwhile.
            shutdown(socket, SHUT_RDWR);
        });
    }
}

BoundPort bind_port(int backlog) {
    BoundPort bound{FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), 0};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    MERIDIAN_ASSERT(bind(bound.socket.get(), generic, size) == 0);
    MERIDIAN_ASSERT(getsockname(bound.socket.get(), generic, &size) == 0);
    if (backlog >= 0) { MERIDIAN_ASSERT(listen(bound.socket.get(), backlog) == 0); }
    bound.port = ntohs(address.sin_port);
    return bound;
}

std::string read_header(int socket) {
    std::string header;
    std::array<char, 1024> octets{};
    while (header.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = recv(socket, octets.data(), octets.size(), 0);
        if (count <= 0) { break; }
        header.append(octets.data(), static_cast<std::size_t>(count));
    }
    return header;
}

bool send_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) { return false; }
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void wait_for_close(int socket) {
    std::array<char, 1024> octets{};
    while (recv(socket, octets.data(), octets.size(), 0) > 0) {}
}

void reset(int socket) {
    // Connecting to no family gives up the connection with a reset, and keeps the number.
    const linger at_once{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    const sockaddr none{.sa_family = AF_UNSPEC, .sa_data = {}};
    [[maybe_unused]] const int given_up = connect(socket, &none, sizeof none);
}

BackEnd::Serve replies(const std::string& reply) {
    return [reply](int socket) {
        read_header(socket);
        send_all(socket, reply);
    };
}

}  // namespace meridian::test
