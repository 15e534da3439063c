// Speaks TLS with one address over a socket that does not block.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "server/probing/certificate_text.h"
#include "server/probing/tls_callbacks.h"

namespace meridian::server {

namespace {

constexpr std::chrono::minutes kLongestMemory{1};
constexpr std::string_view kProtocols("\x08http/1.1", 9);  // RFC 7301 §3.1

}  // namespace

int TlsCallbacks::read(BIO* bio, char* octets, int size) {
    auto& socket = *static_cast<TlsSession::Socket*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const ssize_t count =
        recv(socket.descriptor, octets, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (count == 0) { socket.closed = true; }
    if (count >= 0) { return static_cast<int>(count); }
    if (errno == EAGAIN || errno == EINTR) {
        BIO_set_retry_read(bio);
    } else {
        socket.error = errno;
    }
    return -1;
}

int TlsCallbacks::write(BIO* bio, const char* octets, int size) {
    auto& socket = *static_cast<TlsSession::Socket*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const ssize_t count = send(socket.descriptor, octets, static_cast<std::size_t>(size),
                               MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) { return static_cast<int>(count); }
    if (errno == EAGAIN || errno == EINTR) {
        BIO_set_retry_write(bio);
    } else {
        socket.error = errno;
    }
    return -1;
}

long TlsCallbacks::control(BIO* bio, int command, long number, void* pointer) {
    (void)number;
    (void)pointer;
    const auto& socket = *static_cast<const TlsSession::Socket*>(BIO_get_data(bio));
    if (command == BIO_CTRL_EOF) { return socket.closed ? 1 : 0; }
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int TlsCallbacks::verified(int passed, X509_STORE_CTX* chain) {
    if (passed == 1) { return 1; }
    const auto* const ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& session = *static_cast<TlsSession*>(SSL_get_app_data(ssl));
    session.certificate_problem_ =
        certificate_text(X509_STORE_CTX_get_error(chain), X509_STORE_CTX_get_error_depth(chain),
                         X509_STORE_CTX_get_current_cert(chain));
    return 0;
}

int TlsCallbacks::session_made(SSL* ssl, SSL_SESSION* session) {
    const auto& made = *static_cast<const TlsSession*>(SSL_get_app_data(ssl));
    if (made.memory_ == nullptr || SSL_SESSION_is_resumable(session) == 0) { return 0; }
    made.memory_->keep(session, made.is_resumed(), TlsMemory::TimePoint::clock::now());
    return 1;  // the reference is the memory's
}

void TlsMemory::keep(SSL_SESSION* session, bool was_resumed, TimePoint now) {
    SSL_SESSION_free(std::exchange(session_, session));
    if (!was_resumed) { verified_ = now; }
}

SSL_SESSION* TlsMemory::recall(TimePoint now) {
    if (session_ == nullptr) { return nullptr; }
    const X509* const certificate = SSL_SESSION_get0_peer(session_);
    const bool has_ended =
        certificate == nullptr || X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0;
    if (has_ended || now - verified_ >= kLongestMemory) { forget(); }
    return session_;
}

void TlsMemory::forget() {
    SSL_SESSION_free(std::exchange(session_, nullptr));
}

Result<std::unique_ptr<TlsSession>, std::string> TlsSession::make(
    const TlsContext& context, int socket, const std::string& host, const IpAddress& address,
    std::shared_ptr<TlsMemory> memory) {
    ERR_clear_error();
    std::unique_ptr<TlsSession> made(new TlsSession());
    made->session_ = SSL_new(context.native());
    BIO* const bio = BIO_new(context.socket_method());
    if (made->session_ == nullptr || bio == nullptr || !made->set_host(host, address)) {
        BIO_free(bio);
        return Failure{std::string("a TLS session cannot be made")};
    }
    made->socket_.descriptor = socket;
    made->memory_ = std::move(memory);
    BIO_set_data(bio, &made->socket_);
    BIO_set_init(bio, 1);
    SSL_set_bio(made->session_, bio, bio);
    SSL_set_app_data(made->session_, made.get());
    SSL_set_connect_state(made->session_);
    SSL_set_alpn_protos(made->session_, reinterpret_cast<const unsigned char*>(kProtocols.data()),
                        static_cast<unsigned>(kProtocols.size()));
    if (made->memory_ != nullptr) {
        SSL_SESSION* const known = made->memory_->recall(TlsMemory::TimePoint::clock::now());
        if (known != nullptr) { SSL_set_session(made->session_, known); }
    }
    return made;
}

TlsSession::~TlsSession() {
    if (session_ == nullptr) { return; }
    // Else OpenSSL holds that the connection broke, and takes back the session that is to be
    // resumed.
    if (SSL_is_init_finished(session_) == 1) {
        SSL_set_shutdown(session_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    }
    SSL_free(session_);
}

bool TlsSession::set_host(const std::string& host, const IpAddress& address) {
    if (host.empty() || IpAddress::parse(host)) {  // RFC 6066 §3: no address in SNI
        const std::string literal = host.empty() ? address.to_string() : host;
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_), literal.c_str()) == 1;
    }
    SSL_set_hostflags(session_, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // As the macro does it, whose casts are of the old style. The name is copied.
    return SSL_set1_host(session_, host.c_str()) == 1 &&
           SSL_ctrl(session_, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1;
}

StreamStep TlsSession::shake_hands() {
    ERR_clear_error();
    return step(SSL_do_handshake(session_), 0);
}

StreamStep TlsSession::read(std::span<char> octets) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(session_, octets.data(), octets.size(), &count);
    return step(result, count);
}

StreamStep TlsSession::write(std::string_view octets) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(session_, octets.data(), octets.size(), &count);
    return step(result, count);
}

StreamStep TlsSession::step(int result, std::size_t octets) {
    using Outcome = StreamStep::Outcome;
    if (result > 0) { return {.outcome = Outcome::Done, .octets = octets}; }
    const int reason = SSL_get_error(session_, result);
    if (reason == SSL_ERROR_WANT_READ) { return {.outcome = Outcome::WantsRead}; }
    if (reason == SSL_ERROR_WANT_WRITE) { return {.outcome = Outcome::WantsWrite}; }
    if (socket_.error != 0) { return {.outcome = Outcome::Error, .error = socket_.error}; }
    if (reason == SSL_ERROR_ZERO_RETURN || socket_.closed) { return {.outcome = Outcome::Closed}; }
    const char* const words = ERR_reason_error_string(ERR_peek_error());
    problem_ = words == nullptr ? "broken" : words;
    return {.outcome = Outcome::BadTls};
}

std::optional<int> TlsSession::certificate_days() const {
    return days_to_end(SSL_get0_peer_certificate(session_));
}

bool TlsSession::is_resumed() const {
    return SSL_session_reused(session_) == 1;
}

}  // namespace meridian::server
