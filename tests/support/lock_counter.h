// Counts how often the program asks for a lock, to prove that something does not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meridian {

/// Whether locks are counted; not under a sanitizer, which stands between us and the library.
extern const bool kCountsLocks;

/// How often this thread has called the library for a mutex or a read-write lock since it began. A
/// program that links this counter has these functions replaced by ones that count.
std::uint64_t lock_count();

}  // namespace meridian
