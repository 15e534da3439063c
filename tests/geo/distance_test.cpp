// Checks great-circle distances against known ones and the haversine formula.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/distance.h"

#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "tests/support/naive_routes.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

constexpr Coordinates kFrankfurt{50.0333, 8.5706};
constexpr Coordinates kDulles{38.9445, -77.4558};

// Braces alone could also be unit vectors.
double km_between(Coordinates from, Coordinates to) {
    return distance_km(from, to);
}

TEST(Distance, BetweenKnownPlacesIsAsTheMapsSay) {
    EXPECT_NEAR(distance_km(kFrankfurt, kDulles), 6554, 5);
    EXPECT_NEAR(km_between({1.3644, 103.9915}, {-33.9399, 151.1753}), 6293, 10);
}

TEST(Distance, IsZeroToItselfAndHalfTheGlobeToTheAntipode) {
    EXPECT_DOUBLE_EQ(distance_km(kFrankfurt, kFrankfurt), 0);
    EXPECT_NEAR(km_between({90, 0}, {-90, 0}), std::numbers::pi * kEarthRadiusKm, 1e-3);
    EXPECT_NEAR(km_between({10, 20}, {-10, -160}), std::numbers::pi * kEarthRadiusKm, 1e-3);
}

TEST(Distance, SeesNoSeamAtTheDateLine) {
    EXPECT_NEAR(km_between({0, 179.9}, {0, -179.9}), km_between({0, -0.1}, {0, 0.1}), 1e-9);
    EXPECT_NEAR(km_between({0, 180}, {0, -180}), 0, 1e-6);
}

TEST(Distance, KeepsItsPrecisionForNeighbours) {
    // One metre north: an arc cosine of the dot product would not see it.
    EXPECT_NEAR(km_between({50, 8}, {50 + 1e-5, 8}), 0.00111195, 1e-8);
}

TEST(Distance, AgreesWithTheHaversineFormula) {
    for (const std::uint64_t seed : test::seeds(4)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        std::uniform_real_distribution<double> latitude(-90, 90);
        std::uniform_real_distribution<double> longitude(-180, 180);
        for (int i = 0; i < 1000; ++i) {
            const Coordinates from{latitude(random), longitude(random)};
            const Coordinates to{latitude(random), longitude(random)};
            EXPECT_NEAR(distance_km(from, to), test::haversine_km(from, to), 1e-3);
        }
    }
}

}  // namespace
}  // namespace meridian::geo
