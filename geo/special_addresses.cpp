// Recognises addresses that stand for another address or for no place at all.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/special_addresses.h"

#include <array>
#include <vector>

#include "meridian/assert.h"

namespace meridian::geo {
namespace {

constexpr IpPrefix v4_block(std::uint32_t address, std::uint8_t bits) {
    return {IpAddress::v4(address), bits};
}
constexpr IpPrefix v6_block(std::uint64_t high, std::uint64_t low, std::uint8_t bits) {
    return {IpAddress::v6(high, low), bits};
}

constexpr IpPrefix kMapped = v6_block(0, 0x0000'ffff'0000'0000, 96);
constexpr IpPrefix kNat64 = v6_block(0x0064'ff9b'0000'0000, 0, 96);
constexpr IpPrefix kTeredo = v6_block(0x2001'0000'0000'0000, 0, 32);
constexpr IpPrefix kSixToFour = v6_block(0x2002'0000'0000'0000, 0, 16);
constexpr std::array kEmbedding{kMapped, kNat64, kTeredo, kSixToFour};

// IANA IPv4 Special-Purpose Address Registry: what is not globally reachable, less the three
// documentation networks. Anycast services (AS112, 6to4 relays) are reachable and are looked up.
constexpr std::array kPlacelessV4{
    v4_block(0x00000000, 8),   // this network, RFC 791
    v4_block(0x0a000000, 8),   // private, RFC 1918
    v4_block(0x64400000, 10),  // shared by carrier-grade NAT, RFC 6598
    v4_block(0x7f000000, 8),   // loopback
    v4_block(0xa9fe0000, 16),  // link-local, RFC 3927
    v4_block(0xac100000, 12),  // private
    v4_block(0xc0000000, 24),  // IETF protocol assignments, RFC 6890
    v4_block(0xc0a80000, 16),  // private
    v4_block(0xc6120000, 15),  // benchmarking, RFC 2544
    v4_block(0xe0000000, 4),   // multicast
    v4_block(0xf0000000, 4),   // reserved, RFC 1112, and the limited broadcast
};

// IANA IPv6 address space: all but 2000::/3 is reserved or special; ::/8 is in front of these, less
// the embedding blocks in it. Parts of 2000::/3 that IANA has not handed out yet are left to the
// database, since IANA may do so any day.
constexpr std::array kPlacelessV6BehindFirst{
    v6_block(0x0100'0000'0000'0000, 0, 8),   // 100::/64 discards, RFC 6666
    v6_block(0x0200'0000'0000'0000, 0, 7),   // reserved
    v6_block(0x0400'0000'0000'0000, 0, 6),   // reserved
    v6_block(0x0800'0000'0000'0000, 0, 5),   // reserved
    v6_block(0x1000'0000'0000'0000, 0, 4),   // reserved
    v6_block(0x2001'0002'0000'0000, 0, 48),  // benchmarking, RFC 5180
    v6_block(0x2001'0010'0000'0000, 0, 28),  // ORCHID, RFC 4843
    v6_block(0x2001'0020'0000'0000, 0, 28),  // ORCHIDv2, RFC 7343
    v6_block(0x4000'0000'0000'0000, 0, 3),   // reserved, 5f00::/16 segment routing in it
    v6_block(0x6000'0000'0000'0000, 0, 3),   // reserved
    v6_block(0x8000'0000'0000'0000, 0, 3),   // reserved
    v6_block(0xa000'0000'0000'0000, 0, 3),   // reserved
    v6_block(0xc000'0000'0000'0000, 0, 3),   // reserved
    v6_block(0xe000'0000'0000'0000, 0, 4),   // reserved
    v6_block(0xf000'0000'0000'0000, 0, 5),   // reserved
    v6_block(0xf800'0000'0000'0000, 0, 6),   // reserved
    v6_block(0xfc00'0000'0000'0000, 0, 7),   // unique local, RFC 4193
    v6_block(0xfe00'0000'0000'0000, 0, 9),   // reserved
    v6_block(0xfe80'0000'0000'0000, 0, 10),  // link-local, RFC 4291 §2.5.6
    v6_block(0xfec0'0000'0000'0000, 0, 10),  // site-local, RFC 3879
    v6_block(0xff00'0000'0000'0000, 0, 8),   // multicast
};

// Appends the parts of `block` that hold nothing of an embedding block, in address order.
void append_without_embedding(const IpPrefix& block, std::vector<IpPrefix>& parts) {
    for (const IpPrefix& hole : kEmbedding) {
        if (block == hole) { return; }
        if (!block.contains(hole.address) || hole.bits < block.bits) { continue; }
        const auto bits = static_cast<std::uint8_t>(block.bits + 1);
        const std::uint64_t high_bit = bits <= 64 ? std::uint64_t{1} << (64 - bits) : 0;
        const std::uint64_t low_bit = bits > 64 ? std::uint64_t{1} << (128 - bits) : 0;
        const IpAddress middle =
            IpAddress::v6(block.address.high() | high_bit, block.address.low() | low_bit);
        append_without_embedding({block.address, bits}, parts);
        append_without_embedding({middle, bits}, parts);
        return;
    }
    parts.push_back(block);
}

std::vector<IpPrefix> make_placeless_v6() {
    std::vector<IpPrefix> blocks;
    append_without_embedding(v6_block(0, 0, 8), blocks);  // :: and ::1 among them
    blocks.insert(blocks.end(), kPlacelessV6BehindFirst.begin(), kPlacelessV6BehindFirst.end());
    return blocks;
}

}  // namespace

std::optional<EmbeddedV4> embedded_v4(const IpAddress& address, std::uint8_t known_bits) {
    if (address.is_v4()) { return {}; }
    const auto last_word = static_cast<std::uint32_t>(address.low());
    if (kSixToFour.contains(address) && known_bits >= 48) {
        const auto embedded = static_cast<std::uint32_t>(address.high() >> 16);
        return EmbeddedV4{IpAddress::v4(embedded), 16};
    }
    if (known_bits < 128) { return {}; }
    if (kMapped.contains(address) || kNat64.contains(address)) {
        return EmbeddedV4{IpAddress::v4(last_word), 96};
    }
    if (kTeredo.contains(address)) { return EmbeddedV4{IpAddress::v4(~last_word), 96}; }
    return {};
}

std::span<const IpPrefix> embedding_blocks() {
    return kEmbedding;
}

std::span<const IpPrefix> placeless_blocks(Family family) {
    if (family == Family::V4) { return kPlacelessV4; }
    static const std::vector<IpPrefix> kPlacelessV6 = make_placeless_v6();
    return kPlacelessV6;
}

}  // namespace meridian::geo
