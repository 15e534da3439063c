// Says in which of a zone's files something stands.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// The file that `position` is in.
const std::string& file_of(const Zone& zone, TextPosition position);

/// "line 12", and " of FILE" when `seen_from` is in another file.
std::string place_of(const Zone& zone, TextPosition position, TextPosition seen_from);

}  // namespace meridian::zones
