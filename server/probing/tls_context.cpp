// Holds what all TLS probes share: the authorities that this system trusts.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "server/probing/tls_callbacks.h"

namespace meridian::server {

namespace {

std::string openssl_error(const std::string& what) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return what + ": " + (reason == nullptr ? "no memory" : reason);
}

void set_up(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);  // RFC 8996
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &TlsCallbacks::verified);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(context, &TlsCallbacks::session_made);
}

}  // namespace

Result<std::shared_ptr<TlsContext>, std::string> TlsContext::make() {
    ERR_clear_error();
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    if (context == nullptr) { return Failure{openssl_error("TLS cannot be used")}; }
    BIO_METHOD* const method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a probe");
    if (method == nullptr) {
        SSL_CTX_free(context);
        return Failure{openssl_error("TLS cannot be used")};
    }
    BIO_meth_set_read(method, &TlsCallbacks::read);
    BIO_meth_set_write(method, &TlsCallbacks::write);
    BIO_meth_set_ctrl(method, &TlsCallbacks::control);
    set_up(context);
    const std::shared_ptr<TlsContext> made(new TlsContext(context, method));
    if (SSL_CTX_set_default_verify_paths(context) != 1) {
        return Failure{openssl_error("the system's certificate authorities cannot be read")};
    }
    return made;
}

TlsContext::~TlsContext() {
    SSL_CTX_free(context_);
    BIO_meth_free(socket_method_);
}

Result<Unit, std::string> TlsContext::add_authority(const std::string& pem) {
    ERR_clear_error();
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr), &X509_free);
    if (certificate == nullptr) { return Failure{openssl_error("no certificate in PEM")}; }
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), certificate.get()) != 1) {
        return Failure{openssl_error("the certificate cannot be trusted")};
    }
    return Unit{};
}

}  // namespace meridian::server
