// Speaks TLS with one address over a socket that does not block.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/ip_address.h"
#include "server/probing/stream_step.h"
#include "server/probing/tls_context.h"

struct ssl_st;
struct ssl_session_st;

namespace meridian::server {

/// What a later connection to the same target may resume, so that it costs no certificate again.
///
/// It is forgotten a minute after the certificate was verified, since a certificate that was
/// exchanged meanwhile is not seen. On the probing thread alone.
class TlsMemory {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    TlsMemory() = default;
    TlsMemory(const TlsMemory&) = delete;
    TlsMemory& operator=(const TlsMemory&) = delete;
    ~TlsMemory() { forget(); }

    /// Takes over `session`, unless it goes back to a certificate of another time.
    void keep(ssl_session_st* session, bool was_resumed, TimePoint now);
    /// None: the certificate is to be verified again. The memory keeps it.
    [[nodiscard]] ssl_session_st* recall(TimePoint now);
    void forget();

private:
    ssl_session_st* session_ = nullptr;
    TimePoint verified_ = {};
};

/// A client's session. The certificate is verified in the handshake, for `host` (RFC 9525), or for
/// the address where there is none; a session whose `shake_hands` is done is one with the host.
/// The socket stays the caller's and outlives it.
class TlsSession {
public:
    /// `memory` may be null. The error is OpenSSL's, in words.
    static Result<std::unique_ptr<TlsSession>, std::string> make(const TlsContext& context,
                                                                 int socket,
                                                                 const std::string& host,
                                                                 const IpAddress& address,
                                                                 std::shared_ptr<TlsMemory> memory);
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession();

    StreamStep shake_hands();
    StreamStep read(std::span<char> octets);
    StreamStep write(std::string_view octets);

    /// What is wrong with the certificate: "certificate ended 3 days ago". Empty: nothing was seen.
    [[nodiscard]] const std::string& certificate_problem() const { return certificate_problem_; }
    /// Of `BadTls`, in OpenSSL's words.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// Whole days until the certificate ends.
    [[nodiscard]] std::optional<int> certificate_days() const;
    [[nodiscard]] bool is_resumed() const;

private:
    /// What the BIO of OpenSSL knows of the socket; one that ignores SIGPIPE.
    struct Socket {
        int descriptor = -1;
        int error = 0;
        bool closed = false;
    };
    friend struct TlsCallbacks;

    TlsSession() = default;
    [[nodiscard]] bool set_host(const std::string& host, const IpAddress& address);
    StreamStep step(int result, std::size_t octets);

    ssl_st* session_ = nullptr;
    Socket socket_;
    std::shared_ptr<TlsMemory> memory_;
    std::string certificate_problem_;
    std::string problem_;
};

}  // namespace meridian::server
