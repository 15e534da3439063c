// Writes an atlas as octets, so that the next start reads it instead of compiling it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/copies/copy_source.h"
#include "meridian/result.h"

namespace meridian::geo {

/// Writes `atlas` for `read_atlas_copy`. `key` is a hash of the files that it was made from.
std::vector<std::uint8_t> write_atlas_copy(const Atlas& atlas, const Digest& key);

/// Reads what `write_atlas_copy` wrote. `key` and `paths` belong to the files from which the atlas
/// would be compiled otherwise; the copy does not hold their names. Without a key, a copy of any
/// files is taken.
///
/// Checks everything: whatever the octets are, the result is a whole partition or a failure. An
/// attacker who can write a copy can give false locations, and do no other harm.
Result<Atlas, CopyFailure> read_atlas_copy(CopySource source, const std::optional<Digest>& key,
                                           std::vector<std::string> paths);

}  // namespace meridian::geo
