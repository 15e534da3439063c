// Checks that copying and comparing several octets at once equals doing it one by one.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

namespace meridian {
namespace {

constexpr std::size_t kLongest = 70;  // beyond three steps of sixteen, and all lengths on the way

TEST(Bytes, CopiesEveryLengthAndNothingBeyond) {
    for (std::size_t count = 0; count <= kLongest; ++count) {
        // On the heap and exactly as long, so that ASan sees every octet read beyond it.
        const auto from = std::make_unique<std::uint8_t[]>(count);
        std::iota(from.get(), from.get() + count, std::uint8_t{1});
        std::vector<std::uint8_t> to(count + 20, 0xee);
        copy_octets({from.get(), count}, std::span(to).first(count));
        for (std::size_t i = 0; i < to.size(); ++i) {
            ASSERT_EQ(to[i], i < count ? i + 1 : 0xee) << i << " of " << count;
        }
    }
}

TEST(Bytes, SeesEveryOctetThatDiffers) {
    for (std::size_t count = 0; count <= kLongest; ++count) {
        std::vector<std::uint8_t> left(count, 7);
        const std::vector<std::uint8_t> right(count, 7);
        EXPECT_TRUE(same_octets(left, right));
        EXPECT_FALSE(same_octets(left, std::vector<std::uint8_t>(count + 1, 7)));
        for (std::size_t i = 0; i < count; ++i) {
            left[i] ^= 0x80;
            ASSERT_FALSE(same_octets(left, right)) << i << " of " << count;
            left[i] = 7;
        }
    }
}

TEST(Bytes, KeepsNetworkOrder) {
    std::vector<std::uint8_t> octets(10);
    store_u64(octets, 1, 0x0102030405060708);
    EXPECT_EQ(octets, (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 0}));
    EXPECT_EQ(load_u64(octets, 1), 0x0102030405060708U);
}

}  // namespace
}  // namespace meridian
