// Ends a fuzz target where a promise does not hold.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

/// libFuzzer keeps the input of a process that aborts.
inline void demand(bool holds, const char* promise) {
    if (holds) { return; }
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}
