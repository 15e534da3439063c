// Packs a zone into one block of memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/zone_block.h"

#include <cstring>
#include <new>
#include <type_traits>

#include "meridian/assert.h"

namespace meridian::zones {
namespace {

static_assert(std::is_trivially_destructible_v<ZoneData>);
static_assert(std::is_trivially_copyable_v<ZoneData>);

/// Takes pieces off the front of a block. Without a block it only measures.
class BlockFiller {
public:
    explicit BlockFiller(std::byte* block) : block_(block) {}

    /// Copies the values; returns the copy.
    template <typename T>
    std::span<const T> add(std::span<const T> values) {
        static_assert(std::is_trivially_copyable_v<T>);
        octets_ = (octets_ + alignof(T) - 1) / alignof(T) * alignof(T);
        const std::size_t begin = octets_;
        octets_ += values.size_bytes();
        if (block_ == nullptr || values.empty()) { return {}; }
        std::memcpy(block_ + begin, values.data(), values.size_bytes());
        return {std::launder(reinterpret_cast<const T*>(block_ + begin)), values.size()};
    }
    [[nodiscard]] std::size_t octets() const { return octets_; }

private:
    std::byte* block_;
    std::size_t octets_ = 0;
};

/// What a small zone needs for an answer comes first, close together.
ZoneData copy_parts(const ZoneData& zone, std::uint64_t seed, const NameTable::Parts& names,
                    std::span<const std::uint16_t> image_units, BlockFiller& filler) {
    ZoneData copy = zone;
    copy.apex = filler.add(zone.apex);
    NameTable::Parts parts;
    parts.buckets = filler.add(names.buckets);
    parts.nodes = filler.add(names.nodes);
    parts.links = filler.add(names.links);
    copy.sets = filler.add(zone.sets);
    copy.linked_sets = filler.add(zone.linked_sets);
    copy.hinted_sets = filler.add(zone.hinted_sets);
    copy.aliases = filler.add(zone.aliases);
    copy.cuts = filler.add(zone.cuts);
    copy.additional = filler.add(zone.additional);
    copy.images = ImageTable(filler.add(image_units).data());
    parts.names = filler.add(names.names);
    copy.targets = filler.add(zone.targets);
    copy.names = NameTable(seed, parts);
    return copy;
}

}  // namespace

std::unique_ptr<const ZoneData, FreeZoneData> pack(const ZoneData& zone, std::uint64_t seed,
                                                   const NameTable::Parts& names,
                                                   std::span<const std::uint16_t> image_units) {
    BlockFiller measure(nullptr);
    measure.add(std::span(&zone, 1));
    copy_parts(zone, seed, names, image_units, measure);

    const std::size_t octets = measure.octets();
    auto* const block =
        reinterpret_cast<std::byte*>(BlockAllocator().allocate(lines_of_block(octets)));
    BlockFiller filler(block);
    filler.add(std::span(&zone, 1));
    ZoneData copy = copy_parts(zone, seed, names, image_units, filler);
    MERIDIAN_ASSERT(filler.octets() == octets);
    copy.octets = octets;
    return std::unique_ptr<const ZoneData, FreeZoneData>(new (block) ZoneData(copy));
}

}  // namespace meridian::zones
