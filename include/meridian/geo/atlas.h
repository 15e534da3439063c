// Holds a geo database compiled: a partition of the address space, each part with its location.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/location.h"
#include "meridian/geo/text_list.h"
#include "meridian/ip_prefix.h"
#include "meridian/large_allocator.h"

namespace meridian::geo {

/// Where an atlas comes from, for logs and `geo info`.
struct AtlasInfo {
    std::vector<std::string> paths;
    std::string type;               ///< "DBIP-City-Lite", "GeoLite2-Country", "Meridian world"
    std::string attribution;        ///< What the licence asks to be shown; may be empty.
    std::uint64_t build_epoch = 0;  ///< Unix seconds, the oldest of several files.
    std::uint64_t v4_networks = 0;  ///< As read, before equal neighbours were merged.
    std::uint64_t v6_networks = 0;
    std::uint64_t v4_placed = 0;  ///< Of the networks those with coordinates of their own.
    std::uint64_t v6_placed = 0;
    std::uint64_t unread_records = 0;  ///< Whose coordinates are in a form that is not read.
    bool has_coordinates = false;      ///< False for a Country database.
    bool has_subdivisions = false;
    bool has_cities = false;
};

/// One part of the partition.
struct AtlasLeaf {
    IpPrefix prefix;
    LocationId location = 0;
};

/// Where the leaf behind this one begins; nothing behind the last address.
std::optional<IpAddress> address_behind(const IpPrefix& prefix);

/// An immutable partition of the whole IPv4 and IPv6 space in address order. Neighbours that a
/// shorter prefix could hold together are merged. Any thread may read it.
///
/// Stored per leaf: one octet of prefix length, then the location as a varint; where a leaf begins
/// follows from where the last one ended. Locations are numbered by how many leaves have them, so
/// that most numbers are short. Every 1,024 leaves a checkpoint lets a lookup begin.
/// Who changes that, or what a database is made into, raises the version in atlas_copy.cpp.
class Atlas {
public:
    [[nodiscard]] const AtlasInfo& info() const { return info_; }
    [[nodiscard]] std::span<const Location> locations() const { return locations_; }
    [[nodiscard]] const Location& location(LocationId id) const { return locations_.at(id); }
    [[nodiscard]] std::string_view text(TextId id) const { return texts_[id]; }
    [[nodiscard]] std::uint64_t leaf_count(Family family) const;
    /// The leaves of a family as they are stored: for walking over all of them in a hurry.
    [[nodiscard]] std::span<const std::uint8_t> leaf_octets(Family family) const;

    /// The leaf that holds `address`, taken as it is: no embedded IPv4 is looked for here.
    [[nodiscard]] AtlasLeaf find(const IpAddress& address) const;

    /// Octets held in memory.
    [[nodiscard]] std::size_t memory_octets() const;

    /// Walks all leaves of a family in address order; they cover its whole space.
    class Cursor {
    public:
        Cursor(const Atlas& atlas, Family family);
        /// Moves on and fills `leaf`; false at the end.
        bool next(AtlasLeaf& leaf);

    private:
        friend class Atlas;
        std::span<const std::uint8_t> octets_;
        std::size_t position_ = 0;
        IpAddress start_;
    };

private:
    friend class AtlasBuilder;
    friend class AtlasCopier;  // atlas_copy.cpp
    struct Checkpoint {
        IpAddress start;
        std::size_t offset = 0;
    };
    static constexpr std::uint64_t kLeavesPerCheckpoint = 1024;  // a lookup walks half: some 2 us
    struct FamilyLeaves {
        LargeVector<std::uint8_t> octets;
        std::vector<Checkpoint> checkpoints;
        std::uint64_t count = 0;
    };
    AtlasInfo info_;
    LargeVector<Location> locations_;
    TextList texts_;
    std::array<FamilyLeaves, 2> families_;
};

/// Collects prefixes in address order into an atlas. Gaps become the unknown place.
class AtlasBuilder {
public:
    AtlasBuilder();
    AtlasInfo& info() { return info_; }
    TextId add_text(std::string_view text);  ///< Equal texts share an id.
    /// Equal locations share an id. It is good for `add`; the atlas numbers them anew, but for 0.
    LocationId add_location(const Location& location);
    /// Expects each prefix to lie behind the last one of its family (IPv4 and IPv6 apart).
    void add(const IpPrefix& prefix, LocationId location);
    Atlas build() &&;

private:
    struct Impl;
    struct ImplDeleter {
        void operator()(Impl* impl) const;
    };
    AtlasInfo info_;
    std::unique_ptr<Impl, ImplDeleter> impl_;
};

}  // namespace meridian::geo
