// Writes the serial of a zone into its file, so that all servers that get the file agree.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meridian/result.h"
#include "meridian/zones/content_hash.h"
#include "meridian/zones/serial.h"

namespace meridian::zones {

struct StampedText {
    std::string text;
    std::uint32_t serial = 0;
    bool changed = false;  ///< Otherwise the content is what it was when it was stamped.
};

/// Stamps the TOML text of a zone that was read without an error and says `content`:
///
///     soa.serial = 1790000000  # stamped: 2-deec7ca9073954cc
///
/// The comment has the front of the content's hash: the file alone shows whether it has changed
/// since. A serial that has no such comment was written by hand; the new one comes after it
/// all the same. Everything else stays as it is; a comment that stood there goes behind the stamp.
/// The error is in words.
Result<StampedText, std::string> stamp_serial(std::string_view text, const ContentHash& content,
                                              SerialTimes times);

}  // namespace meridian::zones
