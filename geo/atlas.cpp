// Holds a compiled geo database: a partition of the address space, each part with its location.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/atlas.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

#include "geo/address_range.h"
#include "geo/id_index.h"
#include "geo/leaf_octets.h"
#include "meridian/assert.h"

namespace meridian::geo {
namespace {

constexpr std::size_t kMaxVarintOctets = 5;  // seven bits each of 32

/// Returns how many octets it wrote.
std::size_t write_varint(std::span<std::uint8_t, kMaxVarintOctets> octets, std::uint32_t value) {
    std::size_t count = 0;
    for (; value >= 0x80; value >>= 7) {
        octets[count++] = static_cast<std::uint8_t>(value | 0x80);
    }
    octets[count++] = static_cast<std::uint8_t>(value);
    return count;
}

void append_leaf(LargeVector<std::uint8_t>& octets, std::uint8_t prefix_bits, LocationId location) {
    std::array<std::uint8_t, 1 + kMaxVarintOctets> leaf;
    leaf[0] = prefix_bits;
    const std::size_t count = 1 + write_varint(std::span(leaf).subspan<1>(), location);
    octets.insert(octets.end(), leaf.begin(), leaf.begin() + static_cast<std::ptrdiff_t>(count));
}

/// The locations by how many leaves they have, most first; location 0 stays in front.
std::vector<LocationId> by_leaves(const std::vector<std::uint32_t>& leaves_of) {
    std::vector<LocationId> sorted(leaves_of.size());
    std::iota(sorted.begin(), sorted.end(), LocationId{0});
    std::stable_sort(sorted.begin() + 1, sorted.end(), [&](LocationId one, LocationId other) {
        return leaves_of[one] > leaves_of[other];
    });
    return sorted;
}

std::uint32_t hash_of(const Location& location) {
    std::uint64_t hash = std::bit_cast<std::uint64_t>(location.at.latitude);
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ (hash >> 29) ^ word) * 0x9e3779b97f4a7c15U;
    };
    mix(std::bit_cast<std::uint64_t>(location.at.longitude));
    mix((std::uint64_t{location.city} << 32) | location.subdivision);
    mix((std::uint64_t{static_cast<std::uint8_t>(location.country.letters[0])} << 24) |
        (std::uint64_t{static_cast<std::uint8_t>(location.country.letters[1])} << 16) |
        location.accuracy_km |
        (std::uint64_t{static_cast<std::uint8_t>(location.continent)} << 40));
    return static_cast<std::uint32_t>(hash >> 32);
}

std::uint32_t hash_of(std::string_view text) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(text));
}

}  // namespace

std::optional<IpAddress> address_behind(const IpPrefix& prefix) {
    const AddressBits last = last_of(prefix);
    if (last == kLastAddress) { return {}; }
    return address_of(prefix.address.family(), last + 1);
}

std::uint64_t Atlas::leaf_count(Family family) const {
    return families_[index_of(family)].count;
}

std::span<const std::uint8_t> Atlas::leaf_octets(Family family) const {
    return families_[index_of(family)].octets;
}

AtlasLeaf Atlas::find(const IpAddress& address) const {
    const FamilyLeaves& leaves = families_[index_of(address.family())];
    MERIDIAN_ASSERT(!leaves.checkpoints.empty());  // the first leaf always has one
    const auto behind = std::upper_bound(
        leaves.checkpoints.begin(), leaves.checkpoints.end(), address,
        [](const IpAddress& wanted, const Checkpoint& one) { return wanted < one.start; });
    const Checkpoint& checkpoint = *std::prev(behind);

    Cursor cursor(*this, address.family());
    cursor.position_ = checkpoint.offset;
    cursor.start_ = checkpoint.start;
    AtlasLeaf leaf;
    while (cursor.next(leaf)) {
        if (leaf.prefix.contains(address)) { break; }
    }
    return leaf;
}

std::size_t Atlas::memory_octets() const {
    std::size_t octets = locations_.capacity() * sizeof(Location);
    octets += texts_.memory_octets();
    for (const FamilyLeaves& leaves : families_) {
        octets += leaves.octets.capacity();
        octets += leaves.checkpoints.capacity() * sizeof(Checkpoint);
    }
    return octets;
}

Atlas::Cursor::Cursor(const Atlas& atlas, Family family)
    : octets_(atlas.leaf_octets(family)), start_(address_of(family, 0)) {}

bool Atlas::Cursor::next(AtlasLeaf& leaf) {
    LeafOctets octets(octets_);
    octets.seek(position_);
    if (octets.at_end()) { return false; }
    const LeafOctets::Leaf read = octets.next();
    position_ = octets.position();
    leaf = {{start_, read.prefix_bits}, read.location};
    start_ = address_of(start_.family(), last_of(leaf.prefix) + 1);  // wraps behind the last one
    return true;
}

struct AtlasBuilder::Impl {
    // Neighbouring addresses with one location.
    struct Run {
        AddressBits first;
        AddressBits last;
        LocationId location;
        std::optional<std::uint8_t>
            prefix_bits;  // set where the run is one prefix, as it was added
    };
    struct Progress {
        AddressBits next = 0;   // the first address that was not added yet
        bool complete = false;  // the whole space is covered
        std::optional<Run> run;
    };

    Atlas atlas;
    std::array<Progress, 2> progress;
    std::vector<std::uint32_t> leaves_of;  // how many leaves each location has
    IdIndex text_ids;
    IdIndex location_ids;

    void append(Family family, const Run& run);
    void flush(Family family);
    void finish(Family family);
    void renumber_locations();
    void write_leaf(Family family, AddressBits first, std::uint8_t prefix_bits,
                    LocationId location);
};

void AtlasBuilder::ImplDeleter::operator()(Impl* impl) const {
    delete impl;
}

AtlasBuilder::AtlasBuilder() : impl_(new Impl) {
    MERIDIAN_ASSERT(add_text("") == 0);
    MERIDIAN_ASSERT(add_location(Location{}) == 0);
}

TextId AtlasBuilder::add_text(std::string_view text) {
    TextList& texts = impl_->atlas.texts_;
    const auto next_id = static_cast<TextId>(texts.size());
    const TextId id = impl_->text_ids.find_or_insert(
        hash_of(text), next_id, [&](TextId known) { return texts[known] == text; });
    if (id == next_id) { texts.add(text); }
    return id;
}

LocationId AtlasBuilder::add_location(const Location& location) {
    LargeVector<Location>& locations = impl_->atlas.locations_;
    const auto next_id = static_cast<LocationId>(locations.size());
    const LocationId id = impl_->location_ids.find_or_insert(
        hash_of(location), next_id, [&](LocationId known) { return locations[known] == location; });
    if (id == next_id) {
        locations.push_back(location);
        impl_->leaves_of.push_back(0);
    }
    return id;
}

void AtlasBuilder::add(const IpPrefix& prefix, LocationId location) {
    const Family family = prefix.address.family();
    const Impl::Progress& progress = impl_->progress[index_of(family)];
    const AddressBits first = bits_of(prefix.address);
    MERIDIAN_ASSERT(!progress.complete && first >= progress.next);
    MERIDIAN_ASSERT(location < impl_->atlas.locations_.size());
    if (first > progress.next) { impl_->append(family, {progress.next, first - 1, 0, {}}); }
    impl_->append(family, {first, last_of(prefix), location, prefix.bits});
}

void AtlasBuilder::Impl::write_leaf(Family family, AddressBits first, std::uint8_t prefix_bits,
                                    LocationId location) {
    Atlas::FamilyLeaves& leaves = atlas.families_[index_of(family)];
    if (leaves.count++ % Atlas::kLeavesPerCheckpoint == 0) {
        leaves.checkpoints.push_back({address_of(family, first), leaves.octets.size()});
    }
    ++leaves_of[location];
    append_leaf(leaves.octets, prefix_bits, location);
}

void AtlasBuilder::Impl::append(Family family, const Run& run) {
    Progress& at = progress[index_of(family)];
    at.complete = run.last == kLastAddress;
    at.next = run.last + 1;
    if (at.run && at.run->location == run.location) {
        at.run->last = run.last;
        at.run->prefix_bits.reset();
        return;
    }
    flush(family);
    at.run = run;
}

void AtlasBuilder::Impl::flush(Family family) {
    const std::optional<Run>& run = progress[index_of(family)].run;
    if (!run) { return; }
    if (run->prefix_bits) {
        return write_leaf(family, run->first, *run->prefix_bits, run->location);
    }
    for_each_prefix(run->first, run->last, [&](AddressBits first, std::uint8_t prefix_bits) {
        write_leaf(family, first, prefix_bits, run->location);
    });
}

void AtlasBuilder::Impl::finish(Family family) {
    const Progress& at = progress[index_of(family)];
    if (!at.complete) { append(family, {at.next, kLastAddress, 0, {}}); }
    flush(family);
}

/// Of the full city database's leaves, 52 MB of octets before, 41 MB are left.
void AtlasBuilder::Impl::renumber_locations() {
    const std::vector<LocationId> sorted = by_leaves(leaves_of);
    std::vector<LocationId> number_of(sorted.size());
    LargeVector<Location> locations(sorted.size());
    for (LocationId number = 0; number < sorted.size(); ++number) {
        number_of[sorted[number]] = number;
        locations[number] = atlas.locations_[sorted[number]];
    }
    atlas.locations_ = std::move(locations);
    for (Atlas::FamilyLeaves& leaves : atlas.families_) {
        LargeVector<std::uint8_t> octets;
        octets.reserve(leaves.octets.size());
        LeafOctets walk(leaves.octets);
        for (std::uint64_t i = 0; i < leaves.count; ++i) {
            if (i % Atlas::kLeavesPerCheckpoint == 0) {
                leaves.checkpoints[i / Atlas::kLeavesPerCheckpoint].offset = octets.size();
            }
            const LeafOctets::Leaf leaf = walk.next();
            append_leaf(octets, leaf.prefix_bits, number_of[leaf.location]);
        }
        leaves.octets = std::move(octets);
    }
}

Atlas AtlasBuilder::build() && {
    for (const Family family : {Family::V4, Family::V6}) {
        impl_->finish(family);
    }
    impl_->renumber_locations();
    Atlas atlas = std::move(impl_->atlas);
    impl_.reset();
    atlas.info_ = std::move(info_);
    atlas.texts_.shrink();
    for (Atlas::FamilyLeaves& leaves : atlas.families_) {
        leaves.octets.shrink_to_fit();
        leaves.checkpoints.shrink_to_fit();
    }
    return atlas;
}

}  // namespace meridian::geo
