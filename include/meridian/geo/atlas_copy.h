// Writes an atlas as octets, for a start that need not compile it again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meridian/fingerprint.h"
#include "meridian/geo/atlas.h"
#include "meridian/geo/copy_source.h"
#include "meridian/result.h"

namespace meridian::geo {

/// `key` is a hash of what the atlas was made from.
std::vector<std::uint8_t> write_atlas_copy(const Atlas& atlas, const Digest& key);

/// The atlas that `write_atlas_copy` got. `key` and `paths` are those of the files that it would
/// otherwise be made from; the copy does not keep their names. Without a key it is taken whatever
/// it was made from.
///
/// Believes nothing: whatever the octets are, the result is a whole partition or a failure. So
/// somebody who can write a copy can make it say untrue things, and no more.
Result<Atlas, CopyFailure> read_atlas_copy(CopySource source, const std::optional<Digest>& key,
                                           std::vector<std::string> paths);

}  // namespace meridian::geo
