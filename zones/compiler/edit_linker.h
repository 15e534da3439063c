// Links a snapshot in which a few zones differ from the one before.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "meridian/zones/compiler.h"

namespace meridian::zones {

/// See Compiler::link_edit. `hash_seed` is that of the zones.
Result<std::shared_ptr<const Snapshot>, Diagnostics> link_edit(const LinkInput& edit,
                                                               std::uint64_t hash_seed);

}  // namespace meridian::zones
