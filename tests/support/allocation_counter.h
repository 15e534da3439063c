// Counts how often the program asks for memory, to prove that something does not.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace meridian {

/// How often this thread has called `operator new` in any of its forms since it began. A program
/// that links this counter has every `operator new` replaced by one that counts.
std::uint64_t allocation_count();

}  // namespace meridian
