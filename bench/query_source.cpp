// Makes DNS queries for benchmarks: which name, for which client.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/query_source.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::bench {

namespace {

constexpr std::uint16_t kOptType = 41;
constexpr std::uint16_t kClientSubnetOption = 8;
constexpr std::size_t kRandomLabelOctets = 17;  // a length and 16 hexadecimal digits

void append_wire_name(std::string_view text, std::vector<std::uint8_t>& wire) {
    while (!text.empty() && text != ".") {
        const std::size_t length = std::min(text.find('.'), text.size());
        MERIDIAN_ASSERT(length > 0 && length <= kMaxLabelOctets);
        wire.push_back(static_cast<std::uint8_t>(length));
        wire.insert(wire.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    wire.push_back(0);
}

/// A permutation of 24 bits: each step can be undone, so no two inputs have one output.
std::uint32_t shuffle_24_bits(std::uint32_t value) {
    constexpr std::uint32_t kMask = 0xffffff;
    value = (value * 0x9e3779u) & kMask;
    value ^= value >> 11;
    value = (value * 0x85ebcbu) & kMask;
    value ^= value >> 13;
    return value;
}

/// Whether a client may have an address in a /24, given by its upper 24 bits.
bool is_public_v4(std::uint32_t block) {
    const std::uint32_t first = block >> 16;
    const std::uint32_t second = (block >> 8) & 0xff;
    if (first == 0 || first == 10 || first == 127 || first >= 224) { return false; }
    if (first == 100 && second >= 64 && second < 128) { return false; }
    if (first == 172 && second >= 16 && second < 32) { return false; }
    return !(first == 169 && second == 254) && !(first == 192 && second == 168);
}

}  // namespace

QuerySource::QuerySource(QueryMix mix) : mix_(std::move(mix)), state_(mix_.seed * 2 + 1) {
    MERIDIAN_ASSERT(!mix_.names.empty());
    MERIDIAN_ASSERT(mix_.subnets != Subnets::Listed || !mix_.networks.empty());
    for (const std::string& name : mix_.names) {
        name_starts_.push_back(static_cast<std::uint32_t>(wire_names_.size()));
        append_wire_name(name, wire_names_);
        MERIDIAN_ASSERT(wire_names_.size() - name_starts_.back() <= kMaxNameOctets);
    }
    name_starts_.push_back(static_cast<std::uint32_t>(wire_names_.size()));
    mix_.names = {};
    subnet_count_ = static_cast<std::uint32_t>(random());
}

/// splitmix64.
std::uint64_t QuerySource::random() {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t value = state_;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

IpPrefix QuerySource::next_public_v4() {
    std::uint32_t block = 0;
    do {
        block = shuffle_24_bits(subnet_count_++ & 0xffffff);
    } while (!is_public_v4(block));
    return {IpAddress::v4(block << 8), 24};
}

IpPrefix QuerySource::next_public_v6() {
    constexpr std::array<std::uint64_t, 6> kRegistries{0x2001, 0x2400, 0x2600,
                                                       0x2800, 0x2a00, 0x2c00};
    const std::uint64_t bits = random();
    const std::uint64_t registry = kRegistries[bits % kRegistries.size()] << 48;
    return {IpAddress::v6(registry | ((random() >> 12) & ~std::uint64_t{0xff}), 0), 56};
}

IpPrefix QuerySource::next_listed() {
    const IpPrefix& network = mix_.networks[random() % mix_.networks.size()];
    const std::uint8_t bits = std::max(
        network.bits, std::uint8_t{network.address.is_v4() ? std::uint8_t{24} : std::uint8_t{56}});
    // Bits beyond the network's own are random.
    const std::uint64_t free = network.bits >= 64 ? 0 : ~std::uint64_t{0} >> network.bits;
    const std::uint64_t high = network.address.high() | (random() & free);
    const IpAddress address =
        IpAddress::left_aligned(network.address.family(), high, network.address.low());
    return {address.masked(bits), bits};
}

IpPrefix QuerySource::next_subnet() {
    switch (mix_.subnets) {
        case Subnets::PublicV6:
            return next_public_v6();
        case Subnets::Listed:
            return next_listed();
        default:
            return next_public_v4();
    }
}

std::size_t QuerySource::make(std::uint16_t id, std::span<std::uint8_t> packet) {
    MERIDIAN_ASSERT(packet.size() >= kMaxQueryOctets);
    std::memset(packet.data(), 0, kHeaderOctets);
    store_u16(packet, 0, id);
    store_u16(packet, 4, 1);  // QDCOUNT
    std::size_t position = kHeaderOctets;
    if (mix_.random_label) {
        std::uint64_t digits = random();
        packet[position] = kRandomLabelOctets - 1;
        for (std::size_t i = 1; i < kRandomLabelOctets; ++i, digits >>= 4) {
            packet[position + i] = static_cast<std::uint8_t>("0123456789abcdef"[digits & 15]);
        }
        position += kRandomLabelOctets;
    }
    const std::size_t name_count = name_starts_.size() - 1;
    const std::size_t name = name_count == 1 ? 0 : random() % name_count;
    const std::size_t name_octets = name_starts_[name + 1] - name_starts_[name];
    std::memcpy(&packet[position], &wire_names_[name_starts_[name]], name_octets);
    position += name_octets;
    store_u16(packet, position, mix_.type);
    store_u16(packet, position + 2, 1);  // class IN
    position += 4;
    if (!mix_.edns) { return position; }

    store_u16(packet, 10, 1);  // ARCOUNT
    packet[position] = 0;      // the root, OPT's owner
    store_u16(packet, position + 1, kOptType);
    store_u16(packet, position + 3, kMaxUdpOctets);
    store_u32(packet, position + 5, 0);
    std::size_t option_octets = 0;
    if (mix_.subnets != Subnets::None) {
        const IpPrefix subnet = next_subnet();
        const std::size_t address_octets = (subnet.bits + 7u) / 8u;
        option_octets = 8 + address_octets;
        const auto option = packet.subspan(position + 11, option_octets);
        store_u16(option, 0, kClientSubnetOption);
        store_u16(option, 2, static_cast<std::uint16_t>(4 + address_octets));
        store_u16(option, 4, subnet.address.is_v4() ? 1 : 2);
        option[6] = subnet.bits;
        option[7] = 0;
        const auto octets = subnet.address.octets();
        std::memcpy(&option[8], octets.data(), address_octets);
    }
    store_u16(packet, position + 9, static_cast<std::uint16_t>(option_octets));
    return position + 11 + option_octets;
}

std::span<const std::uint8_t> question_of(std::span<const std::uint8_t> message) {
    std::size_t position = kHeaderOctets;
    while (position < message.size() && message[position] != 0) {
        position += message[position] + std::size_t{1};
    }
    position += 5;  // root label, type, class
    if (position > message.size()) { return {}; }
    return message.subspan(kHeaderOctets, position - kHeaderOctets);
}

}  // namespace meridian::bench
