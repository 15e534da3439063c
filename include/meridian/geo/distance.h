// Measures great-circle distances.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/geo/location.h"

namespace meridian::geo {

constexpr double kEarthRadiusKm = 6371.0088;  // mean radius, IUGG

/// A point as a unit vector: the nearest of many is the one with the largest dot product, which
/// needs no trigonometry per pair.
struct UnitVector {
    double x = 0;
    double y = 0;
    double z = 0;
};

UnitVector unit_vector(Coordinates at);

/// Great-circle distance in kilometres, from the chord between the points, which keeps its
/// precision for close ones where the arc cosine of the dot product does not.
double distance_km(const UnitVector& from, const UnitVector& to);
double distance_km(Coordinates from, Coordinates to);

}  // namespace meridian::geo
