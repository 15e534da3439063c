// Says what an error of the system means for a probe.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/probe_failure.h"

#include <cerrno>
#include <system_error>

namespace meridian::server {

bool is_own_shortage(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

std::string own_shortage_text(int error) {
    return "this server ran short: " + std::generic_category().message(error);
}

CheckResult failure_of(int error, std::string_view phase, bool replied) {
    const std::string during(phase);
    switch (error) {
        case ETIMEDOUT:
            return {FailureKind::TimedOut, during + " timed out"};
        case ECONNREFUSED:
            return {FailureKind::Refused, "connection refused"};
        case ECONNRESET:
        case ECONNABORTED:
        case EPIPE:
            if (replied) { return {FailureKind::Other, "reset within the reply"}; }
            return {FailureKind::Reset, "reset before a reply"};
        case ENETUNREACH:
            return {FailureKind::Unreachable, "network unreachable"};
        case EHOSTUNREACH:
            return {FailureKind::Unreachable, "host unreachable"};
        case EADDRNOTAVAIL:  // the source is gone, or this host has no address of the family
        case EAFNOSUPPORT:
        case ENETDOWN:
        case EHOSTDOWN:
        case EACCES:  // a filter of this host
        case EPERM:
            return {FailureKind::Unreachable,
                    "no way from here: " + std::generic_category().message(error)};
        default:
            return {FailureKind::Other, during + ": " + std::generic_category().message(error)};
    }
}

}  // namespace meridian::server
