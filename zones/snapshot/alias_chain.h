// Follows the aliases of an answer: CNAME and DNAME.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/message_name.h"
#include "meridian/dns/types.h"
#include "meridian/limits.h"
#include "zones/snapshot/node.h"
#include "zones/snapshot/reply.h"

namespace meridian::zones {

/// The aliases that a chain has passed, each with its owner. Even in a circle no record stands
/// twice in an answer (RFC 2181 §5). A wildcard or a DNAME makes another record for each name that
/// it covers, so owners count as well.
class PassedAliases {
public:
    /// `message` holds the answer so far.
    explicit PassedAliases(std::span<const std::uint8_t> message) : message_(message) {}

    /// Returns false for an alias that was passed before, and after kMaxCnameHops. It is known by
    /// its address: that of an Alias, or of the node of a DNAME. `owner` is the offset of the owner
    /// in the message.
    bool add(const void* alias, std::uint16_t owner) {
        if (count_ == passed_.size()) { return false; }
        for (const Passed& each : all()) {
            const bool is_known =
                each.alias == alias && dns::is_same_name_at(message_, each.owner, owner);
            if (is_known) { return false; }
        }
        passed_[count_++] = {alias, owner, 0};
        return true;
    }

    /// Sets the offset of the target of the DNAME that was added last.
    void set_target(std::uint16_t target) { passed_[count_ - 1].target = target; }

    /// The offset of the target of a DNAME that is in the answer already, else 0.
    [[nodiscard]] std::uint16_t target_of(const Node& dname) const {
        for (const Passed& each : all()) {
            if (each.alias == &dname) { return each.target; }
        }
        return 0;
    }

private:
    struct Passed {
        const void* alias;
        std::uint16_t owner;
        std::uint16_t target;
    };

    [[nodiscard]] std::span<const Passed> all() const { return std::span(passed_).first(count_); }

    std::span<const std::uint8_t> message_;
    std::array<Passed, kMaxCnameHops + 1> passed_;
    std::size_t count_ = 0;
};

/// Appends the CNAME of a node and steps to its target. False where the chain ends.
bool pass_cname(Reply& reply, const Node& node, const SetEntry& cname, PassedAliases& passed);

/// Appends the DNAME above a name and the CNAME that it makes (RFC 6672 §3.1), and steps to the
/// target. False where the chain ends; `rcode` is then that of the answer.
bool pass_dname(Reply& reply, PassedAliases& passed, dns::Rcode& rcode);

}  // namespace meridian::zones
