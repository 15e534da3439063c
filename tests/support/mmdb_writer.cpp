// Writes small MaxMind DB files, sound or broken, for tests.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/mmdb_writer.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "meridian/assert.h"

namespace meridian::test {
namespace {

std::string big_endian(std::uint64_t value, unsigned octets) {
    std::string result;
    for (unsigned i = 0; i < octets; ++i) {
        result.push_back(static_cast<char>(value >> (8 * (octets - 1 - i))));
    }
    return result;
}

std::string with_header(unsigned type, std::size_t size, std::string_view payload) {
    std::string result;
    const unsigned size_field = size < 29 ? static_cast<unsigned>(size) : 29;
    MERIDIAN_ASSERT(size < 29 + 256);
    result.push_back(static_cast<char>(((type <= 7 ? type : 0) << 5) | size_field));
    if (type > 7) { result.push_back(static_cast<char>(type - 7)); }
    if (size_field == 29) { result.push_back(static_cast<char>(size - 29)); }
    return result.append(payload);
}

// The tree: a record is a node's number, kEmpty, or -2 minus the number of a network.
constexpr std::int64_t kEmpty = -1;

class Tree {
public:
    Tree() : nodes_(1, {kEmpty, kEmpty}) {}

    // The record at the end of the way along `bits` bits of an IPv6 address.
    std::int64_t& at(const IpAddress& address, unsigned bits) {
        std::size_t node = 0;
        for (unsigned i = 0; i + 1 < bits; ++i) {
            const std::size_t side = address.bit(i) ? 1 : 0;
            if (nodes_[node][side] == kEmpty) {
                nodes_[node][side] = static_cast<std::int64_t>(nodes_.size());
                nodes_.push_back({kEmpty, kEmpty});
            }
            MERIDIAN_ASSERT(nodes_[node][side] >= 0);
            node = static_cast<std::size_t>(nodes_[node][side]);
        }
        return nodes_[node][address.bit(bits - 1) ? 1 : 0];
    }
    [[nodiscard]] const std::vector<std::array<std::int64_t, 2>>& nodes() const { return nodes_; }

private:
    std::vector<std::array<std::int64_t, 2>> nodes_;
};

void append_node(std::string& out, std::uint16_t record_bits, std::uint64_t left,
                 std::uint64_t right) {
    if (record_bits == 28) {
        out += big_endian(left & 0xffffff, 3);
        out.push_back(static_cast<char>(((left >> 24) << 4) | (right >> 24)));
        out += big_endian(right & 0xffffff, 3);
        return;
    }
    out += big_endian(left, record_bits / 8U);
    out += big_endian(right, record_bits / 8U);
}

Tree plant(const MmdbContent& content) {
    Tree tree;
    std::int64_t number = 0;
    for (const auto& [prefix, record] : content.networks) {
        IpAddress address = prefix.address;
        unsigned bits = prefix.bits;
        if (prefix.address.is_v4() && content.ip_version == 6) {
            address = IpAddress::v6(0, prefix.address.as_v4());
            bits += 96;
        }
        tree.at(address, bits) = -2 - number++;
    }
    if (content.has_aliases) {
        const std::int64_t v4 = tree.at(IpAddress::v6(0, 0), 96);
        tree.at(IpAddress::v6(0, 0x0000'ffff'0000'0000), 96) = v4;
        tree.at(IpAddress::v6(0x2001'0000'0000'0000, 0), 32) = v4;
        tree.at(IpAddress::v6(0x2002'0000'0000'0000, 0), 16) = v4;
    }
    return tree;
}

}  // namespace

std::string mmdb_text(std::string_view text) {
    return with_header(2, text.size(), text);
}
std::string mmdb_double(double value) {
    return with_header(3, 8, big_endian(std::bit_cast<std::uint64_t>(value), 8));
}
std::string mmdb_float(float value) {
    return with_header(15, 4, big_endian(std::bit_cast<std::uint32_t>(value), 4));
}
std::string mmdb_unsigned16(std::uint16_t value) {
    return with_header(5, 2, big_endian(value, 2));
}
std::string mmdb_unsigned32(std::uint32_t value) {
    return with_header(6, 4, big_endian(value, 4));
}
std::string mmdb_unsigned64(std::uint64_t value) {
    return with_header(9, 8, big_endian(value, 8));
}
std::string mmdb_array(const std::vector<std::string>& elements) {
    std::string payload;
    for (const std::string& element : elements) {
        payload += element;
    }
    return with_header(11, elements.size(), payload);
}
std::string mmdb_map(const std::vector<std::pair<std::string, std::string>>& entries) {
    std::string payload;
    for (const auto& [key, value] : entries) {
        payload += mmdb_text(key) + value;
    }
    return with_header(7, entries.size(), payload);
}

std::string maxmind_record(std::string_view country, std::string_view subdivision,
                           std::string_view city, double latitude, double longitude) {
    const auto named = [](std::string_view name) {
        return std::pair<std::string, std::string>(
            "names", mmdb_map({{"de", mmdb_text("anders")}, {"en", mmdb_text(name)}}));
    };
    return mmdb_map(
        {{"city", mmdb_map({{"geoname_id", mmdb_unsigned32(7)}, named(city)})},
         {"country", mmdb_map({{"iso_code", mmdb_text(country)}, named("Somewhere")})},
         {"location", mmdb_map({{"accuracy_radius", mmdb_unsigned16(20)},
                                {"latitude", mmdb_double(latitude)},
                                {"longitude", mmdb_double(longitude)}})},
         {"subdivisions",
          mmdb_array({mmdb_map({{"iso_code", mmdb_text(subdivision)}, named("Some state")})})}});
}

std::string flat_record(std::string_view country, std::string_view state, std::string_view city,
                        float latitude, float longitude) {
    return mmdb_map({{"city", mmdb_text(city)},
                     {"country_code", mmdb_text(country)},
                     {"latitude", mmdb_float(latitude)},
                     {"longitude", mmdb_float(longitude)},
                     {"postcode", mmdb_text("")},
                     {"state1", mmdb_text(state)}});
}

std::vector<std::uint8_t> mmdb_octets(const MmdbContent& content) {
    const Tree tree = plant(content);
    std::string data;
    std::vector<std::uint64_t> offsets;
    for (const auto& [prefix, record] : content.networks) {
        offsets.push_back(data.size());
        data += record;
    }
    const std::uint64_t node_count = tree.nodes().size();
    const auto record_of = [&](std::int64_t entry) {
        if (entry == kEmpty) { return node_count; }
        if (entry >= 0) { return static_cast<std::uint64_t>(entry); }
        return node_count + 16 + offsets[static_cast<std::size_t>(-2 - entry)];
    };
    std::string out;
    for (const auto& [left, right] : tree.nodes()) {
        append_node(out, content.record_bits, record_of(left), record_of(right));
    }
    out += std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com";
    out += mmdb_map({{"binary_format_major_version", mmdb_unsigned16(2)},
                     {"binary_format_minor_version", mmdb_unsigned16(0)},
                     {"build_epoch", mmdb_unsigned64(content.build_epoch)},
                     {"database_type", mmdb_text(content.type)},
                     {"description", mmdb_map({{"en", mmdb_text("made for a test")}})},
                     {"ip_version", mmdb_unsigned16(content.ip_version)},
                     {"languages", mmdb_array({mmdb_text("en")})},
                     {"node_count", mmdb_unsigned32(static_cast<std::uint32_t>(node_count))},
                     {"record_size", mmdb_unsigned16(content.record_bits)}});
    return {out.begin(), out.end()};
}

TemporaryFile::TemporaryFile(std::string_view name, const std::vector<std::uint8_t>& octets) {
    const char* directory = std::getenv("TMPDIR");
    path_ = std::string(directory == nullptr ? "/tmp" : directory) + "/meridian-" +
            std::to_string(::getpid()) + "-" + std::string(name);
    overwrite(octets);
}

TemporaryFile::~TemporaryFile() {
    std::remove(path_.c_str());
}

void TemporaryFile::overwrite(const std::vector<std::uint8_t>& octets) const {
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(octets.data()),
               static_cast<std::streamsize>(octets.size()));
    MERIDIAN_ASSERT(file.good());
}

}  // namespace meridian::test
