// Writes a geo database in MaxMind's layout, so that peers can load what Meridian loads.
//
// SPDX-License-Identifier: Apache-2.0
//
// A MaxMind DB file (maxmind.github.io/MaxMind-DB):
//
//   search tree   two 32-bit records a node: a node, "nothing" (the node count), or
//                 node count + 16 + offset into the data section
//   16 zero octets
//   data section  self-describing values; here one map a location
//   0xabcdef "MaxMind.com" and a map of metadata
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/database.h"

namespace {

using namespace meridian;

constexpr std::uint32_t kSeparatorOctets = 16;
constexpr std::uint8_t kV4FrontBits = 96;  // IPv4 lies at ::/96 of the tree

/// Values of the data section.
class DataWriter {
public:
    void string(std::string_view text) {
        head(2, text.size());
        octets_.insert(octets_.end(), text.begin(), text.end());
    }
    void number(double value) {
        head(3, 8);
        big_endian(std::bit_cast<std::uint64_t>(value), 8);
    }
    void map(std::size_t pairs) { head(7, pairs); }
    void array(std::size_t items) { extended_head(11, items); }
    void unsigned_16(std::uint16_t value) {
        head(5, 2);
        big_endian(value, 2);
    }
    void unsigned_32(std::uint32_t value) {
        head(6, 4);
        big_endian(value, 4);
    }
    void unsigned_64(std::uint64_t value) {
        extended_head(9, 8);
        big_endian(value, 8);
    }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(octets_.size()); }
    [[nodiscard]] const std::vector<std::uint8_t>& octets() const { return octets_; }

private:
    /// Sizes from 29 on need an octet more, from 285 on two: no text here is longer.
    void head(unsigned type, std::size_t size) {
        if (size < 29) {
            octets_.push_back(static_cast<std::uint8_t>(type << 5 | size));
        } else if (size < 285) {
            octets_.push_back(static_cast<std::uint8_t>(type << 5 | 29));
            octets_.push_back(static_cast<std::uint8_t>(size - 29));
        } else {
            octets_.push_back(static_cast<std::uint8_t>(type << 5 | 30));
            big_endian(size - 285, 2);
        }
    }
    void extended_head(unsigned type, std::size_t size) {
        octets_.push_back(static_cast<std::uint8_t>(size));  // always under 29 here
        octets_.push_back(static_cast<std::uint8_t>(type - 7));
    }
    void big_endian(std::uint64_t value, unsigned count) {
        while (count-- > 0) {
            octets_.push_back(static_cast<std::uint8_t>(value >> (8 * count)));
        }
    }
    std::vector<std::uint8_t> octets_;
};

void write_location(const geo::Atlas& atlas, const geo::Location& location, DataWriter& data) {
    const geo::Country* country = geo::find_country(location.country);
    const bool has_country = country != nullptr;
    const bool has_subdivision = location.subdivision != 0;
    const bool has_city = location.city != 0;
    data.map((has_country ? 2u : 0u) + location.has_coordinates + has_subdivision + has_city);
    if (has_country) {
        data.string("continent");
        data.map(1);
        data.string("code");
        data.string(geo::continent_text(country->continent));
        data.string("country");
        data.map(1);
        data.string("iso_code");
        data.string(location.country.text());
    }
    if (location.has_coordinates) {
        data.string("location");
        data.map(2);
        data.string("latitude");
        data.number(location.at.latitude);
        data.string("longitude");
        data.number(location.at.longitude);
    }
    if (has_subdivision) {
        data.string("subdivisions");
        data.array(1);
        data.map(1);
        data.string("iso_code");
        data.string(atlas.text(location.subdivision));
    }
    if (has_city) {
        data.string("city");
        data.map(1);
        data.string("names");
        data.map(1);
        data.string("en");
        data.string(atlas.text(location.city));
    }
}

/// Grows the tree from the leaves of an atlas, which come in address order and leave no gap.
class TreeWriter {
public:
    TreeWriter(const geo::Atlas& atlas, const std::vector<std::uint32_t>& offsets)
        : offsets_(offsets), v4_(atlas, Family::V4), v6_(atlas, Family::V6) {
        v4_.next(v4_leaf_);
        v6_.next(v6_leaf_);
        subtree(Family::V6, IpAddress::v6(0, 0), 0);
    }
    [[nodiscard]] std::uint32_t node_count() const {
        return static_cast<std::uint32_t>(nodes_.size());
    }
    /// A record's final value: data follows behind all nodes.
    [[nodiscard]] std::uint32_t left(std::size_t node) const { return final(nodes_[node].first); }
    [[nodiscard]] std::uint32_t right(std::size_t node) const { return final(nodes_[node].second); }

private:
    static constexpr std::uint32_t kDataBit = std::uint32_t{1} << 31;
    static constexpr std::uint32_t kNothing = ~std::uint32_t{0};

    [[nodiscard]] std::uint32_t final(std::uint32_t record) const {
        if (record == kNothing) { return node_count(); }
        if ((record & kDataBit) == 0) { return record; }
        return node_count() + kSeparatorOctets + (record & ~kDataBit);
    }
    [[nodiscard]] std::uint32_t data(geo::LocationId location) const {
        return location == 0 ? kNothing : kDataBit | offsets_[location];
    }

    /// The record for the block of `bits` bits at `start`. Calls itself once a bit at most.
    std::uint32_t subtree(Family family, const IpAddress& start, std::uint8_t bits) {
        const bool above_v4 =
            family == Family::V6 && start.high() == 0 && start.low() == 0 && bits <= kV4FrontBits;
        if (above_v4 && bits == kV4FrontBits) {
            skip_v6_at_front();
            return subtree(Family::V4, IpAddress::v4(0), 0);
        }
        geo::AtlasLeaf& leaf = family == Family::V4 ? v4_leaf_ : v6_leaf_;
        if (!above_v4 && leaf.prefix.bits <= bits) {
            const std::uint32_t record = data(leaf.location);
            // A leaf cut by the way down to IPv4 is used several times.
            if (is_last_part(leaf.prefix, start, bits)) {
                (family == Family::V4 ? v4_ : v6_).next(leaf);
            }
            return record;
        }
        const std::size_t node = nodes_.size();
        nodes_.emplace_back();
        const auto left = subtree(family, start, static_cast<std::uint8_t>(bits + 1));
        const auto right =
            subtree(family, with_bit(start, bits), static_cast<std::uint8_t>(bits + 1));
        nodes_[node] = {left, right};
        return static_cast<std::uint32_t>(node);
    }
    /// What the IPv6 tree says of ::/96 gives way to the IPv4 tree.
    void skip_v6_at_front() {
        while (v6_leaf_.prefix.bits >= kV4FrontBits &&
               v6_leaf_.prefix.address.masked(kV4FrontBits) == IpAddress::v6(0, 0)) {
            if (!v6_.next(v6_leaf_)) { return; }
        }
    }
    static IpAddress with_bit(const IpAddress& address, std::uint8_t index) {
        const std::uint64_t high = index < 64 ? std::uint64_t{1} << (63 - index) : 0;
        const std::uint64_t low = index < 64 ? 0 : std::uint64_t{1} << (127 - index);
        return IpAddress::left_aligned(address.family(), address.high() | high,
                                       address.low() | low);
    }
    /// Whether the block ends where `leaf` ends.
    static bool is_last_part(const IpPrefix& leaf, const IpAddress& start, std::uint8_t bits) {
        for (std::uint8_t i = leaf.bits; i < bits; ++i) {
            if (!start.bit(i)) { return false; }
        }
        return true;
    }

    const std::vector<std::uint32_t>& offsets_;
    geo::Atlas::Cursor v4_;
    geo::Atlas::Cursor v6_;
    geo::AtlasLeaf v4_leaf_;
    geo::AtlasLeaf v6_leaf_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> nodes_;
};

void write_metadata(std::uint32_t node_count, std::uint64_t build_epoch, DataWriter& metadata) {
    metadata.map(9);
    metadata.string("binary_format_major_version");
    metadata.unsigned_16(2);
    metadata.string("binary_format_minor_version");
    metadata.unsigned_16(0);
    metadata.string("build_epoch");
    metadata.unsigned_64(build_epoch);
    metadata.string("database_type");
    metadata.string("GeoLite2-City");  // what readers expect of such records
    metadata.string("description");
    metadata.map(1);
    metadata.string("en");
    metadata.string("Converted for a benchmark");
    metadata.string("ip_version");
    metadata.unsigned_16(6);
    metadata.string("languages");
    metadata.array(1);
    metadata.string("en");
    metadata.string("node_count");
    metadata.unsigned_32(node_count);
    metadata.string("record_size");
    metadata.unsigned_16(32);
}

void append_u32(std::vector<char>& out, std::uint32_t value) {
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        out.push_back(static_cast<char>(value >> (shift - 8)));
    }
}

/// The same world in blocks of at most `longest` bits, twice as many for IPv6; where there were
/// smaller ones, the place of the first counts for the whole block.
geo::Atlas cut(const geo::Atlas& atlas, std::uint8_t longest) {
    geo::AtlasBuilder builder;
    builder.info() = atlas.info();
    std::vector<geo::LocationId> ids(atlas.locations().size());  // 0: not needed so far
    const auto id_of = [&](geo::LocationId old) {
        if (ids[old] == 0) {
            geo::Location location = atlas.location(old);
            location.subdivision = builder.add_text(atlas.text(location.subdivision));
            location.city = builder.add_text(atlas.text(location.city));
            ids[old] = builder.add_location(location);
        }
        return ids[old];
    };
    for (const Family family : {Family::V4, Family::V6}) {
        const auto bits = static_cast<std::uint8_t>(family == Family::V4 ? longest : 2 * longest);
        geo::Atlas::Cursor cursor(atlas, family);
        IpPrefix last{.address = {}, .bits = 255};
        for (geo::AtlasLeaf leaf; cursor.next(leaf);) {
            if (leaf.prefix.bits > bits) { leaf.prefix = {leaf.prefix.address.masked(bits), bits}; }
            if (leaf.prefix == last) { continue; }
            last = leaf.prefix;
            builder.add(leaf.prefix, id_of(leaf.location));
        }
    }
    return std::move(builder).build();
}

bool write_file(const geo::Atlas& atlas, const std::string& path) {
    DataWriter data;
    std::vector<std::uint32_t> offsets;
    for (const geo::Location& location : atlas.locations()) {
        offsets.push_back(data.size());
        write_location(atlas, location, data);
    }
    const TreeWriter tree(atlas, offsets);
    DataWriter metadata;
    write_metadata(tree.node_count(), atlas.info().build_epoch, metadata);

    std::vector<char> out;
    out.reserve(tree.node_count() * std::size_t{8} + data.size() + 1024);
    for (std::size_t node = 0; node < tree.node_count(); ++node) {
        append_u32(out, tree.left(node));
        append_u32(out, tree.right(node));
    }
    out.insert(out.end(), kSeparatorOctets, '\0');
    out.insert(out.end(), data.octets().begin(), data.octets().end());
    constexpr std::string_view kMarker = "\xab\xcd\xefMaxMind.com";
    out.insert(out.end(), kMarker.begin(), kMarker.end());
    out.insert(out.end(), metadata.octets().begin(), metadata.octets().end());
    std::ofstream file(path, std::ios::binary);
    file.write(out.data(), static_cast<std::streamsize>(out.size()));
    return file.good();
}

}  // namespace

int main(int argument_count, char** arguments) {
    std::vector<std::string> words(arguments + 1, arguments + argument_count);
    int longest = 0;
    if (words.size() >= 2 && words[0] == "--longest") {
        longest = std::atoi(words[1].c_str());
        words.erase(words.begin(), words.begin() + 2);
        if (longest < 1 || longest > 32) { words.clear(); }
    }
    if (words.size() < 2) {
        std::fprintf(stderr,
                     "usage: meridian_maxmind_layout [--longest BITS] OUTPUT.mmdb DATABASE...\n"
                     "  --longest  cuts the world into larger blocks: 1-32 bits of an IPv4 "
                     "address, twice as many of an IPv6 one\n");
        return 2;
    }
    const auto read = bench::read_database({words.begin() + 1, words.end()});
    if (!read) {
        std::fprintf(stderr, "meridian_maxmind_layout: %s\n", read.error().c_str());
        return 1;
    }
    const geo::Atlas atlas =
        longest == 0 ? **read : cut(**read, static_cast<std::uint8_t>(longest));
    if (!write_file(atlas, words[0])) {
        std::fprintf(stderr, "meridian_maxmind_layout: cannot write %s\n", words[0].c_str());
        return 1;
    }
    std::printf("%llu IPv4 networks, %llu IPv6 networks\n",
                static_cast<unsigned long long>(atlas.leaf_count(Family::V4)),
                static_cast<unsigned long long>(atlas.leaf_count(Family::V6)));
    return 0;
}
