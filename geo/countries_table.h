// Hands out the generated table of countries.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

#include "meridian/geo/location.h"

namespace meridian::geo {

/// Every country, sorted by code.
std::span<const Country> country_table();

}  // namespace meridian::geo
