// Reads from a finished reply what became of the query.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {

using ReplyHeader = std::span<const std::uint8_t, kHeaderOctets>;  // RFC 1035 §4.1.1

// A few instructions each, for every reply.

/// The lower four bits of the response code: all of it, but where OPT has more.
inline std::uint8_t lower_code_bits(ReplyHeader header) {
    return header[3] & 0x0f;
}

/// TC
inline bool is_truncated(ReplyHeader header) {
    return (header[2] & 0x02) != 0;
}

/// Neither answer nor authority. With NOERROR that is how a code looks which needs OPT for its
/// upper bits (RFC 6891 §6.1.3): what else is NOERROR has records, or TC.
inline bool is_bare(ReplyHeader header) {
    return load_u32(header, 6) == 0;
}

/// Whether OPT makes a bare reply of ours BADVERS.
bool is_bad_version(std::span<const std::uint8_t> bare_reply);

}  // namespace meridian::dns
