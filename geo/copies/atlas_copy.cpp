// Writes an atlas as octets, so that the next start reads it instead of compiling it.
//
// SPDX-License-Identifier: Apache-2.0
//
// The payload (copy_frame.h has the header around it):
//
//     type, attribution        arrays of letters
//     build time               number
//     networks of IPv4, IPv6   a number each, then those with coordinates
//     unread records           number
//     facts                    number: 1 coordinates, 2 subdivisions, 4 cities
//     text lengths             array of u32
//     texts                    array of letters, one behind the other
//     locations                array of StoredLocation
//     for IPv4, then IPv6:
//       leaves                 array of octets, as Atlas has them
#include "meridian/geo/atlas_copy.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/address_range.h"
#include "geo/copies/copy_frame.h"
#include "geo/leaf_octets.h"

namespace meridian::geo {
namespace {

constexpr std::uint32_t kAtlasKind = 1;
constexpr std::uint32_t kAtlasVersion = 3;
constexpr std::uint64_t kHasCoordinates = 1;
constexpr std::uint64_t kHasSubdivisions = 2;
constexpr std::uint64_t kHasCities = 4;

// A location without the padding of the struct.
struct StoredLocation {
    std::uint64_t latitude = 0;  // the octets of a double
    std::uint64_t longitude = 0;
    TextId subdivision = 0;
    TextId city = 0;
    std::array<char, 2> country{};
    std::uint16_t accuracy_km = 0;
    std::uint16_t has_coordinates = 0;
    std::uint16_t continent = 0;
};

StoredLocation stored(const Location& location) {
    return {.latitude = std::bit_cast<std::uint64_t>(location.at.latitude),
            .longitude = std::bit_cast<std::uint64_t>(location.at.longitude),
            .subdivision = location.subdivision,
            .city = location.city,
            .country = location.country.letters,
            .accuracy_km = location.accuracy_km,
            .has_coordinates = location.has_coordinates ? std::uint16_t{1} : std::uint16_t{0},
            .continent = static_cast<std::uint16_t>(location.continent)};
}

Location restored(const StoredLocation& stored) {
    Location location;
    location.country.letters = stored.country;
    location.has_coordinates = stored.has_coordinates != 0;
    location.continent = static_cast<Continent>(stored.continent);
    location.accuracy_km = stored.accuracy_km;
    location.at.latitude = std::bit_cast<double>(stored.latitude);
    location.at.longitude = std::bit_cast<double>(stored.longitude);
    location.subdivision = stored.subdivision;
    location.city = stored.city;
    return location;
}

bool is_possible(const Location& location, std::size_t text_count) {
    const auto is_capital = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
    const auto [first, second] = location.country.letters;
    const bool has_code = is_capital(first) && is_capital(second);
    // Written so that NaN is refused as well: sorting by distance needs an order.
    return (has_code || location.country == CountryCode{}) && location.continent <= Continent::SA &&
           std::abs(location.at.latitude) <= 90 && std::abs(location.at.longitude) <= 180 &&
           location.subdivision < text_count && location.city < text_count;
}

void write_info(const AtlasInfo& info, CopyWriter& writer) {
    writer.add_text(info.type);
    writer.add_text(info.attribution);
    writer.add_number(info.build_epoch);
    writer.add_number(info.v4_networks);
    writer.add_number(info.v6_networks);
    writer.add_number(info.v4_placed);
    writer.add_number(info.v6_placed);
    writer.add_number(info.unread_records);
    writer.add_number((info.has_coordinates ? kHasCoordinates : 0) |
                      (info.has_subdivisions ? kHasSubdivisions : 0) |
                      (info.has_cities ? kHasCities : 0));
}

AtlasInfo read_info(CopyReader& reader) {
    AtlasInfo info;
    info.type = reader.read_text();
    info.attribution = reader.read_text();
    info.build_epoch = reader.read_number();
    info.v4_networks = reader.read_number();
    info.v6_networks = reader.read_number();
    info.v4_placed = reader.read_number();
    info.v6_placed = reader.read_number();
    info.unread_records = reader.read_number();
    const std::uint64_t facts = reader.read_number();
    info.has_coordinates = (facts & kHasCoordinates) != 0;
    info.has_subdivisions = (facts & kHasSubdivisions) != 0;
    info.has_cities = (facts & kHasCities) != 0;
    return info;
}

void write_texts(const TextList& texts, CopyWriter& writer) {
    std::vector<std::uint32_t> lengths;
    lengths.reserve(texts.size());
    for (std::size_t id = 0; id < texts.size(); ++id) {
        lengths.push_back(static_cast<std::uint32_t>(texts[id].size()));
    }
    writer.add_array(std::span<const std::uint32_t>(lengths));
    writer.add_text(texts.letters());
}

// False when texts are missing.
bool read_texts(CopyReader& reader, TextList& texts) {
    const auto lengths = reader.read_array<std::vector<std::uint32_t>>();
    const auto letters = reader.read_array<std::vector<char>>();
    std::string_view rest(letters.data(), letters.size());
    if (rest.size() > std::numeric_limits<std::uint32_t>::max()) { return false; }
    texts.reserve(lengths.size(), letters.size());
    for (const std::uint32_t length : lengths) {
        if (length > rest.size()) { return false; }
        texts.add(rest.substr(0, length));
        rest.remove_prefix(length);
    }
    return rest.empty() && texts.size() > 0 && texts[0].empty();
}

bool read_locations(CopyReader& reader, std::size_t text_count, LargeVector<Location>& locations) {
    const auto all_stored = reader.read_array<std::vector<StoredLocation>>();
    locations.reserve(all_stored.size());
    for (const StoredLocation& stored : all_stored) {
        locations.push_back(restored(stored));
        if (!is_possible(locations.back(), text_count)) { return false; }
    }
    return !locations.empty() && locations.front() == Location{};
}

}  // namespace

/// Writes and reads the private parts of an atlas.
class AtlasCopier {
public:
    static std::vector<std::uint8_t> write(const Atlas& atlas, const Digest& key);
    static bool read(CopyReader& reader, Atlas& atlas);
    static void set_paths(Atlas& atlas, std::vector<std::string> paths) {
        atlas.info_.paths = std::move(paths);
    }

private:
    static bool add_checkpoints(Family family, std::size_t location_count,
                                Atlas::FamilyLeaves& leaves);
};

std::vector<std::uint8_t> AtlasCopier::write(const Atlas& atlas, const Digest& key) {
    CopyWriter writer({kAtlasKind, kAtlasVersion, key}, atlas.memory_octets());
    write_info(atlas.info_, writer);
    write_texts(atlas.texts_, writer);
    std::vector<StoredLocation> locations;
    locations.reserve(atlas.locations_.size());
    for (const Location& location : atlas.locations_) {
        locations.push_back(stored(location));
    }
    writer.add_array(std::span<const StoredLocation>(locations));
    for (const Atlas::FamilyLeaves& leaves : atlas.families_) {
        writer.add_array(std::span<const std::uint8_t>(leaves.octets));
    }
    return std::move(writer).finish();
}

bool AtlasCopier::read(CopyReader& reader, Atlas& atlas) {
    atlas.info_ = read_info(reader);
    if (!read_texts(reader, atlas.texts_) ||
        !read_locations(reader, atlas.texts_.size(), atlas.locations_)) {
        return false;
    }
    for (Atlas::FamilyLeaves& leaves : atlas.families_) {
        leaves.octets = reader.read_array<LargeVector<std::uint8_t>>();
    }
    return add_checkpoints(Family::V4, atlas.locations_.size(), atlas.families_[0]) &&
           add_checkpoints(Family::V6, atlas.locations_.size(), atlas.families_[1]) &&
           reader.finish();
}

/// Makes the checkpoints and counts the leaves; false unless they are a whole partition.
bool AtlasCopier::add_checkpoints(Family family, std::size_t location_count,
                                  Atlas::FamilyLeaves& leaves) {
    LeafOctets walk(leaves.octets);
    AddressBits first = 0;
    do {
        if (leaves.count++ % Atlas::kLeavesPerCheckpoint == 0) {
            leaves.checkpoints.push_back({address_of(family, first), walk.position()});
        }
        const LeafOctets::Leaf leaf = walk.next();
        const AddressBits span = span_of(leaf.prefix_bits);
        if (leaf.prefix_bits > width_bits(family) || leaf.location >= location_count ||
            (first & span) != 0) {
            return false;
        }
        first += span + 1;  // wraps to 0 behind the last one
    } while (first != 0);
    leaves.checkpoints.shrink_to_fit();
    return walk.at_end();
}

std::vector<std::uint8_t> write_atlas_copy(const Atlas& atlas, const Digest& key) {
    return AtlasCopier::write(atlas, key);
}

Result<Atlas, CopyFailure> read_atlas_copy(CopySource source, const std::optional<Digest>& key,
                                           std::vector<std::string> paths) {
    auto reader = CopyReader::open(std::move(source), {kAtlasKind, kAtlasVersion, key});
    if (!reader) { return Failure{reader.error()}; }
    Atlas atlas;
    if (!AtlasCopier::read(*reader, atlas)) { return Failure{damaged_copy()}; }
    AtlasCopier::set_paths(atlas, std::move(paths));
    return atlas;
}

}  // namespace meridian::geo
