// Hands out the generated table of places.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

#include "meridian/geo/places.h"

namespace meridian::geo {

/// Every place, sorted by city without accents, country, then the city before its airports.
std::span<const Place> place_table();

}  // namespace meridian::geo
