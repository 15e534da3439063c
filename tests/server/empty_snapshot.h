// Compiles a snapshot without any zone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "meridian/geo/atlas.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/snapshot.h"

namespace meridian::test {

inline std::shared_ptr<const zones::Snapshot> empty_snapshot() {
    zones::CompileInput input;
    input.atlas = std::make_shared<const geo::Atlas>(geo::AtlasBuilder().build());
    return std::move(zones::compile(input)).value();
}

}  // namespace meridian::test
