// Checks that the table finds what a slow search finds.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/prefix_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "geo/table/prefix_table_builder.h"
#include "tests/support/random_addresses.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

struct Range {
    AddressBits first = 0;
    AddressBits last = 0;
    std::uint16_t value = 0;
};

// Cuts the space at these places, of which 0 is one, and joins what got the same value.
std::vector<Range> ranges_between(const std::set<AddressBits>& starts, test::Random& random,
                                  std::uint64_t value_count) {
    std::vector<Range> ranges;
    for (const AddressBits start : starts) {
        const auto value = static_cast<std::uint16_t>(test::below(random, value_count));
        if (!ranges.empty()) {
            ranges.back().last = start - 1;
            if (ranges.back().value == value) { continue; }
        }
        ranges.push_back({start, 0, value});
    }
    ranges.back().last = kLastAddress;
    return ranges;
}

// Cuts of every length up to the last bit, and blocks that are cut into many small parts.
std::vector<Range> random_partition(test::Random& random, Family family) {
    std::set<AddressBits> starts{0};
    for (int i = 0; i < 60; ++i) {
        const IpAddress address = test::random_address(random, family);
        for (int cut = 0; cut < 4; ++cut) {
            const auto bits = static_cast<unsigned>(1 + test::below(random, address.width()));
            starts.insert(bits_of(address.masked(bits)));
        }
    }
    for (int i = 0; i < 4; ++i) {
        const AddressBits block = bits_of(test::random_address(random, family).masked(18));
        const auto most_bits = static_cast<unsigned>(20 + test::below(random, 13));
        for (int cut = 0; cut < 150; ++cut) {
            const AddressBits place = bits_of(test::random_address(random, family)) >> 18;
            starts.insert((block | place) & ~span_of(most_bits));
        }
    }
    constexpr std::array<std::uint64_t, 4> kValueCounts{2, 5, 40, 0x1'0000};
    return ranges_between(starts, random, kValueCounts.at(test::below(random, 4)));
}

std::uint16_t zero(AddressBits /*first*/) {
    return 0;
}

PrefixTable table_of(Family family, const std::vector<Range>& ranges, ChooseBlockValue choose) {
    PrefixTableBuilder builder(family, std::move(choose));
    for (const Range& range : ranges) {
        builder.add(range.first, range.last, range.value);
    }
    return std::move(builder).build();
}

// The largest prefix around the address within its range.
TableLeaf slow_find(const std::vector<Range>& ranges, const IpAddress& address) {
    const AddressBits wanted = bits_of(address);
    const auto range =
        std::ranges::find_if(ranges, [wanted](const Range& one) { return wanted <= one.last; });
    unsigned bits = 0;
    while ((wanted & ~span_of(bits)) < range->first || (wanted | span_of(bits)) > range->last) {
        ++bits;
    }
    return {range->value, bits};
}

TEST(PrefixTable, OfOneLeafKnowsEveryAddress) {
    for (const Family family : {Family::V4, Family::V6}) {
        const PrefixTable table = table_of(family, {{0, kLastAddress, 5}}, zero);
        const IpAddress last = address_of(family, kLastAddress);
        EXPECT_EQ(table.find(last), TableLeaf(5, 0));
        EXPECT_EQ(table.leaf_count(), 1U);
    }
}

TEST(PrefixTable, KeepsTheLargestValueAndTheLongestPrefix) {
    constexpr std::uint16_t kLargest = 0xffff;
    std::vector<Range> ranges;
    for (unsigned bits = 1; bits <= 128; ++bits) {  // the way to the last address
        const AddressBits start = bits == 1 ? AddressBits{0} : kLastAddress << (129 - bits);
        ranges.push_back(
            {start, start + span_of(bits), static_cast<std::uint16_t>(kLargest - bits)});
    }
    ranges.push_back({kLastAddress, kLastAddress, kLargest});
    const PrefixTable table = table_of(Family::V6, ranges, zero);
    EXPECT_EQ(table.leaf_count(), 129U);
    EXPECT_EQ(table.find(address_of(Family::V6, kLastAddress)), TableLeaf(kLargest, 128));
    for (unsigned bits = 1; bits <= 128; ++bits) {
        const Range& range = ranges[bits - 1];
        EXPECT_EQ(table.find(address_of(Family::V6, range.first)), TableLeaf(range.value, bits));
    }
}

TEST(PrefixTable, HoldsANodeWhoseChildrenAllDiffer) {
    std::vector<Range> ranges;
    for (unsigned i = 0; i < 64; ++i) {  // the children of 0.0.0.0/18
        const AddressBits first = AddressBits{i} << 104;
        ranges.push_back({first, first + span_of(24), static_cast<std::uint16_t>(1000 + i)});
    }
    ranges.push_back({AddressBits{64} << 104, kLastAddress, 7});
    const PrefixTable table = table_of(Family::V4, ranges, zero);
    for (std::uint32_t i = 0; i < 64; ++i) {
        const auto value = static_cast<std::uint16_t>(1000 + i);
        EXPECT_EQ(table.find(IpAddress::v4(i << 8 | 9)), TableLeaf(value, 24));
    }
    EXPECT_EQ(table.find(IpAddress::v4(64 << 8)), TableLeaf(7, 18));
}

TEST(PrefixTable, FindsWhatASlowSearchFinds) {
    for (const std::uint64_t seed : test::seeds(24)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto ranges = random_partition(random, family);
            const PrefixTable table = table_of(family, ranges, zero);
            std::uint64_t leaf_count = 0;
            for (const Range& range : ranges) {
                for_each_prefix(range.first, range.last, [&](AddressBits first, std::uint8_t bits) {
                    ++leaf_count;
                    const TableLeaf expected(range.value, bits);
                    ASSERT_EQ(table.find(address_of(family, first)), expected);
                    ASSERT_EQ(table.find(address_of(family, first | span_of(bits))), expected);
                });
            }
            EXPECT_EQ(table.leaf_count(), leaf_count);
            EXPECT_GT(table.memory_octets(), 0U);
            for (int i = 0; i < 300; ++i) {
                const IpAddress address = test::random_address(random, family);
                ASSERT_EQ(table.find(address), slow_find(ranges, address)) << address.to_string();
            }
        }
    }
}

TEST(PrefixTable, AsksForTheValueOfEverySplitBlockInOrder) {
    for (const std::uint64_t seed : test::seeds(24)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const std::uint8_t block_bits = PrefixTable::block_bits(family);
            const auto ranges = random_partition(random, family);
            std::vector<AddressBits> asked;
            const PrefixTable table = table_of(family, ranges, [&asked](AddressBits first) {
                asked.push_back(first);
                return static_cast<std::uint16_t>(asked.size());
            });
            std::set<AddressBits> expected;
            for (const Range& range : ranges) {
                for_each_prefix(range.first, range.last, [&](AddressBits first, std::uint8_t bits) {
                    if (bits > block_bits) { expected.insert(first & ~span_of(block_bits)); }
                });
            }
            ASSERT_TRUE(std::ranges::equal(asked, expected));
            for (std::size_t i = 0; i < asked.size(); ++i) {
                const IpAddress address = address_of(family, asked[i]);
                ASSERT_EQ(table.find_block(address),
                          TableLeaf(static_cast<std::uint16_t>(i + 1), block_bits))
                    << address.to_string();
            }
        }
    }
}

TEST(PrefixTable, FindsTheLeafOfABlockThatIsWhole) {
    const AddressBits half = AddressBits{1} << 127;
    const PrefixTable table =
        table_of(Family::V4, {{0, half - 1, 1}, {half, kLastAddress, 2}}, zero);
    EXPECT_EQ(table.find_block(IpAddress::v4(0xc000'0200)), TableLeaf(2, 1));
}

}  // namespace
}  // namespace meridian::geo
