// Holds a compiled geo database: a partition of the address space, each part with its location.
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
#include "meridian/huge_pages.h"
#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::geo {

/// Where an atlas comes from, for logs and `geo info`.
struct AtlasInfo {
    std::vector<std::string> paths;
    std::string type;               ///< "DBIP-City-Lite", "GeoLite2-Country", "Meridian world"
    std::string attribution;        ///< The notice that the licence requires; may be empty.
    std::uint64_t build_epoch = 0;  ///< Unix seconds, the oldest of several files.
    std::uint64_t v4_networks = 0;  ///< As read, before equal neighbours were merged.
    std::uint64_t v6_networks = 0;
    std::uint64_t v4_placed = 0;  ///< How many of the networks have coordinates of their own.
    std::uint64_t v6_placed = 0;
    std::uint64_t unread_records = 0;  ///< Those with coordinates in a form that is not read.
    bool has_coordinates = false;      ///< False for a Country database.
    bool has_subdivisions = false;
    bool has_cities = false;
};

/// One part of the partition.
struct AtlasLeaf {
    IpPrefix prefix;
    LocationId location = 0;
};

/// The first address behind `prefix`; none where it ends with the last address of its family.
std::optional<IpAddress> address_behind(const IpPrefix& prefix);

/// An immutable partition of the whole IPv4 and IPv6 space in address order. Neighbours with one
/// location are merged where a shorter prefix holds both. Any thread may read it.
///
/// Stored per leaf: one octet of prefix length, then the location as a varint; where a leaf begins
/// follows from where the last one ended. Locations are numbered by how many leaves have them, so
/// that most numbers are short. A lookup begins at a checkpoint; there is one every 1,024 leaves.
/// A change of this form, or of how a database is compiled, raises the version in atlas_copy.cpp.
class Atlas {
public:
    [[nodiscard]] const AtlasInfo& info() const { return info_; }
    [[nodiscard]] std::span<const Location> locations() const { return locations_; }
    [[nodiscard]] const Location& location(LocationId id) const { return locations_.at(id); }
    [[nodiscard]] std::string_view text(TextId id) const { return texts_[id]; }
    [[nodiscard]] std::uint64_t leaf_count(Family family) const;
    /// The leaves of a family as they are stored, for LeafOctets, the fastest walk over all of
    /// them.
    [[nodiscard]] std::span<const std::uint8_t> leaf_octets(Family family) const;

    /// The leaf that holds `address`. IPv4 embedded in an IPv6 address is not looked for.
    [[nodiscard]] AtlasLeaf find(const IpAddress& address) const;

    /// How much memory the atlas takes.
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
    /// Equal locations share an id. It is valid for `add` alone: `build` renumbers all but 0.
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
