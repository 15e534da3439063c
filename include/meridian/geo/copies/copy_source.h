// Describes the source of a compiled copy, and why a copy is not used.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace meridian::geo {

/// The source of a copy: a file, or memory. It is read in parts, so that large arrays are read
/// straight into the memory where they stay.
struct CopySource {
    std::uint64_t octets = 0;  ///< Size of the whole copy.
    /// Fills `into` with the octets that come next; false when there are fewer.
    std::function<bool(std::span<std::uint8_t> into)> read;
};

/// Why a copy is not used.
struct CopyFailure {
    /// True: the copy is whole, but made from something else or in an older form; that is normal
    /// and need not be logged. False: it is damaged, or from a newer Meridian.
    bool is_outdated = false;
    std::string text;  ///< In words: "it is damaged".
};

}  // namespace meridian::geo
