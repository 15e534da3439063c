// Checks zones that nobody serves yet.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::server {

/// What compiling zones tells over a world where nothing is known of any place: it finds what does
/// not show in one file alone.
zones::Diagnostics check_together(std::vector<std::shared_ptr<const zones::Zone>> zones);

/// Checks single files as `load` would, then all of them together.
zones::Diagnostics check_zone_files(const std::vector<std::string>& files);

}  // namespace meridian::server
