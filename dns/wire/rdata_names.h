// Knows where in RDATA the names lie that are compressed or that a record points to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "meridian/dns/types.h"

namespace meridian::dns {

/// Names one behind the other, behind some other octets.
struct RdataNames {
    std::size_t octets_before = 0;
    std::size_t name_count = 0;
};

/// The names that may be compressed: in types that RFC 1035 defines and that are still in use (RFC
/// 3597 §4).
constexpr RdataNames compressible_names(Type type) {
    switch (type) {
        case Type::NS:
        case Type::CNAME:
        case Type::PTR:
            return {.octets_before = 0, .name_count = 1};
        case Type::MX:
            return {.octets_before = 2, .name_count = 1};
        case Type::SOA:
            return {.octets_before = 0, .name_count = 2};
        default:
            return {};
    }
}

/// Where in RDATA the name begins that the record points to; see `target_name`.
constexpr std::optional<std::size_t> target_offset(Type type) {
    switch (type) {
        case Type::NS:
        case Type::CNAME:
        case Type::PTR:
        case Type::DNAME:
            return 0;
        case Type::MX:
        case Type::SVCB:
        case Type::HTTPS:
            return 2;  // behind the preference, or the priority
        case Type::SRV:
            return 6;  // behind priority, weight and port
        default:
            return std::nullopt;
    }
}

}  // namespace meridian::dns
