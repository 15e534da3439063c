// Declares what OpenSSL calls while a probe speaks TLS.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

struct bio_st;
struct ssl_st;
struct ssl_session_st;
struct x509_store_ctx_st;

namespace meridian::server {

/// They find their `TlsSession` in the data of the BIO or of the SSL object.
struct TlsCallbacks {
    static int read(bio_st* bio, char* octets, int size);
    static int write(bio_st* bio, const char* octets, int size);
    static long control(bio_st* bio, int command, long number, void* pointer);
    /// Keeps why a certificate is refused.
    static int verified(int passed, x509_store_ctx_st* chain);
    static int session_made(ssl_st* ssl, ssl_session_st* session);
};

}  // namespace meridian::server
