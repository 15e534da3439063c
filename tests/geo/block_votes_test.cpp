// Checks that the addresses of split blocks are counted as a slow count does.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/table/block_votes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "tests/support/random_addresses.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

struct Leaf {
    AddressBits first = 0;
    std::uint8_t bits = 0;
    std::uint16_t value = 0;
};

// The whole space, cut at random; some siblings have one value.
std::vector<Leaf> random_leaves(test::Random& random, Family family) {
    std::set<AddressBits> starts{0};
    for (int i = 0; i < 200; ++i) {
        const IpAddress address = i % 2 == 0 ? test::random_address(random, family)
                                             : IpAddress::v4(static_cast<std::uint32_t>(
                                                   0xc000'0000U | test::below(random, 1 << 14)));
        const auto bits = static_cast<unsigned>(1 + test::below(random, address.width()));
        starts.insert(bits_of(address.masked(bits)));
    }
    std::vector<Leaf> leaves;
    for (auto start = starts.begin(); start != starts.end(); ++start) {
        const auto next = std::next(start);
        const AddressBits last = next == starts.end() ? kLastAddress : *next - 1;
        const auto value = static_cast<std::uint16_t>(test::below(random, 5) * 13'107);
        for_each_prefix(*start, last, [&](AddressBits first, std::uint8_t bits) {
            leaves.push_back({first, bits, value});
        });
    }
    return leaves;
}

struct Counted {
    std::uint16_t first_value = 0;
    std::vector<std::uint16_t> values;  // in order of first appearance
    std::map<std::uint16_t, AddressBits> addresses;
    friend bool operator==(const Counted&, const Counted&) = default;
};
using Blocks = std::map<std::pair<unsigned, AddressBits>, Counted>;

Blocks slow_count(const std::vector<Leaf>& leaves, const std::vector<std::uint8_t>& lengths) {
    Blocks blocks;
    for (const std::uint8_t bits : lengths) {
        for (const Leaf& leaf : leaves) {
            if (leaf.bits <= bits) { continue; }
            Counted& block = blocks[{bits, leaf.first & ~span_of(bits)}];
            if (block.values.empty()) { block.first_value = leaf.value; }
            if (!block.addresses.contains(leaf.value)) { block.values.push_back(leaf.value); }
            block.addresses[leaf.value] += span_of(leaf.bits) + 1;
        }
    }
    return blocks;
}

TEST(BlockVotes, CountTheAddressesOfEverySplitBlock) {
    const std::vector<std::uint8_t> lengths{24, 8, 1, 12, 30, 16, 22};
    for (const std::uint64_t seed : test::seeds(24)) {
        SCOPED_TRACE(test::seed_note(seed));
        test::Random random(seed);
        for (const Family family : {Family::V4, Family::V6}) {
            const auto leaves = random_leaves(random, family);
            Blocks reported;
            BlockVotes votes(lengths, [&reported](const SplitBlock& block) {
                Counted& counted = reported[{block.bits, block.first}];
                EXPECT_TRUE(counted.values.empty()) << "twice";
                counted.first_value = block.first_value;
                std::map<std::uint32_t, std::uint16_t> by_order;
                for (const ValueWeight& weight : block.weights) {
                    counted.addresses.emplace(weight.value, weight.addresses);
                    by_order.emplace(weight.order, weight.value);
                }
                for (const auto& [order, value] : by_order) {
                    counted.values.push_back(value);
                }
            });
            for (const Leaf& leaf : leaves) {
                votes.add(leaf.first, leaf.bits, leaf.value);
            }
            ASSERT_EQ(reported, slow_count(leaves, lengths));
        }
    }
}

}  // namespace
}  // namespace meridian::geo
