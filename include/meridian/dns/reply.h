// Writes a question, and reads what comes back to it, which may be anything.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"

namespace meridian::dns {

/// The message that asks for the records of a name and type, class IN. Recursion is desired, which
/// authoritative servers pass over; without EDNS, so that a reply has at most 512 octets.
std::vector<std::uint8_t> question_message(std::uint16_t id, const Name& name, Type type);

/// A record of a reply's answer section; its owner is not looked at.
struct ReplyRecord {
    Type type{};
    std::span<const std::uint8_t> rdata;
};

/// Reads a packet that came back to a question. It allocates nothing, follows no compression
/// pointer and reads each octet at most a few times. The packet outlives it.
class ReplyReader {
public:
    /// `question` is what `question_message` wrote.
    ReplyReader(std::span<const std::uint8_t> packet, std::span<const std::uint8_t> question);

    /// Whether it replies to that question: the same ID, name (RFC 4343), type and class. Servers
    /// that could not read the question may leave it out of their error.
    [[nodiscard]] bool is_reply() const { return is_reply_; }

    // Of a reply.

    /// Without the upper bits, which need EDNS.
    [[nodiscard]] Rcode rcode() const;
    [[nodiscard]] bool is_truncated() const;
    /// The next record of the answer section, of class IN; none behind the last one, and where the
    /// octets make no record.
    std::optional<ReplyRecord> next();
    /// Whether `next` ended at octets that make no record.
    [[nodiscard]] bool is_malformed() const { return is_malformed_; }

private:
    std::span<const std::uint8_t> packet_;
    std::span<const std::uint8_t> rest_;
    unsigned left_ = 0;  // records of the answer section
    bool is_reply_ = false;
    bool is_malformed_ = false;
};

}  // namespace meridian::dns
