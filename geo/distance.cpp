// Measures great-circle distances.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/distance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace meridian::geo {

UnitVector unit_vector(Coordinates at) {
    constexpr double kRadiansPerDegree = std::numbers::pi / 180;
    const double latitude = at.latitude * kRadiansPerDegree;
    const double longitude = at.longitude * kRadiansPerDegree;
    return {.x = std::cos(latitude) * std::cos(longitude),
            .y = std::cos(latitude) * std::sin(longitude),
            .z = std::sin(latitude)};
}

double distance_km(const UnitVector& from, const UnitVector& to) {
    const double half_chord = std::hypot(from.x - to.x, from.y - to.y, from.z - to.z) / 2;
    return 2 * kEarthRadiusKm * std::asin(std::min(half_chord, 1.0));  // antipodes round above 1
}

double distance_km(Coordinates from, Coordinates to) {
    return distance_km(unit_vector(from), unit_vector(to));
}

}  // namespace meridian::geo
