// Checks that large tables lie on huge pages, do not change, and give their memory back.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/huge_pages.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <utility>

namespace meridian {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

struct alignas(64) Line {
    std::uint64_t words[8] = {};
};

std::uintptr_t place_of(const void* memory) {
    return reinterpret_cast<std::uintptr_t>(memory);
}

std::size_t resident_octets() {
    std::ifstream statm("/proc/self/statm");
    std::size_t total_pages = 0;
    std::size_t resident_pages = 0;
    statm >> total_pages >> resident_pages;
    return resident_pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

bool is_mapped(const void* memory) {
    unsigned char resident = 0;
    // mincore looks at the map alone and touches nothing.
    return mincore(const_cast<void*>(memory), 1, &resident) == 0 || errno != ENOMEM;
}

/// What the kernel reports of the mapping around `memory`.
std::string mapping_flags(const void* memory) {
    std::ifstream smaps("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(smaps, line);) {
        unsigned long begin = 0;
        unsigned long end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) {
            inside = begin <= place_of(memory) && place_of(memory) < end;
        } else if (inside && line.starts_with("VmFlags:")) {
            return line;
        }
    }
    return {};
}

TEST(LargeAllocator, BeginsOnAHugePage) {
    for (const std::size_t octets : {2 * kMiB, 2 * kMiB + 64, 3 * kMiB + 8192, 64 * kMiB}) {
        const LargeVector<Line> table(octets / sizeof(Line), Line{7});
        EXPECT_EQ(place_of(table.data()) % kHugePageOctets, 0U) << octets;
        EXPECT_EQ(table.front().words[0], 7U);
        EXPECT_EQ(table.back().words[0], 7U);
    }
}

TEST(LargeAllocator, AsksForHugePagesWhereThereAreAny) {
    if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) { GTEST_SKIP(); }
    const LargeVector<Line> table(8 * kMiB / sizeof(Line));
    EXPECT_NE(mapping_flags(table.data()).find(" hg"), std::string::npos)
        << mapping_flags(table.data());
}

TEST(LargeAllocator, AlignsElementsOfAnySize) {
    for (const std::size_t count : {1U, 3U, 1000U, 100000U}) {
        const LargeVector<Line> table(count);
        EXPECT_EQ(place_of(table.data()) % alignof(Line), 0U) << count;
    }
}

TEST(LargeAllocator, KeepsWhatAVectorHoldsWhileItGrowsAndShrinks) {
    constexpr std::uint32_t kCount = 1'500'000;  // from the heap to 8 MiB, doubling on the way
    LargeVector<std::uint32_t> table;
    for (std::uint32_t i = 0; i < kCount; ++i) {
        table.push_back(i * 2654435761U);
    }
    table.shrink_to_fit();
    EXPECT_EQ(table.capacity(), kCount);
    const LargeVector<std::uint32_t> copy = table;
    const LargeVector<std::uint32_t> moved = std::move(table);
    ASSERT_EQ(moved.size(), kCount);
    for (std::uint32_t i = 0; i < kCount; ++i) {
        ASSERT_EQ(moved[i], i * 2654435761U);
    }
    EXPECT_EQ(copy, moved);
}

TEST(LargeAllocator, GivesZeroedMemory) {
    LargeAllocator<std::uint64_t> allocator;
    const std::size_t count = kMiB;
    std::uint64_t* const memory = allocator.allocate(count);
    EXPECT_EQ(std::accumulate(memory, memory + count, std::uint64_t{0}), 0U);
    allocator.deallocate(memory, count);
}

TEST(LargeAllocator, GivesMemoryBack) {
    constexpr std::size_t kLines = 64 * kMiB / sizeof(Line) + 12345;
    const std::size_t lines_per_page = whole_pages(1) / sizeof(Line);
    const void* front = nullptr;
    const void* back = nullptr;
    std::size_t before = 0;
    {
        const LargeVector<Line> table(kLines, Line{1});
        front = table.data();
        // Where its last page begins: mincore knows whole ones alone.
        back = table.data() + (kLines - 1) / lines_per_page * lines_per_page;
        before = resident_octets();
        EXPECT_TRUE(is_mapped(front));
        EXPECT_TRUE(is_mapped(back));
    }
    EXPECT_LE(resident_octets() + 60 * kMiB, before);
    EXPECT_FALSE(is_mapped(front));
    EXPECT_FALSE(is_mapped(back));
}

TEST(LargeAllocator, TakesNoMoreThanIsTouched) {
    LargeAllocator<std::uint8_t> allocator;
    const std::size_t before = resident_octets();
    std::uint8_t* const memory = allocator.allocate(64 * kMiB);
    EXPECT_LT(resident_octets(), before + 4 * kMiB);
    memory[0] = 1;
    EXPECT_LT(resident_octets(), before + 8 * kMiB);
    allocator.deallocate(memory, 64 * kMiB);
}

TEST(LargeAllocator, RefusesWhatNoMemoryCouldHold) {
    LargeAllocator<std::uint64_t> allocator;
    EXPECT_THROW((void)allocator.allocate(std::size_t{1} << 62), std::bad_array_new_length);
}

}  // namespace
}  // namespace meridian
