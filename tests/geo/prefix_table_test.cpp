// Checks that the table finds what a slow search finds.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/prefix_table.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

struct Part {
    IpPrefix prefix;
    std::uint32_t value = 0;
};

// Splits at random into parts that cover the block.
void split(test::Random& random, const IpPrefix& block, std::vector<Part>& parts) {
    const bool goes_on = block.bits < block.address.width() && test::below(random, 100) < 96;
    if (!goes_on) {
        parts.push_back({block, static_cast<std::uint32_t>(test::below(random, 4))});
        return;
    }
    const auto bits = static_cast<std::uint8_t>(block.bits + 1);
    const AddressBits middle = bits_of(block.address) | (AddressBits{1} << (128 - bits));
    const IpPrefix right{address_of(block.address.family(), middle), bits};
    const bool is_left_split = test::below(random, 2) == 0;
    if (is_left_split) {
        split(random, {block.address, bits}, parts);
        parts.push_back({right, static_cast<std::uint32_t>(test::below(random, 4))});
    } else {
        const auto value = static_cast<std::uint32_t>(test::below(random, 4));
        parts.push_back({{block.address, bits}, value});
        split(random, right, parts);
    }
}

// Sixteen long and narrow trees, which reach the last bits of an address.
std::vector<Part> random_partition(test::Random& random, Family family) {
    std::vector<Part> parts;
    for (std::uint64_t i = 0; i < 16; ++i) {
        split(random, {IpAddress::left_aligned(family, i << 60, 0), 4}, parts);
    }
    return parts;
}

std::uint32_t first_value(std::span<const ValueWeight> weights) {
    return weights.front().value;
}

PrefixTable table_of(const std::vector<Part>& parts, ChooseBlockValue choose) {
    PrefixTableBuilder builder(parts.front().prefix.address.family(), std::move(choose));
    for (const Part& part : parts) {
        builder.add(bits_of(part.prefix.address), {part.value, part.prefix.bits});
    }
    return std::move(builder).build();
}

const Part& slow_find(const std::vector<Part>& parts, const IpAddress& address) {
    for (const Part& part : parts) {
        if (part.prefix.contains(address)) { return part; }
    }
    throw std::logic_error("the parts do not cover " + address.to_string());
}

TEST(PrefixTable, OfOneLeafKnowsEveryAddress) {
    for (const Family family : {Family::V4, Family::V6}) {
        const PrefixTable table =
            table_of({{{IpAddress::left_aligned(family, 0, 0), 0}, 5}}, first_value);
        const IpAddress last = address_of(family, kLastAddress);
        EXPECT_EQ(table.find(last), TableLeaf(5, 0));
        EXPECT_EQ(table.leaf_count(), 1U);
    }
}

TEST(PrefixTable, KeepsTheLargestValueAndTheLongestPrefix) {
    constexpr std::uint32_t kLargest = 0x00ff'ffff;
    std::vector<Part> parts;
    for (std::uint8_t bits = 1; bits <= 128; ++bits) {  // the way to the last address
        const AddressBits first = kLastAddress << 1 << (128 - bits);
        const AddressBits start = bits == 1 ? AddressBits{0} : first;
        parts.push_back({{address_of(Family::V6, start), bits}, kLargest - bits});
    }
    parts.push_back({{address_of(Family::V6, kLastAddress), 128}, kLargest});
    const PrefixTable table = table_of(parts, first_value);
    EXPECT_EQ(table.find(address_of(Family::V6, kLastAddress)), TableLeaf(kLargest, 128));
    for (const Part& part : parts) {
        EXPECT_EQ(table.find(part.prefix.address), TableLeaf(part.value, part.prefix.bits));
    }
}

TEST(PrefixTable, FindsWhatASlowSearchFinds) {
    for (const std::uint64_t seed : test::seeds(24)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto parts = random_partition(random, family);
            const PrefixTable table = table_of(parts, first_value);
            EXPECT_EQ(table.leaf_count(), parts.size());
            EXPECT_GT(table.memory_octets(), 0U);
            for (const Part& part : parts) {
                const TableLeaf expected(part.value, part.prefix.bits);
                ASSERT_EQ(table.find(part.prefix.address), expected);
                ASSERT_EQ(table.find(test::last_address(part.prefix)), expected);
            }
            for (int i = 0; i < 300; ++i) {
                const IpAddress address = test::random_address(random, family);
                const Part& part = slow_find(parts, address);
                ASSERT_EQ(table.find(address), TableLeaf(part.value, part.prefix.bits))
                    << address.to_string();
            }
        }
    }
}

TEST(PrefixTable, WeighsEverySplitBlockByItsAddresses) {
    for (const std::uint64_t seed : test::seeds(24)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const std::uint8_t block_bits = PrefixTable::block_bits(family);
            const auto parts = random_partition(random, family);
            // Numbers the blocks as they come; what each was told of is kept.
            std::vector<std::map<std::uint32_t, AddressBits>> told;
            const PrefixTable table =
                table_of(parts, [&told](std::span<const ValueWeight> weights) {
                    auto& block = told.emplace_back();
                    for (const ValueWeight& weight : weights) {
                        block[weight.value] += weight.addresses;
                    }
                    return static_cast<std::uint32_t>(told.size() - 1);
                });
            std::map<IpAddress, std::map<std::uint32_t, AddressBits>> expected;
            for (const Part& part : parts) {
                if (part.prefix.bits <= block_bits) { continue; }
                expected[part.prefix.address.masked(block_bits)][part.value] +=
                    span_of(part.prefix.bits) + 1;
            }
            EXPECT_EQ(told.size(), expected.size());
            for (const auto& [block, weights] : expected) {
                ASSERT_EQ(told.at(table.block_value(block)), weights) << block.to_string();
            }
        }
    }
}

}  // namespace
}  // namespace meridian::geo
