// Reads from a finished reply what became of the query.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "meridian/limits.h"

namespace meridian::dns {

/// The header alone tells the lower four bits of the response code, and whether the reply is
/// truncated. `code_bits` is the code unless `is_bare`: no answer, no authority and NOERROR, which
/// is how a code looks that needs OPT for its upper bits (RFC 6891 §6.1.3).
struct ReplyHead {
    std::uint8_t code_bits = 0;  ///< 0-15
    bool truncated = false;
    bool is_bare = false;
};

/// Expects a whole header (RFC 1035 §4.1.1). A few instructions, for every reply.
inline ReplyHead read_reply_head(std::span<const std::uint8_t, kHeaderOctets> header) {
    ReplyHead head;
    head.code_bits = header[3] & 0x0f;
    head.truncated = (header[2] & 0x02) != 0;
    const unsigned records = header[6] | header[7] | header[8] | header[9];
    head.is_bare = (head.code_bits | records) == 0 && !head.truncated;
    return head;
}

/// Whether OPT makes a bare reply of ours BADVERS.
bool is_bad_version(std::span<const std::uint8_t> bare_reply);

}  // namespace meridian::dns
