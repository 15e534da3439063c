// Remembers which aliases a chain has passed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/message_name.h"
#include "meridian/limits.h"
#include "zones/snapshot/node.h"

namespace meridian::zones {

/// The aliases that a chain has passed, each under the name that it was passed for. Round and
/// round, no record stands twice in an answer (RFC 2181 §5); but a wildcard, and a DNAME, makes a
/// record of its own for each name that it covers.
class PassedAliases {
public:
    /// `message` is where the answer is being made.
    explicit PassedAliases(std::span<const std::uint8_t> message) : message_(message) {}

    /// Returns false for what was passed before, and at the end of our patience. `owner` is where
    /// the name lies in the message.
    bool add(std::uint64_t alias, std::uint16_t owner) {
        if (count_ == passed_.size()) { return false; }
        for (const Passed& each : all()) {
            const bool is_known =
                each.alias == alias && dns::is_same_name_at(message_, each.owner, owner);
            if (is_known) { return false; }
        }
        passed_[count_++] = {alias, owner, 0};
        return true;
    }

    bool add_redirection(NodeId dname, std::uint16_t owner) {
        return add(redirection_of(dname), owner);
    }
    /// Says of the redirection that was added last where the DNAME's target lies.
    void set_target(std::uint16_t target) { passed_[count_ - 1].target = target; }

    /// Where the target of a DNAME lies that is in the answer already, else 0.
    [[nodiscard]] std::uint16_t target_of(NodeId dname) const {
        for (const Passed& each : all()) {
            if (each.alias == redirection_of(dname)) { return each.target; }
        }
        return 0;
    }

private:
    struct Passed {
        std::uint64_t alias;
        std::uint16_t owner;
        std::uint16_t target;
    };

    static std::uint64_t redirection_of(NodeId dname) {  // no CNAME has the highest bit
        return (std::uint64_t{1} << 63) | dname;
    }
    [[nodiscard]] std::span<const Passed> all() const { return std::span(passed_).first(count_); }

    std::span<const std::uint8_t> message_;
    std::array<Passed, kMaxCnameHops + 1> passed_;
    std::size_t count_ = 0;
};

}  // namespace meridian::zones
