// Links compiled zones to a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "meridian/zones/compiler.h"

namespace meridian::zones {

/// See Compiler::link. `hash_seed` is that of the zones.
Result<std::shared_ptr<const Snapshot>, Diagnostics> link_zones(const LinkInput& input,
                                                                std::uint64_t hash_seed);

}  // namespace meridian::zones
