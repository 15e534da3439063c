// Gives transport tests a handler without DNS and plain blocking clients.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dns/transport/socket_address.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/endpoint.h"
#include "meridian/file_descriptor.h"
#include "meridian/ip_address.h"

namespace meridian::dns::testing {

constexpr std::size_t kLongReplyOctets = 60'000;

/// Answers in upper case. A query that begins with '-' gets silence, one that begins with '+' an
/// answer of kLongReplyOctets whose first octets are the query.
class UpperCaseHandler final : public Handler {
public:
    void answer(std::span<Request> batch) override {
        const std::size_t largest = largest_batch.load();
        largest_batch = std::max(largest, batch.size());
        for (Request& request : batch) {
            answer_one(request);
        }
    }
    std::atomic<std::size_t> largest_batch = 0;
    std::atomic<std::size_t> smallest_buffer_octets = SIZE_MAX;
    std::atomic<bool> saw_stream = false;

private:
    void answer_one(Request& request) {
        smallest_buffer_octets = std::min(smallest_buffer_octets.load(), request.buffer.size());
        saw_stream = request.over_stream;
        const auto query = request.buffer.first(request.query_octets);
        if (query[0] == '-') { return; }
        for (std::uint8_t& octet : query) {
            octet = static_cast<std::uint8_t>(std::toupper(octet));
        }
        request.reply_octets = query.size();
        if (query[0] != '+') { return; }
        const auto rest = request.buffer.first(kLongReplyOctets).subspan(query.size());
        std::fill(rest.begin(), rest.end(), std::uint8_t{'.'});
        request.reply_octets = kLongReplyOctets;
    }
};

/// Answers with the text of the address that was asked.
class LocalAddressHandler final : public Handler {
public:
    void answer(std::span<Request> batch) override {
        for (Request& request : batch) {
            const std::string text = request.local.to_string();
            std::copy(text.begin(), text.end(), request.buffer.begin());
            request.reply_octets = text.size();
        }
    }
};

inline Endpoint endpoint(std::string_view address, std::uint16_t port = 0) {
    return {IpAddress::parse(address).value(), port};
}

/// A blocking client socket. Each wait ends after `kPatienceSeconds`, so that a server that does
/// nothing fails a test instead of hanging it.
class Client {
public:
    static constexpr int kPatienceSeconds = 20;

    Client(int type, Family family)
        : descriptor_(socket(family == Family::V4 ? AF_INET : AF_INET6, type, 0)) {
        const timeval patience{kPatienceSeconds, 0};
        setsockopt(get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    Client(int type, const Endpoint& server) : Client(type, server.address.family()) {
        connected_ = connect(server);
    }

    [[nodiscard]] int get() const { return descriptor_.get(); }
    [[nodiscard]] bool connected() const { return connected_; }
    bool connect(const Endpoint& server) {
        SocketAddress address;
        const socklen_t length = to_socket_address(server, address);
        return ::connect(get(), &address.any, length) == 0;
    }
    bool send(std::string_view octets) const {
        while (!octets.empty()) {
            const ssize_t count = ::send(get(), octets.data(), octets.size(), MSG_NOSIGNAL);
            if (count < 0) { return false; }
            octets.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    /// A datagram, which may be empty.
    bool send_datagram(std::string_view octets) const {
        return ::send(get(), octets.data(), octets.size(), 0) ==
               static_cast<ssize_t>(octets.size());
    }
    /// The next datagram; none when there is none in time.
    [[nodiscard]] std::optional<std::string> receive_datagram() const {
        std::string octets(65536, '\0');
        const ssize_t count = recv(get(), octets.data(), octets.size(), 0);
        if (count < 0) { return {}; }
        octets.resize(static_cast<std::size_t>(count));
        return octets;
    }
    /// Exactly `count` octets of a stream, or fewer when it ends.
    [[nodiscard]] std::string read(std::size_t count) const {
        std::string octets(count, '\0');
        std::size_t have = 0;
        while (have < count) {
            const ssize_t more = recv(get(), &octets[have], count - have, 0);
            if (more <= 0) { break; }
            have += static_cast<std::size_t>(more);
        }
        octets.resize(have);
        return octets;
    }
    /// The next message of a stream without its length; none at the end of the stream.
    [[nodiscard]] std::optional<std::string> read_message() const {
        const std::string prefix = read(2);
        if (prefix.size() < 2) { return {}; }
        const std::size_t length =
            (static_cast<std::size_t>(static_cast<std::uint8_t>(prefix[0])) << 8) |
            static_cast<std::uint8_t>(prefix[1]);
        std::string message = read(length);
        if (message.size() < length) { return {}; }
        return message;
    }
    /// Whether the server ends the connection without another octet.
    [[nodiscard]] bool is_closed_by_server() const {
        char octet = 0;
        const ssize_t count = recv(get(), &octet, 1, 0);
        return count == 0 || (count < 0 && errno == ECONNRESET);
    }

private:
    FileDescriptor descriptor_;
    bool connected_ = false;
};

/// A message with its length in front (RFC 1035 §4.2.2).
inline std::string framed(std::string_view message) {
    std::string result;
    result += static_cast<char>(message.size() >> 8);
    result += static_cast<char>(message.size() & 0xff);
    result += message;
    return result;
}

}  // namespace meridian::dns::testing
