// Chooses what a service answers to one client, and writes it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/answer_writer.h"
#include "meridian/dns/query.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/limits.h"
#include "meridian/zones/answer.h"
#include "meridian/zones/live_table.h"
#include "zones/snapshot/client_route.h"
#include "zones/snapshot/snapshot_data.h"
#include "zones/snapshot/steering.h"

namespace meridian::zones {

/// What the answers of a batch are made from.
struct AnswerSources {
    const SnapshotData& data;
    const LiveTable& live;
    const BatchContext& context;
};

/// Where a walk along a ranking ended.
struct Walk {
    geo::RegionIndex region = 0;
    FamilyStanding standing;
    std::uint16_t ttl_ceiling_seconds = LiveCell::kNoCeiling;  ///< The lowest on the way.
    std::size_t seen_count = 0;  ///< Regions on the way, the one that answers included or all.
};

/// What a service answers to one client.
struct Choice {
    dns::Image image = {};
    /// Where not all addresses are up: those that are (LiveTable::up_addresses); else 0.
    std::uint64_t up_addresses = 0;
    std::uint32_t ttl_seconds = 0;
    std::uint16_t most = 0;  ///< Addresses in one answer.
};

/// Chooses where the first region of a ranking is not steady: sets TTL and addresses of the choice,
/// and returns the region.
geo::RegionIndex choose_at_length(const AnswerSources& sources, const ServedService& service,
                                  std::span<const geo::RegionIndex> ranking, std::size_t family,
                                  Choice& choice);

/// Addresses of a choice by their numbers in its image.
struct ShownAddresses {
    std::array<std::uint8_t, kMaxRegionAddresses> numbers;
    std::uint16_t count = 0;

    [[nodiscard]] std::span<const std::uint8_t> all() const {
        return std::span(numbers).first(count);
    }
};

/// Those that an answer shows: as many as one answer holds, and a random one of them first.
ShownAddresses shown_addresses(AnswerState& state, const Choice& choice);

/// Appends addresses that are up, likewise.
bool append_part(dns::AnswerWriter& writer, AnswerState& state, const Choice& choice,
                 std::uint16_t owner);

// Inline, since nearly every answer calls these.

/// A random number below `count`, each about equally often (xorshift64*).
inline std::uint16_t next_start(AnswerState& state, std::uint16_t count) {
    std::uint64_t x = state.rotation;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    state.rotation = x;
    return static_cast<std::uint16_t>((((x * 0x2545f4914f6cdd1d) >> 32) * count) >> 32);
}

/// Appends a set. Of several addresses a random one comes first.
inline bool append_rotating(dns::AnswerWriter& writer, AnswerState& state, const dns::Image& image,
                            std::uint16_t owner) {
    if (image.stride_octets == 0 || image.record_count == 1) {
        return writer.append(dns::Section::Answer, image, owner);
    }
    const std::uint16_t first = next_start(state, image.record_count);
    return writer.append_rotated(dns::Section::Answer, image, owner, first);
}

/// Walks to the first region that is up in the family, or else to the first one on the best rung
/// below. `cells` are those of the service.
inline Walk walk_ladder(std::span<const geo::RegionIndex> ranking, const LiveCell* cells,
                        std::size_t family) {
    Walk walk;
    for (const geo::RegionIndex region : ranking) {
        const LiveCell& cell = cells[region];
        ++walk.seen_count;
        walk.ttl_ceiling_seconds = std::min(walk.ttl_ceiling_seconds, cell.ttl_ceiling_seconds);
        if (cell.standing[family].rung < walk.standing.rung) {
            walk.region = region;
            walk.standing = cell.standing[family];
        }
        if (walk.standing.rung == Rung::Up) { break; }
    }
    return walk;
}

/// The same for a service, which may have a last resort: below the rungs of regions that work.
inline Walk walk_service(const ServedService& service, std::span<const geo::RegionIndex> ranking,
                         const LiveCell* cells, std::size_t family) {
    Walk walk = walk_ladder(ranking, cells, family);
    const bool is_any_better = walk.standing.rung < Rung::LacksOther;
    if (!is_any_better && service.has_last_resort) { walk.region = service.last_resort(); }
    return walk;
}

/// Chooses for a client from the service of a set, and notes the region. Sets the scope: the
/// clients who get the same choice.
inline Choice choose(const AnswerSources& sources, const ServedZone& zone, const SetEntry& entry,
                     const dns::Query& query, dns::Request& request, dns::AnswerWriter& writer) {
    const ServedService& service = *zone.services[entry.ref];
    const RoutedClient client = route_client(*service.routes, service.client_subnet,
                                             query.edns.client_subnet, request.peer.address);
    writer.set_scope(client.scope_bits);
    const std::size_t family = entry.type == dns::Type::AAAA ? 1 : 0;
    const auto ranking = service.routes->rankings()[client.ranking];
    Choice choice{.ttl_seconds = service.ttl_seconds, .most = service.max_addresses};
    geo::RegionIndex region = ranking[0];
    if (!sources.live.cells()[service.first_cell + region].is_steady(family)) [[unlikely]] {
        region = choose_at_length(sources, service, ranking, family, choice);
    }
    choice.image = sources.data.steering->images.view(service.images[region][family]);
    request.outcome.region = service.first_cell + region;
    request.outcome.reason = static_cast<std::uint8_t>(client.source);
    return choice;
}

/// Appends the addresses of a choice to the answer, as many as one answer holds, and a random one
/// of them first.
inline bool append_choice(dns::AnswerWriter& writer, AnswerState& state, const Choice& choice,
                          std::uint16_t owner) {
    if (choice.up_addresses != 0) [[unlikely]] { return append_part(writer, state, choice, owner); }
    const std::uint16_t count = choice.image.record_count;
    const std::uint16_t first = count == 1 ? std::uint16_t{0} : next_start(state, count);
    return writer.append_addresses(choice.image, owner, first, std::min(choice.most, count),
                                   choice.ttl_seconds);
}

/// Ends the reply, and notes its code in the outcome.
inline void finish(dns::Request& request, dns::AnswerWriter& writer, dns::Rcode rcode) {
    request.outcome.truncated = writer.is_truncated();
    request.outcome.rcode = static_cast<std::uint16_t>(rcode);
    request.reply_octets = writer.finish(rcode);
}

}  // namespace meridian::zones
