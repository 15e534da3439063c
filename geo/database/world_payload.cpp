// Encodes a world's grid as octets, and decodes octets into an atlas.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/database/world_payload.h"

#include <optional>

#include "geo/address_range.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

constexpr std::uint64_t kMaxCountries = 26 * 26 + 1;     // all codes, and the unknown country
constexpr std::uint64_t kMaxPlaces = kMaxLocations / 4;  // of a family

void put_varint(std::vector<std::uint8_t>& octets, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) {
        octets.push_back(static_cast<std::uint8_t>(value | 0x80));
    }
    octets.push_back(static_cast<std::uint8_t>(value));
}

void put_u16(std::vector<std::uint8_t>& octets, std::uint16_t value) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value));
}

void put_stream(std::vector<std::uint8_t>& octets, const std::vector<std::uint8_t>& stream) {
    put_varint(octets, stream.size());
    octets.insert(octets.end(), stream.begin(), stream.end());
}

// Reads what the put functions wrote. A read past the end gives zero and sets `failed`, which stays
// set.
class PayloadReader {
public:
    explicit PayloadReader(std::span<const std::uint8_t> octets) : octets_(octets) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool at_end() const { return position_ == octets_.size(); }

    std::uint8_t octet() {
        if (position_ == octets_.size()) {
            failed_ = true;
            return 0;
        }
        return octets_[position_++];
    }
    std::uint16_t u16() {
        const unsigned high = octet();
        return static_cast<std::uint16_t>(high << 8 | octet());
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63; shift += 7) {  // nothing here needs more than 63 bits
            const std::uint8_t part = octet();
            value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
            if (part < 0x80) { return value; }
        }
        failed_ = true;
        return 0;
    }
    PayloadReader stream() {
        const std::uint64_t size = varint();
        if (size > octets_.size() - position_) {
            failed_ = true;
            return PayloadReader({});
        }
        const auto part = octets_.subspan(position_, static_cast<std::size_t>(size));
        position_ += part.size();
        return PayloadReader(part);
    }

private:
    std::span<const std::uint8_t> octets_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

Failure<std::string> damaged(const char* what) {
    return Failure{std::string("damaged: ") + what};
}

Result<std::vector<CountryCode>, std::string> read_countries(PayloadReader& reader) {
    const std::uint64_t count = reader.varint();
    if (count > kMaxCountries) { return damaged("too many countries"); }
    std::vector<CountryCode> countries;
    for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
        const CountryCode raw{
            {static_cast<char>(reader.octet()), static_cast<char>(reader.octet())}};
        const bool none = raw == CountryCode{};
        if (!none && CountryCode::parse({raw.letters.data(), 2}) != raw) {
            return damaged("a country is not two capital letters");
        }
        countries.push_back(raw);
    }
    if (reader.failed()) { return damaged("it ends within the countries"); }
    return countries;
}

// The locations of a family, country by country.
struct PlaceTable {
    std::vector<std::size_t> first_of_country;  // and at the end the number of locations
    std::vector<LocationId> locations;
};

Result<PlaceTable, std::string> read_places(PayloadReader& reader,
                                            const std::vector<CountryCode>& countries,
                                            AtlasBuilder& builder) {
    PlaceTable table;
    for (const CountryCode country : countries) {
        table.first_of_country.push_back(table.locations.size());
        const std::uint64_t count = reader.varint();
        if (count > kMaxPlaces - table.locations.size()) { return damaged("too many places"); }
        for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
            WorldPlace place;
            place.latitude = reader.u16();
            place.longitude = reader.u16();
            const auto at = coordinates_of(place);
            if (at && (at->latitude > 90 || at->longitude > 180)) {
                return damaged("a place that is not on Earth");
            }
            Location location;
            location.country = country;
            location.has_coordinates = at.has_value();
            location.at = at.value_or(Coordinates{});
            builder.info().has_coordinates |= at.has_value();
            table.locations.push_back(builder.add_location(location));
        }
    }
    table.first_of_country.push_back(table.locations.size());
    if (reader.failed()) { return damaged("it ends within the places"); }
    return table;
}

Result<Unit, std::string> read_family(PayloadReader& reader, Family family,
                                      const std::vector<CountryCode>& countries,
                                      AtlasBuilder& builder) {
    const std::uint8_t block_bits = reader.octet();
    if (block_bits < 1 || block_bits > (family == Family::V4 ? 32 : 63)) {
        return damaged("blocks of an impossible length");
    }
    const auto places = read_places(reader, countries, builder);
    if (!places) { return Failure{places.error()}; }
    PayloadReader lengths = reader.stream();
    PayloadReader country_indices = reader.stream();
    PayloadReader place_indices = reader.stream();
    if (reader.failed()) { return damaged("it ends within the blocks"); }

    const unsigned block_shift = 128U - block_bits;
    const std::uint64_t block_total = std::uint64_t{1} << block_bits;
    std::uint64_t block = 0;
    while (block < block_total) {
        const std::uint64_t count = lengths.varint();
        const std::uint64_t country = country_indices.varint();
        const std::uint64_t place = place_indices.varint();
        if (lengths.failed() || country_indices.failed() || place_indices.failed()) {
            return damaged("it does not cover all addresses");
        }
        if (count == 0 || count > block_total - block) { return damaged("a run is too long"); }
        if (country >= countries.size()) { return damaged("a country that is not listed"); }
        const std::size_t first = places->first_of_country[country];
        if (place >= places->first_of_country[country + 1] - first) {
            return damaged("a place that is not listed");
        }
        const LocationId location = places->locations[first + place];
        for_each_prefix(AddressBits{block} << block_shift,
                        (AddressBits{block + count - 1} << block_shift) | span_of(block_bits),
                        [&](AddressBits start, std::uint8_t bits) {
                            builder.add({address_of(family, start), bits}, location);
                        });
        block += count;
    }
    if (!lengths.at_end() || !country_indices.at_end() || !place_indices.at_end()) {
        return damaged("something stands behind the last address");
    }
    return Unit{};
}

}  // namespace

std::vector<std::uint8_t> encode_payload(const WorldGrid& grid) {
    std::vector<std::uint8_t> octets;
    put_varint(octets, grid.countries.size());
    for (const CountryCode country : grid.countries) {
        for (const char letter : country.letters) {
            octets.push_back(static_cast<std::uint8_t>(letter));
        }
    }
    for (const WorldFamily& family : grid.families) {
        octets.push_back(family.block_bits);
        for (const std::vector<WorldPlace>& places : family.places) {
            put_varint(octets, places.size());
            for (const WorldPlace place : places) {
                put_u16(octets, place.latitude);
                put_u16(octets, place.longitude);
            }
        }
        std::vector<std::uint8_t> lengths;
        std::vector<std::uint8_t> countries;
        std::vector<std::uint8_t> places;
        for (const WorldRun& run : family.runs) {
            put_varint(lengths, run.block_count);
            put_varint(countries, run.country);
            put_varint(places, run.place);
        }
        put_stream(octets, lengths);
        put_stream(octets, countries);
        put_stream(octets, places);
    }
    return octets;
}

Result<Unit, std::string> decode_payload(std::span<const std::uint8_t> payload,
                                         AtlasBuilder& builder) {
    PayloadReader reader(payload);
    const auto countries = read_countries(reader);
    if (!countries) { return Failure{countries.error()}; }
    for (const Family family : {Family::V4, Family::V6}) {
        auto read = read_family(reader, family, *countries, builder);
        if (!read) { return read; }
    }
    if (!reader.at_end()) { return damaged("something stands behind its end"); }
    return Unit{};
}

std::uint64_t damage_hash(std::span<const std::uint8_t> octets) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const std::uint8_t octet : octets) {
        hash = (hash ^ octet) * 0x100000001b3;
    }
    return hash;
}

}  // namespace meridian::geo
