// Reads and writes `.world` files.
//
// SPDX-License-Identifier: Apache-2.0
//
// A file is a header and a payload. Integers are big-endian; a text is u16 octets, then UTF-8.
//
//     0   "Meridian world\n"       15 octets
//     15  version                  u8, 1
//     16  hash                     u64, FNV-1a of all that follows
//     24  build time               u64, Unix seconds, of the oldest source
//     32  IPv4 networks as read    u64
//     40  IPv6 networks as read    u64
//     48  payload, uncompressed    u32 octets
//     52  attribution              text: the notice that the licence of the source requires
//         sources                  u8 count, a text each: the names of the files it was made from
//         payload                  one zstd frame, to the end of the file
//
// The payload says where blocks of addresses are: /24s of IPv4 and /48s of IPv6, as a rule. Every
// integer in it is a varint (7 bits an octet, the lowest first), unless another type is given.
//
//     countries    count, then two capital letters each, or two zero octets for none
//     for IPv4, then IPv6:
//       block_bits   u8, the prefix length of a block
//       places       for each country: count, then latitude u16 and longitude u16 each, in
//                    hundredths of a degree from 90 S and 180 W; ffff ffff: no place is known
//       lengths      octets, then for each run of equal neighbours: how many blocks it has
//       countries    octets, then for each run: an index into the countries
//       places       octets, then for each run: an index into the places of its country
//
// The runs cover all blocks in address order. Their three facts stand apart and the frequent
// countries and places come first, because zstd then makes the file a quarter smaller.
#include "meridian/geo/world.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "geo/database/world_grid.h"
#include "geo/database/world_payload.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/file_reader.h"
#include "meridian/limits.h"

namespace meridian::geo {
namespace {

constexpr std::string_view kWorldMagic = "Meridian world\n";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHashOffset = 16;  // behind the magic and the version
constexpr std::size_t kHashedFrom = 24;
constexpr std::size_t kMaxFileOctets = std::size_t{64} << 20;      // ours has 4 MB
constexpr std::size_t kMaxPayloadOctets = std::size_t{256} << 20;  // ours has 20 MB
constexpr std::size_t kMaxTextOctets = 4096;
constexpr int kCompressionLevel = 22;  // the writer has time; reading is as fast at any level

struct WorldHeader {
    AtlasInfo info;
    std::uint32_t payload_octets = 0;
};

bool is_magic(std::span<const std::uint8_t> octets) {
    return std::ranges::equal(octets, kWorldMagic, {}, {},
                              [](char letter) { return static_cast<std::uint8_t>(letter); });
}

void put_text(std::vector<std::uint8_t>& octets, std::string_view text) {
    text = text.substr(0, kMaxTextOctets);
    octets.push_back(static_cast<std::uint8_t>(text.size() >> 8));
    octets.push_back(static_cast<std::uint8_t>(text.size()));
    octets.insert(octets.end(), text.begin(), text.end());
}

void put_u64(std::vector<std::uint8_t>& octets, std::uint64_t value) {
    for (unsigned shift = 64; shift != 0; shift -= 8) {
        octets.push_back(static_cast<std::uint8_t>(value >> (shift - 8)));
    }
}

std::uint64_t read_u64(ByteReader& reader) {
    const std::uint64_t high = reader.read_u32();
    return high << 32 | reader.read_u32();
}

std::string read_text(ByteReader& reader) {
    const auto octets = reader.read(reader.read_u16());
    return {octets.begin(), octets.end()};
}

std::vector<std::uint8_t> compress(const std::vector<std::uint8_t>& payload) {
    std::vector<std::uint8_t> frame(ZSTD_compressBound(payload.size()));
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                       ZSTD_freeCCtx);
    const std::size_t size = ZSTD_compressCCtx(context.get(), frame.data(), frame.size(),
                                               payload.data(), payload.size(), kCompressionLevel);
    MERIDIAN_ASSERT(ZSTD_isError(size) == 0);
    frame.resize(size);
    return frame;
}

Result<std::vector<std::uint8_t>, std::string> decompress(std::span<const std::uint8_t> frame,
                                                          std::uint32_t payload_octets) {
    if (payload_octets > kMaxPayloadOctets) {
        return Failure{std::string("damaged: it claims to be larger than any world")};
    }
    std::vector<std::uint8_t> payload(payload_octets);
    const std::size_t size =
        ZSTD_decompress(payload.data(), payload.size(), frame.data(), frame.size());
    if (ZSTD_isError(size) != 0) {
        return Failure{std::string("damaged: ") + ZSTD_getErrorName(size)};
    }
    if (size != payload.size()) { return Failure{std::string("damaged: it is cut short")}; }
    return payload;
}

Result<std::vector<std::uint8_t>, std::string> read_file(const std::string& path) {
    auto file = FileReader::open(path, kMaxFileOctets);
    if (!file) {
        const bool is_large = file.error().kind == FileFailure::TooLarge;
        return Failure{is_large ? "is larger than any world"
                                : "cannot be read: " + file.error().reason};
    }
    std::vector<std::uint8_t> octets(static_cast<std::size_t>(file->octets()));
    if (!file->read(octets)) { return Failure{std::string("became shorter while it was read")}; }
    return octets;
}

// Reads up to the payload.
Result<WorldHeader, std::string> read_header(ByteReader& reader,
                                             std::span<const std::uint8_t> octets) {
    const auto magic = reader.read(kWorldMagic.size());
    if (!is_magic(magic)) { return Failure{std::string("is no Meridian world")}; }
    if (const unsigned version = reader.read_u8(); version != kVersion) {
        return Failure{"is a world of version " + std::to_string(version) + ", not 1"};
    }
    if (octets.size() < kHashedFrom) { return Failure{std::string("damaged: it is cut short")}; }
    if (read_u64(reader) != damage_hash(octets.subspan(kHashedFrom))) {
        return Failure{std::string("damaged: its hash is wrong")};
    }
    WorldHeader header;
    header.info.type = "Meridian world";
    header.info.build_epoch = read_u64(reader);
    header.info.v4_networks = read_u64(reader);
    header.info.v6_networks = read_u64(reader);
    header.payload_octets = reader.read_u32();
    header.info.attribution = read_text(reader);
    const unsigned source_count = reader.read_u8();
    for (unsigned i = 0; i < source_count && !reader.failed(); ++i) {
        header.info.type += (i == 0 ? " of " : ", ") + read_text(reader);
    }
    if (reader.failed()) { return Failure{std::string("damaged: it ends within its header")}; }
    return header;
}

Result<Atlas, std::string> parse(const std::string& path, std::span<const std::uint8_t> octets) {
    ByteReader reader(octets);
    auto header = read_header(reader, octets);
    if (!header) { return Failure{header.error()}; }
    const auto payload = decompress(reader.read(reader.remaining()), header->payload_octets);
    if (!payload) { return Failure{payload.error()}; }

    AtlasBuilder builder;
    builder.info() = std::move(header->info);
    builder.info().paths = {path};
    if (const auto read = decode_payload(*payload, builder); !read) {
        return Failure{read.error()};
    }
    AtlasInfo& info = builder.info();
    if (info.has_coordinates) {  // each block has the coordinates of its networks
        info.v4_placed = info.v4_networks;
        info.v6_placed = info.v6_networks;
    }
    return std::move(builder).build();
}

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

Result<Atlas, std::string> read_world(const std::string& path) {
    const auto octets = read_file(path);
    if (!octets) { return Failure{path + ": " + octets.error()}; }
    auto atlas = parse(path, *octets);
    if (!atlas) { return Failure{path + ": " + atlas.error()}; }
    return atlas;
}

bool is_world_file(const std::string& path) {
    auto file = FileReader::open(path, kMaxDatabaseOctets);  // it may be a MaxMind DB file
    std::array<std::uint8_t, kWorldMagic.size()> start{};
    return file && file->read(start) && is_magic(start);
}

std::vector<std::uint8_t> write_world(const Atlas& atlas, const WorldOptions& options) {
    const AtlasInfo& info = atlas.info();
    const auto payload = encode_payload(reduce_to_grid(atlas, options));
    MERIDIAN_ASSERT(payload.size() <= kMaxPayloadOctets);

    std::vector<std::uint8_t> octets(kHashOffset);
    std::ranges::copy(kWorldMagic, octets.begin());
    octets.back() = kVersion;
    put_u64(octets, 0);  // room for the hash
    put_u64(octets, info.build_epoch);
    put_u64(octets, info.v4_networks);
    put_u64(octets, info.v6_networks);
    octets.resize(octets.size() + 4);
    store_u32(octets, octets.size() - 4, static_cast<std::uint32_t>(payload.size()));
    put_text(octets, options.attribution.empty() ? info.attribution : options.attribution);
    const std::size_t source_count = std::min<std::size_t>(info.paths.size(), 255);
    octets.push_back(static_cast<std::uint8_t>(source_count));
    for (std::size_t i = 0; i < source_count; ++i) {
        put_text(octets, file_name(info.paths[i]));
    }

    const auto frame = compress(payload);
    octets.insert(octets.end(), frame.begin(), frame.end());
    const std::uint64_t hash = damage_hash(std::span(octets).subspan(kHashedFrom));
    store_u32(octets, kHashOffset, static_cast<std::uint32_t>(hash >> 32));
    store_u32(octets, kHashOffset + 4, static_cast<std::uint32_t>(hash));
    return octets;
}

}  // namespace meridian::geo
