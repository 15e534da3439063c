// Says where a compiled copy is read from, and why one is not used.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace meridian::geo {

/// Where a copy is read from: a file, or memory. Not all of it at once, so that what is large goes
/// straight to where it stays.
struct CopySource {
    std::uint64_t octets = 0;  ///< Of the whole copy.
    /// Fills `into` with the octets that come next; false when there are fewer.
    std::function<bool(std::span<std::uint8_t> into)> read;
};

/// Why a copy is not used.
struct CopyFailure {
    /// It is whole, but of something else or of an older form: that happens, and nobody needs to
    /// hear of it. Otherwise it is damaged, or from a newer Meridian.
    bool is_outdated = false;
    std::string text;  ///< In words: "it is damaged".
};

}  // namespace meridian::geo
