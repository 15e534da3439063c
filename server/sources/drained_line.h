// Finds the line of a zone file that drains a region.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace meridian::server {

/// The line of `state` of the region as the file stands now; 0 where there is none, or the file
/// cannot be read. Any thread.
std::uint32_t drained_line(const std::string& file, const std::string& region);

}  // namespace meridian::server
