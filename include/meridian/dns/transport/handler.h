// Says what a transport asks of the code that answers: octets in, octets out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/endpoint.h"

namespace meridian::dns {

/// What a query came to, for the code that counts answers, limits them or writes them to a log. The
/// handler sets it; no transport looks at it, and `dns/` gives the numbers no meaning.
struct Outcome {
    static constexpr std::uint32_t kNoZone = 0xffffffff;
    static constexpr std::uint32_t kNoRegion = 0xffffffff;
    static constexpr std::uint8_t kNoReason = 0;

    std::uint32_t zone = kNoZone;      ///< The zone that holds QNAME.
    std::uint32_t region = kNoRegion;  ///< The region of a service that was chosen, where one was.
    std::uint8_t reason = kNoReason;   ///< Why that region.
    bool truncated = false;            ///< The reply has TC.
    std::uint16_t rcode = 0;           ///< Of the reply, with the upper bits (RFC 6891 §6.1.3).
};

/// One message on its way through: it comes in and leaves in the same buffer.
struct Request {
    /// The query lies at the front. The whole buffer is free for the reply: at least 1232 octets
    /// over UDP, 65535 over a stream.
    std::span<std::uint8_t> buffer;
    std::size_t query_octets = 0;
    Endpoint peer;                 ///< The client.
    bool over_stream = false;      ///< TCP or TLS: the peer's address is not forged.
    std::size_t reply_octets = 0;  ///< Set by the handler; 0: send nothing.
    /// Where the query came to: never a wildcard address, unless the kernel did not say.
    Endpoint local = {};
    Outcome outcome = {};  ///< Set by the handler. Stale where nothing is sent.
};

/// Answers batches. Several threads call `answer` at once, each with a batch of its own; it must
/// not block.
class Handler {
public:
    virtual ~Handler() = default;
    virtual void answer(std::span<Request> batch) = 0;
};

}  // namespace meridian::dns
