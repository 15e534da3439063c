// Makes certificates that are good, ended or of other hosts, and serves TLS with them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tests/server/probing/back_end.h"

struct evp_pkey_st;
struct x509_st;

namespace meridian::test {

/// A certificate with its key.
struct Certificate {
    std::shared_ptr<evp_pkey_st> key;
    std::shared_ptr<x509_st> certificate;
    [[nodiscard]] std::string pem() const;
};

struct CertificateWish {
    std::string common_name;
    std::string alternative_names = {};  ///< "DNS:www.beigel.example"; empty: none.
    long begins_in_seconds = -3600;
    long ends_in_seconds = 90L * 24 * 3600 + 1800;
    bool is_authority = false;
};

/// Signed by `issuer`, or by itself.
Certificate make_certificate(const CertificateWish& wish, const Certificate* issuer = nullptr);

/// What a server saw of its clients.
struct TlsSeen {
    std::mutex mutex;
    std::vector<std::string> server_names;
    std::vector<bool> resumed;
};

/// Shakes hands, reads a request and sends `reply`. `seen` may be null.
BackEnd::Serve replies_over_tls(const Certificate& certificate, const std::string& reply,
                                std::shared_ptr<TlsSeen> seen = nullptr);

}  // namespace meridian::test
