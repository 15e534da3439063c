// Stops the process when our own code has broken a promise.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>

namespace meridian {

[[noreturn]] inline void assertion_failed(const char* expression, const char* file, int line) {
    std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
    std::abort();
}

}  // namespace meridian

/// Always on. No input, from the network or from an operator, may reach a failing assertion.
#define MERIDIAN_ASSERT(expression) \
    ((expression) ? void(0) : ::meridian::assertion_failed(#expression, __FILE__, __LINE__))
