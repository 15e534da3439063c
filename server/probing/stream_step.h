// Says how far a read or write of a probe got.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace meridian::server {

/// Of one call on a socket that does not block.
struct StreamStep {
    enum class Outcome : std::uint8_t {
        Done,
        WantsRead,   ///< Again when the socket can be read.
        WantsWrite,  ///< Again when it can be written.
        Closed,      ///< By the other side, in order.
        Error,       ///< Of the system, in `error`.
        BadTls,      ///< The session has it in words.
    };
    Outcome outcome = Outcome::Done;
    std::size_t octets = 0;  ///< That were read or written; 0 unless it is done.
    int error = 0;           ///< An `errno`.
};

}  // namespace meridian::server
