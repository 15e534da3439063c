// Counts the allocations and locks of a thread, to prove that code makes none.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meridian {

/// How often this thread has called `operator new` in any of its forms since it began. Linking
/// allocation_counter.cpp replaces every `operator new` by one that counts.
std::uint64_t allocation_count();

/// Whether locks are counted; not under a sanitizer, which replaces the same functions.
extern const bool kCountsLocks;

/// How often this thread has called the library for a mutex or a read-write lock since it began.
/// Linking lock_counter.cpp replaces these functions by ones that count.
std::uint64_t lock_count();

}  // namespace meridian
