// Says whether code may be written with the vector instructions of x86-64.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wherever MERIDIAN_VECTORS decides, a plain path stands beside it that does the same: for other
// processors, and for the build that tests it on this one (MERIDIAN_PLAIN, CMakeLists.txt).
#if defined(__SSE4_2__) && !defined(MERIDIAN_PLAIN)
#define MERIDIAN_VECTORS 1
#include <immintrin.h>
#endif
