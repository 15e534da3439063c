// Chooses what a service answers to one client, where regions or addresses are down.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/choice.h"

#include <array>
#include <bit>

#include "meridian/assert.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

/// The TTL of an answer whose walk met a ceiling.
std::uint32_t shortened_ttl(const ServedService& service, std::span<const geo::RegionIndex> seen,
                            const LiveCell* cells, const Walk& walk, std::uint32_t now) {
    std::uint32_t deadline = LiveCell::kNoDeadline;
    for (const geo::RegionIndex region : seen) {
        deadline = std::min(deadline, cells[region].deadline);
    }
    std::uint32_t ttl_seconds =
        std::min<std::uint32_t>(service.ttl_seconds, walk.ttl_ceiling_seconds);
    if (deadline == LiveCell::kNoDeadline) { return ttl_seconds; }
    const std::uint32_t left_seconds = deadline > now ? deadline - now : 0;
    // Never 0, which some caches take for an invitation to ask at each connection.
    return std::min(ttl_seconds, std::max(left_seconds, std::uint32_t{1}));
}

}  // namespace

geo::RegionIndex choose_at_length(const AnswerSources& sources, const ServedService& service,
                                  std::span<const geo::RegionIndex> ranking, std::size_t family,
                                  Choice& choice) {
    const LiveCell* const cells = sources.live.cells().data() + service.first_cell;
    for (const geo::RegionIndex region : ranking) {  // mostly the next one is as usual
        const LiveCell& cell = cells[region];
        if (cell.is_steady(family)) { return region; }
        const bool is_passed_over = cell.standing[family].rung != Rung::Up &&
                                    cell.ttl_ceiling_seconds == LiveCell::kNoCeiling;
        if (!is_passed_over) { break; }
    }
    const Walk walk = walk_service(service, ranking, cells, family);
    // Without any region that has the family, the compiler would have left out the type.
    MERIDIAN_ASSERT(walk.standing.rung != Rung::None);
    if (walk.standing.is_part) {
        choice.up_addresses = sources.live.up_addresses(service.first_cell + walk.region, family);
    }
    if (walk.ttl_ceiling_seconds != LiveCell::kNoCeiling) {
        choice.ttl_seconds = shortened_ttl(service, ranking.first(walk.seen_count), cells, walk,
                                           sources.context.now);
    }
    return walk.region;
}

ShownAddresses shown_addresses(AnswerState& state, const Choice& choice) {
    const std::uint16_t image_count = choice.image.record_count;
    const std::uint64_t all = ~std::uint64_t{0} >> (kMaxRegionAddresses - image_count);
    ShownAddresses shown{};
    std::uint64_t left = choice.up_addresses != 0 ? choice.up_addresses : all;
    for (; left != 0; left &= left - 1) {
        shown.numbers[shown.count++] = static_cast<std::uint8_t>(std::countr_zero(left));
    }
    const auto living = std::span(shown.numbers).first(shown.count);
    std::rotate(living.begin(), living.begin() + next_start(state, shown.count), living.end());
    shown.count = std::min(choice.most, shown.count);
    return shown;
}

bool append_part(dns::AnswerWriter& writer, AnswerState& state, const Choice& choice,
                 std::uint16_t owner) {
    const ShownAddresses shown = shown_addresses(state, choice);
    return writer.append_addresses(choice.image, owner, shown.all(), choice.ttl_seconds);
}

}  // namespace meridian::zones
