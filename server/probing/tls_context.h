// Holds what all TLS probes share: the authorities that this system trusts.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "meridian/result.h"

struct ssl_ctx_st;
struct bio_method_st;

namespace meridian::server {

/// One for all probes of a thread. Certificates are verified against the system's store, whose
/// folder of hashes is read as authorities are met.
class TlsContext {
public:
    /// The error is OpenSSL's, in words.
    static Result<std::shared_ptr<TlsContext>, std::string> make();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

    /// Trusts one more authority, given as PEM.
    Result<Unit, std::string> add_authority(const std::string& pem);

    [[nodiscard]] ssl_ctx_st* native() const { return context_; }
    [[nodiscard]] bio_method_st* socket_method() const { return socket_method_; }

private:
    TlsContext(ssl_ctx_st* context, bio_method_st* socket_method)
        : context_(context), socket_method_(socket_method) {}

    ssl_ctx_st* context_;
    bio_method_st* socket_method_;
};

}  // namespace meridian::server
