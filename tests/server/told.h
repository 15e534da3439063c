// Turns diagnostics into a text, a line for each of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"

namespace meridian::test {

inline std::string told(const zones::Diagnostics& diagnostics) {
    std::string text;
    for (const zones::Diagnostic& diagnostic : diagnostics) {
        text += zones::to_line(diagnostic) + "\n";
    }
    return text;
}

}  // namespace meridian::test
