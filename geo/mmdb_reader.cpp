// Reads a MaxMind DB file into an atlas, then lets go of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/mmdb_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "geo/address_range.h"
#include "geo/mmdb_data.h"
#include "geo/mmdb_file.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

// A tree visits each node once. Writers that share equal subtrees visit some again; a tree with a
// loop in it would never end.
constexpr std::uint64_t kMaxVisitsPerNode = 4;

// Printable and valid UTF-8 (RFC 3629 §4), so that logs and JSON may quote it as it is.
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

// Numbers what was decoded by its data offset: many networks share a record, many records a name.
// Slots follow the order of offsets, since neighbours in the tree are often neighbours there.
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

// What a record says, both layouts in one: no key has two meanings.
struct RawLocation {
    std::string_view country;
    std::string_view subdivision_code;
    MmdbValue subdivision_name;
    MmdbValue city;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::uint64_t accuracy_km = 0;
};

MmdbValue english_name(MmdbData& data, const MmdbValue& place) {
    MmdbValue name;
    data.for_each(place, [&](std::string_view key, const MmdbValue& value) {
        if (key != "names") { return; }
        data.for_each(value, [&](std::string_view language, const MmdbValue& text) {
            if (language == "en") { name = text; }
        });
    });
    return name;
}

std::string_view iso_code(MmdbData& data, const MmdbValue& place) {
    std::string_view code;
    data.for_each(place, [&](std::string_view key, const MmdbValue& value) {
        if (key == "iso_code") { code = data.text(value); }
    });
    return code;
}

void read_point(MmdbData& data, std::string_view key, const MmdbValue& value, RawLocation& raw) {
    if (key == "latitude") { raw.latitude = data.number(value); }
    if (key == "longitude") { raw.longitude = data.number(value); }
    if (key == "accuracy_radius") { raw.accuracy_km = data.integer(value).value_or(0); }
}

RawLocation read_record(MmdbData& data, std::uint32_t offset) {
    RawLocation raw;
    data.for_each(data.record(offset), [&](std::string_view key, const MmdbValue& value) {
        if (key == "country") {
            raw.country = iso_code(data, value);
        } else if (key == "country_code") {
            raw.country = data.text(value);
        } else if (key == "location") {
            data.for_each(value, [&](std::string_view inner, const MmdbValue& number) {
                read_point(data, inner, number, raw);
            });
        } else if (key == "subdivisions") {
            const MmdbValue first = data.first_element(value);
            raw.subdivision_code = iso_code(data, first);
            raw.subdivision_name = english_name(data, first);
        } else if (key == "state1") {
            raw.subdivision_name = value;
        } else if (key == "city") {
            raw.city = value.type == MmdbType::Text ? value : english_name(data, value);
        } else {
            read_point(data, key, value, raw);
        }
    });
    return raw;
}

// Walks the trees of one file into the builder.
class TreeReader {
public:
    TreeReader(const MmdbFile& file, AtlasBuilder& builder)
        : file_(file),
          data_(file.data_section()),
          builder_(builder),
          records_(file.data_section().size()),
          texts_(file.data_section().size()) {}

    // Adds the located networks of a family; their number, or what is wrong with the file.
    Result<std::uint64_t, std::string> read(Family family);

private:
    struct Step {
        std::uint64_t record;
        AddressBits first;
        unsigned bits;
    };

    std::optional<LocationId> locate(std::uint32_t offset);
    LocationId add_location(const RawLocation& raw);
    TextId add_text(const MmdbValue& value);

    const MmdbFile& file_;
    MmdbData data_;
    AtlasBuilder& builder_;
    DecodedOffsets records_;
    DecodedOffsets texts_;
};

Result<std::uint64_t, std::string> TreeReader::read(Family family) {
    const std::uint64_t node_count = file_.node_count();
    const bool has_v4_inside = file_.family() == Family::V6;
    // Where the IPv4 tree hangs, and again at its aliases (::ffff:0:0/96, 2002::/16, Teredo).
    const std::uint64_t v4_root = has_v4_inside ? file_.v4_root() : node_count;
    if (v4_root == 0) { return Failure{std::string("its search tree has a loop")}; }
    const std::uint64_t left_out = family == Family::V6 ? v4_root : node_count;
    std::uint64_t visits_left = node_count * kMaxVisitsPerNode;
    std::uint64_t networks = 0;
    // Leftwards, and what lies to the right of the way is waiting: one node for each bit of it.
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
                ++networks;
            }
        }
        if (waiting_count == 0) { break; }
        step = waiting[--waiting_count];
    }
    return networks;
}

std::optional<LocationId> TreeReader::locate(std::uint32_t offset) {
    if (const LocationId* known = records_.find(offset)) { return *known; }
    const RawLocation raw = read_record(data_, offset);
    if (data_.failed()) { return {}; }
    const LocationId location = add_location(raw);
    records_.insert(offset, location);
    return location;
}

LocationId TreeReader::add_location(const RawLocation& raw) {
    Location location;
    location.country = CountryCode::parse(raw.country).value_or(CountryCode{});
    // Written so that NaN is refused as well.
    location.has_coordinates = raw.latitude && raw.longitude && std::abs(*raw.latitude) <= 90 &&
                               std::abs(*raw.longitude) <= 180;
    if (location.has_coordinates) {
        location.at = {*raw.latitude, *raw.longitude};
        location.accuracy_km =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(raw.accuracy_km, UINT16_MAX));
    }
    if (!location.has_coordinates && !location.country.known()) { return 0; }

    if (is_clean_text(raw.subdivision_code) && !raw.subdivision_code.empty() &&
        location.country.known()) {  // ISO 3166-2
        location.subdivision = builder_.add_text(std::string(location.country.text()) + "-" +
                                                 std::string(raw.subdivision_code));
    } else {
        location.subdivision = add_text(raw.subdivision_name);
    }
    location.city = add_text(raw.city);

    AtlasInfo& info = builder_.info();
    info.has_coordinates |= location.has_coordinates;
    info.has_subdivisions |= location.subdivision != 0;
    info.has_cities |= location.city != 0;
    return builder_.add_location(location);
}

TextId TreeReader::add_text(const MmdbValue& value) {
    if (value.type != MmdbType::Text) { return 0; }
    if (const TextId* known = texts_.find(value.payload)) { return *known; }
    const std::string_view text = data_.text(value);
    const TextId id = is_clean_text(text) ? builder_.add_text(text) : 0;
    texts_.insert(value.payload, id);
    return id;
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

// Adds what a file knows of the families not covered yet. Nothing, or what is wrong with it.
std::optional<std::string> read_file(const std::string& path, AtlasBuilder& builder) {
    const auto file = MmdbFile::open(path);
    if (!file) { return file.error(); }
    AtlasInfo& info = builder.info();
    describe(*file, path, info);
    TreeReader reader(*file, builder);
    bool is_useful = false;
    for (const Family family : {Family::V4, Family::V6}) {
        if (family == Family::V6 && file->family() == Family::V4) { continue; }
        std::uint64_t& networks = family == Family::V4 ? info.v4_networks : info.v6_networks;
        if (networks > 0) {  // an earlier file has it
            is_useful = true;
            continue;
        }
        const auto added = reader.read(family);
        if (!added) { return added.error(); }
        networks = *added;
        is_useful |= networks > 0;
    }
    if (is_useful) { return {}; }
    return "it holds no located network (its type is \"" + info.type + "\")";
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
