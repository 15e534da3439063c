// Says what a transport asks of whoever answers: bytes in, bytes out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/ip_prefix.h"

namespace meridian::dns {

/// One message on its way through: it comes in and goes out in the same buffer.
struct Request {
    /// The query lies at the front. The whole buffer is free for the reply: at least 1232 octets
    /// over UDP, 65535 over a stream.
    std::span<std::uint8_t> buffer;
    std::size_t query_octets = 0;
    Endpoint peer;                 ///< Who asked.
    bool over_stream = false;      ///< TCP or TLS: the peer's address is no forgery.
    std::size_t reply_octets = 0;  ///< Set by the handler; 0: send nothing.
};

/// Answers batches. `answer` is called by several threads at once, each with a batch of its own;
/// it must not block.
class Handler {
public:
    virtual ~Handler() = default;
    virtual void answer(std::span<Request> batch) = 0;
};

}  // namespace meridian::dns
