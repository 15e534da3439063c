// Reads a MaxMind DB file into an atlas and closes the file.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/mmdb_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/address_range.h"
#include "geo/database/mmdb_data.h"
#include "geo/database/mmdb_file.h"
#include "geo/database/mmdb_record.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

// A tree visits each node once. Writers that share equal subtrees visit some again; a tree with a
// loop in it would never end.
constexpr std::uint64_t kMaxVisitsPerNode = 4;

// Whether the text is printable and valid UTF-8 (RFC 3629 §4), so that logs and JSON may quote it.
bool is_clean_text(std::string_view text) {
    unsigned continuation_left = 0;
    std::uint8_t least = 0x80;  // of the next continuation octet: no overlong forms, no surrogates
    std::uint8_t most = 0xbf;
    for (const char character : text) {
        const auto octet = static_cast<std::uint8_t>(character);
        if (continuation_left > 0) {
            if (octet < least || octet > most) { return false; }
            least = 0x80;
            most = 0xbf;
            --continuation_left;
        } else if (octet >= 0x80) {
            if (octet < 0xc2 || octet > 0xf4) { return false; }
            continuation_left = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
            least = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
            most = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
        } else if (octet < 0x20 || octet == 0x7f) {
            return false;
        }
    }
    return continuation_left == 0;
}

// Maps data offsets to what was decoded there, since many networks share a record, and many records
// a name. Slots follow the order of offsets: neighbours in the tree are often neighbours in the
// data.
class DecodedOffsets {
public:
    explicit DecodedOffsets(std::size_t section_octets)
        : slots_(std::bit_ceil((section_octets >> kFirstShift) + 2)) {}

    [[nodiscard]] const std::uint32_t* find(std::uint32_t offset) const {
        const Slot& slot = slots_[slot_of(offset)];
        return slot.key == kFree ? nullptr : &slot.id;
    }
    void insert(std::uint32_t offset, std::uint32_t id) {
        if (++count_ * 4 > slots_.size() * 3) { grow(); }
        slots_[slot_of(offset)] = {offset, id};
    }

private:
    static constexpr unsigned kFirstShift = 4;           // most records take over 16 octets
    static constexpr std::uint32_t kFree = 0xffff'ffff;  // beyond any section
    struct Slot {
        std::uint32_t key = kFree;
        std::uint32_t id = 0;
    };

    [[nodiscard]] std::size_t slot_of(std::uint32_t offset) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t slot = (offset >> shift_) & mask;
        while (slots_[slot].key != kFree && slots_[slot].key != offset) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        if (shift_ > 0) { --shift_; }
        for (const Slot& slot : old) {
            if (slot.key != kFree) { slots_[slot_of(slot.key)] = slot; }
        }
    }

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
    unsigned shift_ = kFirstShift;
};

// Walks the trees of one file into the builder.
class TreeReader {
public:
    TreeReader(const MmdbFile& file, AtlasBuilder& builder)
        : file_(file),
          data_(file.data_section()),
          builder_(builder),
          records_(file.data_section().size()),
          texts_(file.data_section().size()) {}

    struct Networks {
        std::uint64_t located = 0;
        std::uint64_t placed = 0;  ///< Of these, with coordinates.
    };
    // Adds the located networks of a family. Returns their number, or what is wrong with the file.
    Result<Networks, std::string> read(Family family);

    // Why most of the records that were read cannot be used; none where most can.
    [[nodiscard]] std::optional<std::string> what_is_unread() const;
    // How many records have a value in a form that is not read.
    [[nodiscard]] std::uint64_t unread_records() const {
        return unread_coordinates_ + unread_countries_;
    }

private:
    struct Step {
        std::uint64_t record;
        AddressBits first;
        unsigned bits;
    };

    std::optional<LocationId> locate(std::uint32_t offset);
    LocationId add_location(const MmdbRecord& record);
    TextId add_text(const MmdbValue& value);

    const MmdbFile& file_;
    MmdbData data_;
    AtlasBuilder& builder_;
    DecodedOffsets records_;
    DecodedOffsets texts_;
    std::vector<bool> is_placed_;  // by location
    std::uint64_t placed_records_ = 0;
    std::uint64_t unread_coordinates_ = 0;
    std::uint64_t country_records_ = 0;
    std::uint64_t unread_countries_ = 0;
};

Result<TreeReader::Networks, std::string> TreeReader::read(Family family) {
    const std::uint64_t node_count = file_.node_count();
    const bool has_v4_inside = file_.family() == Family::V6;
    // The IPv4 tree, which its aliases lead to as well (::ffff:0:0/96, 2002::/16, Teredo).
    const std::uint64_t v4_root = has_v4_inside ? file_.v4_root() : node_count;
    if (v4_root == 0) { return Failure{std::string("its search tree has a loop")}; }
    const std::uint64_t left_out = family == Family::V6 ? v4_root : node_count;
    std::uint64_t visits_left = node_count * kMaxVisitsPerNode;
    Networks networks;
    // Goes left first; the right child of each node on the path waits on the stack.
    std::array<Step, width_bits(Family::V6)> waiting;
    std::size_t waiting_count = 0;
    Step step{has_v4_inside && family == Family::V4 ? v4_root : 0, 0, 0};
    while (true) {
        if (step.record < node_count && step.record != left_out) {
            if (step.bits == width_bits(family) || visits_left-- == 0) {
                return Failure{std::string("its search tree has a loop")};
            }
            const MmdbFile::Node node = file_.node(static_cast<std::uint32_t>(step.record));
            ++step.bits;
            const AddressBits right = step.first | (AddressBits{1} << (128 - step.bits));
            waiting[waiting_count++] = {node.right, right, step.bits};
            step.record = node.left;
            continue;
        }
        if (step.record > node_count) {  // at it, nothing is known of the network
            const auto offset = file_.data_offset(step.record);
            const auto location = offset ? locate(*offset) : std::nullopt;
            if (!location) { return Failure{std::string("a record of it cannot be read")}; }
            if (*location >= kMaxLocations) {
                return Failure{std::string("it has too many places")};
            }
            if (*location != 0) {
                const auto bits = static_cast<std::uint8_t>(step.bits);
                builder_.add({address_of(family, step.first), bits}, *location);
                ++networks.located;
                networks.placed += is_placed_[*location] ? 1U : 0U;
            }
        }
        if (waiting_count == 0) { break; }
        step = waiting[--waiting_count];
    }
    return networks;
}

std::optional<LocationId> TreeReader::locate(std::uint32_t offset) {
    if (const LocationId* known = records_.find(offset)) { return *known; }
    const MmdbRecord record = read_mmdb_record(data_, offset);
    if (data_.failed()) { return {}; }
    placed_records_ += record.at ? 1U : 0U;
    unread_coordinates_ += record.has_unread_coordinates ? 1U : 0U;
    country_records_ += record.country.known() ? 1U : 0U;
    unread_countries_ += record.has_unread_country ? 1U : 0U;
    const LocationId location = add_location(record);
    records_.insert(offset, location);
    return location;
}

LocationId TreeReader::add_location(const MmdbRecord& record) {
    Location location;
    location.country = record.country;
    const Country* const country = find_country(record.country);
    if (country == nullptr || country->continent != record.continent) {
        location.continent = record.continent;
    }
    location.has_coordinates = record.at.has_value();
    if (location.has_coordinates) {
        location.at = *record.at;
        location.accuracy_km =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(record.accuracy_km, UINT16_MAX));
    }
    const bool is_located = location.has_coordinates || location.country.known() ||
                            location.continent != Continent::Unknown;
    if (!is_located) { return 0; }

    if (is_clean_text(record.subdivision_code) && !record.subdivision_code.empty() &&
        location.country.known()) {  // ISO 3166-2
        location.subdivision = builder_.add_text(std::string(location.country.text()) + "-" +
                                                 std::string(record.subdivision_code));
    } else {
        location.subdivision = add_text(record.subdivision_name);
    }
    location.city = add_text(record.city);

    AtlasInfo& info = builder_.info();
    info.has_coordinates |= location.has_coordinates;
    info.has_subdivisions |= location.subdivision != 0;
    info.has_cities |= location.city != 0;
    const LocationId id = builder_.add_location(location);
    if (id >= is_placed_.size()) { is_placed_.resize(std::size_t{id} + 1); }
    is_placed_[id] = location.has_coordinates;
    return id;
}

TextId TreeReader::add_text(const MmdbValue& value) {
    if (value.type != MmdbType::Text) { return 0; }
    if (const TextId* known = texts_.find(value.payload)) { return *known; }
    const std::string_view text = data_.text(value);
    const TextId id = is_clean_text(text) ? builder_.add_text(text) : 0;
    texts_.insert(value.payload, id);
    return id;
}

// If such a file were used, every client would be ranked by the middle of its country or not at
// all, and the operator would not notice.
std::optional<std::string> TreeReader::what_is_unread() const {
    if (unread_coordinates_ > placed_records_) {
        return "the coordinates of " + std::to_string(unread_coordinates_) +
               " of its records are in a form that is not read: expected latitude and longitude "
               "(location.latitude, latitude, lat) in degrees, or loc = \"35.68,139.69\"";
    }
    if (unread_countries_ > country_records_) {
        return "the countries of " + std::to_string(unread_countries_) +
               " of its records are not read: expected codes of two letters "
               "(country.iso_code, country_code, country), or English names";
    }
    return {};
}

void describe(const MmdbFile& file, const std::string& path, AtlasInfo& info) {
    info.paths.push_back(path);
    const std::string_view type = is_clean_text(file.type()) ? file.type() : "";
    if (info.type.find(type) == std::string::npos) {
        info.type += (info.type.empty() ? "" : " + ") + std::string(type);
    }
    const bool is_first = info.paths.size() == 1;
    info.build_epoch =
        is_first ? file.build_epoch() : std::min(info.build_epoch, file.build_epoch());
    if (type.find("DBIP") != type.npos) {
        info.attribution = "IP Geolocation by DB-IP, https://db-ip.com (CC BY 4.0)";
    } else if (type.find("GeoLite2") != type.npos) {
        info.attribution =
            "This product includes GeoLite2 data created by MaxMind, https://www.maxmind.com";
    }
}

// Adds a file's networks of the families not covered yet. Returns what is wrong with the file, if
// anything.
std::optional<std::string> read_file(const std::string& path, AtlasBuilder& builder) {
    const auto file = MmdbFile::open(path);
    if (!file) { return file.error(); }
    AtlasInfo& info = builder.info();
    TreeReader reader(*file, builder);
    bool is_useful = false;
    bool is_covered = false;  // an earlier file has a family that it could have
    for (const Family family : {Family::V4, Family::V6}) {
        if (family == Family::V6 && file->family() == Family::V4) { continue; }
        std::uint64_t& networks = family == Family::V4 ? info.v4_networks : info.v6_networks;
        if (networks > 0) {
            is_covered = true;
            continue;
        }
        const auto added = reader.read(family);
        if (!added) { return added.error(); }
        networks = added->located;
        (family == Family::V4 ? info.v4_placed : info.v6_placed) = added->placed;
        is_useful |= networks > 0;
    }
    if (const auto problem = reader.what_is_unread()) { return problem; }
    info.unread_records += reader.unread_records();
    const std::string type(is_clean_text(file->type()) ? file->type() : "");
    if (is_useful) {
        describe(*file, path, info);
        return {};
    }
    if (is_covered) {
        return "it adds nothing to the files before it, which have its addresses already (its "
               "type is \"" +
               type + "\"): leave it out";
    }
    return "it holds no located network (its type is \"" + type + "\")";
}

}  // namespace

Result<Atlas, std::string> read_mmdb(std::span<const std::string> paths) {
    if (paths.empty()) { return Failure{std::string("no geo database is named")}; }
    AtlasBuilder builder;
    for (const std::string& path : paths) {
        if (const auto problem = read_file(path, builder)) {
            return Failure{path + ": " + *problem};
        }
    }
    return std::move(builder).build();
}

}  // namespace meridian::geo
