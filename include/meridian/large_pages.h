// Asks for large pages under memory that is about to be filled.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace meridian {

/// `reserve`, and a hint to the kernel: a page of 4 KiB costs more to come by than what is written
/// to it, and loading a million names takes some hundred thousand of them. A hint for 2 MiB at a
/// time, so small vectors are left alone. Room that is not filled costs nothing still.
template <typename Values>  // a vector or a string
void reserve_in_large_pages(Values& values, std::size_t count) {
    constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20;
    values.reserve(count);
    const auto begin = reinterpret_cast<std::uintptr_t>(values.data());
    const std::uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
    const std::uintptr_t end =
        (begin + values.capacity() * sizeof(*values.data())) / kLargePage * kLargePage;
    if (first >= end) { return; }
    auto* const octets = reinterpret_cast<std::byte*>(values.data());
    (void)madvise(octets + (first - begin), end - first, MADV_HUGEPAGE);
}

}  // namespace meridian
