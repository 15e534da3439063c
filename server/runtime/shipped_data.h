// Finds the sample zones and the geo data that come with Meridian.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace meridian::server {

struct ShippedData {
    std::string zones;  ///< A directory.
    std::string world;  ///< A file.
};

/// Looks in $MERIDIAN_DATA alone where it is set; else in ../share/meridian beside the binary, then
/// in the source tree that built it. Where nothing is found the paths are those of the first place
/// looked in, for a message that names one.
ShippedData find_shipped_data();

}  // namespace meridian::server
