// Chooses what a set answers to one client, and in which order.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "meridian/dns/answer_writer.h"
#include "meridian/dns/handler.h"
#include "meridian/dns/query.h"
#include "meridian/zones/answer.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

// Inline: nearly every answer takes this way.

/// A number below `count`, each about equally often (xorshift64*).
inline std::uint16_t next_start(AnswerState& state, std::uint16_t count) {
    std::uint64_t x = state.rotation;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    state.rotation = x;
    return static_cast<std::uint16_t>((((x * 0x2545f4914f6cdd1d) >> 32) * count) >> 32);
}

/// Appends a set with a stride, of which at most `most` records; where several addresses stand,
/// each comes first in turn.
inline bool append_addresses(dns::AnswerWriter& writer, AnswerState& state, const dns::Image& image,
                             std::uint16_t owner, std::uint16_t most) {
    if (image.stride_octets == 0 || image.record_count == 1) {
        return writer.append(dns::Section::Answer, image, owner);
    }
    const std::uint16_t first = next_start(state, image.record_count);
    const std::uint16_t count = std::min(most, image.record_count);
    return writer.append_rotated(dns::Section::Answer, image, owner, first, count);
}

/// What a set answers to one client.
struct Choice {
    ImageRef image = 0;
    std::uint16_t most = 0xffff;  ///< Records of it in one answer.
};

/// Expects a steered set. The scope says for whom else the choice holds.
inline Choice choose_variant(const SnapshotData& data, const SetEntry& entry,
                             const dns::Query& query, const dns::Request& request,
                             dns::AnswerWriter& writer) {
    const SteeredSet& steered = data.steered_sets[entry.ref];
    const PolicyTable& table = data.policy_tables[steered.table];
    const RoutedClient client = route_client(table, query.edns.client_subnet, request.peer.address);
    writer.set_scope(client.scope_bits);
    const Variant& variant = data.variants[steered.variants_begin + client.ranking];
    return {variant[entry.type == dns::Type::A ? 0 : 1], table.max_addresses};
}

}  // namespace meridian::zones
