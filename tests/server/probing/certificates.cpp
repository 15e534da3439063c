// Makes certificates that are good, ended or of other hosts, and serves TLS with them.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/server/probing/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <csignal>
#include <utility>

#include "meridian/assert.h"

namespace meridian::test {

namespace {

void add_extension(X509* certificate, X509* issuer, int name, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, name, value.c_str());
    MERIDIAN_ASSERT(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

std::shared_ptr<SSL_CTX> server_context(const Certificate& certificate) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's sockets raise it, those of probes do not
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    MERIDIAN_ASSERT(SSL_CTX_use_certificate(context.get(), certificate.certificate.get()) == 1);
    MERIDIAN_ASSERT(SSL_CTX_use_PrivateKey(context.get(), certificate.key.get()) == 1);
    return context;
}

void serve_session(SSL* session, const std::string& reply, TlsSeen* seen) {
    if (SSL_accept(session) != 1) { return; }
    if (seen != nullptr) {
        const std::lock_guard lock(seen->mutex);
        const char* const name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
        seen->server_names.emplace_back(name == nullptr ? "" : name);
        seen->resumed.push_back(SSL_session_reused(session) == 1);
    }
    std::array<char, 4096> octets{};
    if (SSL_read(session, octets.data(), static_cast<int>(octets.size())) <= 0) { return; }
    if (!reply.empty()) { SSL_write(session, reply.data(), static_cast<int>(reply.size())); }
    SSL_shutdown(session);
}

}  // namespace

std::string Certificate::pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(text.get(), certificate.get());
    std::string result(4096, '\0');
    result.resize(static_cast<std::size_t>(
        BIO_read(text.get(), result.data(), static_cast<int>(result.size()))));
    return result;
}

Certificate make_certificate(const CertificateWish& wish, const Certificate* issuer) {
    static long serial = 0;
    Certificate made{{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free},
                     {X509_new(), &X509_free}};
    X509* const certificate = made.certificate.get();
    X509* const authority = issuer == nullptr ? certificate : issuer->certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), wish.begins_in_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), wish.ends_in_seconds);
    X509_set_pubkey(certificate, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(authority));
    if (wish.is_authority) {
        add_extension(certificate, authority, NID_basic_constraints, "critical,CA:TRUE");
    }
    if (!wish.alternative_names.empty()) {
        add_extension(certificate, authority, NID_subject_alt_name, wish.alternative_names);
    }
    EVP_PKEY* const key = issuer == nullptr ? made.key.get() : issuer->key.get();
    MERIDIAN_ASSERT(X509_sign(certificate, key, EVP_sha256()) > 0);
    return made;
}

BackEnd::Serve replies_over_tls(const Certificate& certificate, const std::string& reply,
                                std::shared_ptr<TlsSeen> seen) {
    return [context = server_context(certificate), reply, seen = std::move(seen)](int socket) {
        const std::unique_ptr<SSL, decltype(&SSL_free)> session(SSL_new(context.get()), &SSL_free);
        SSL_set_fd(session.get(), socket);
        serve_session(session.get(), reply, seen.get());
    };
}

}  // namespace meridian::test
