// Says in words what is wrong with a certificate.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

struct x509_st;

namespace meridian::server {

/// `error` is a code of X509_V_*; `depth` counts from the certificate of the host, which is 0.
/// `certificate` is the one that it stands for, or null.
std::string certificate_text(int error, int depth, const x509_st* certificate);

/// Whole days until it ends, negative when it has; none where its date cannot be read.
std::optional<int> days_to_end(const x509_st* certificate);

}  // namespace meridian::server
