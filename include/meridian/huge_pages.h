// Puts large tables on huge pages, and asks for such pages under vectors about to be filled.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <vector>

namespace meridian {

/// What one entry of the processor's page tables covers at best, on x86-64 and on arm64.
constexpr std::size_t kHugePageOctets = std::size_t{2} << 20;

/// `octets` rounded up to whole pages of the system. Expects less than half of the address space.
inline std::size_t whole_pages(std::size_t octets) {
    const auto page_octets = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (octets + page_octets - 1) / page_octets * page_octets;
}

/// Maps zeroed memory of `octets` that begins on a huge page, and asks the system for such pages: a
/// random read then misses no page table. Only whole huge pages are asked for; the rest lies on
/// small ones, so that a table takes no more memory than it uses. A system without huge pages gives
/// small ones without an error. Null when there is no memory.
inline void* map_large(std::size_t octets) {
    constexpr int kProtection = PROT_READ | PROT_WRITE;
    const std::size_t wanted = whole_pages(octets);
    const std::size_t mapped = wanted + kHugePageOctets;  // some place in it begins a huge page
    void* const memory = mmap(nullptr, mapped, kProtection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) { return nullptr; }

    auto* const begin = static_cast<std::uint8_t*>(memory);
    const std::size_t past_huge_page = reinterpret_cast<std::uintptr_t>(begin) % kHugePageOctets;
    const std::size_t before = past_huge_page == 0 ? 0 : kHugePageOctets - past_huge_page;
    if (before > 0) { munmap(begin, before); }
    if (before + wanted < mapped) { munmap(begin + before + wanted, mapped - before - wanted); }
    madvise(begin + before, wanted, MADV_HUGEPAGE);
    return begin + before;
}

/// Gives back what `map_large` returned for the same `octets`, one huge page at a time. In one
/// piece a hundred megabytes would lock the process's memory map for milliseconds, and a worker
/// that touches a page for the first time would wait that long.
inline void unmap_large(void* memory, std::size_t octets) {
    auto* const begin = static_cast<std::uint8_t*>(memory);
    const std::size_t mapped = whole_pages(octets);
    for (std::size_t start = 0; start < mapped; start += kHugePageOctets) {
        madvise(begin + start, std::min(kHugePageOctets, mapped - start), MADV_DONTNEED);
    }
    munmap(begin, mapped);
}

/// An allocator for tables that may grow large: it takes a huge page or more from `map_large`,
/// anything smaller from the heap. Any thread.
///
/// A vector's spare capacity costs memory here as soon as one element of a huge page is touched:
/// reserve what will be needed, or call shrink_to_fit in the end.
template <typename T>
class LargeAllocator {
    // The leak checker of AddressSanitizer does not search mapped memory for pointers, so elements
    // must not own memory.
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kHugePageOctets);

public:
    using value_type = T;

    LargeAllocator() = default;
    template <typename Other>
    // NOLINTNEXTLINE(google-explicit-constructor): what std::vector expects of an allocator
    LargeAllocator(const LargeAllocator<Other>&) noexcept {}

    [[nodiscard]] T* allocate(std::size_t count) {
        if (count > std::numeric_limits<std::size_t>::max() / 4 / sizeof(T)) {
            throw std::bad_array_new_length();
        }
        const std::size_t octets = count * sizeof(T);
        if (octets < kHugePageOctets) {
            return static_cast<T*>(::operator new(octets, std::align_val_t{alignof(T)}));
        }
        void* const memory = map_large(octets);
        if (memory == nullptr) { throw std::bad_alloc(); }
        return static_cast<T*>(memory);
    }

    void deallocate(T* memory, std::size_t count) noexcept {
        const std::size_t octets = count * sizeof(T);
        if (octets < kHugePageOctets) {
            ::operator delete(memory, std::align_val_t{alignof(T)});
        } else {
            unmap_large(memory, octets);
        }
    }

    friend bool operator==(LargeAllocator, LargeAllocator) { return true; }
};

/// A vector for a table of a snapshot.
template <typename T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

/// Calls `reserve`, and asks the kernel for huge pages: to get a page of 4 KiB costs more than to
/// write to it, and loading a million names takes some hundred thousand of them. The kernel takes
/// the request for 2 MiB at a time, so small vectors do not change. Room that is not filled still
/// costs nothing.
template <typename Values>  // a vector or a string
void reserve_in_huge_pages(Values& values, std::size_t count) {
    values.reserve(count);
    const auto begin = reinterpret_cast<std::uintptr_t>(values.data());
    const std::uintptr_t first = (begin + kHugePageOctets - 1) / kHugePageOctets * kHugePageOctets;
    const std::uintptr_t end =
        (begin + values.capacity() * sizeof(*values.data())) / kHugePageOctets * kHugePageOctets;
    if (first >= end) { return; }
    auto* const octets = reinterpret_cast<std::byte*>(values.data());
    (void)madvise(octets + (first - begin), end - first, MADV_HUGEPAGE);
}

}  // namespace meridian
