// Checks that a world keeps what it promises, and that no damaged file gets by.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/geo/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "geo/database/world_payload.h"
#include "meridian/bytes.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/geo/ranking.h"
#include "tests/support/seeds.h"

namespace meridian::geo {
namespace {

using Octets = std::vector<std::uint8_t>;

const std::string kSource = MERIDIAN_SOURCE_DIR;
const std::string kSampleV4 = kSource + "/tests/geo/data/sample-city-v4.mmdb";
const std::string kSampleV6 = kSource + "/tests/geo/data/sample-city-v6.mmdb";
const std::string kShipped = kSource + "/packaging/world/dbip-city-lite.world";

// A file that goes when the test is over.
class TemporaryFile {
public:
    explicit TemporaryFile(const Octets& octets)
        : path_(testing::TempDir() + "meridian-world-" + std::to_string(std::random_device{}())) {
        write(octets);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { std::filesystem::remove(path_); }

    void write(std::span<const std::uint8_t> octets) const {
        std::ofstream file(path_, std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char*>(octets.data()),
                   static_cast<std::streamsize>(octets.size()));
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

const Atlas& sample() {
    static const Atlas atlas = [] {
        const std::vector<std::string> paths{kSampleV4, kSampleV6};
        return read_mmdb(paths).value();
    }();
    return atlas;
}

Location at(std::string_view country, double latitude, double longitude) {
    Location location;
    location.country = CountryCode::parse(country).value();
    location.has_coordinates = true;
    location.at = {latitude, longitude};
    return location;
}

struct Network {
    std::string_view prefix;
    Location location;
};

Atlas atlas_of(const std::vector<Network>& networks) {
    AtlasBuilder builder;
    for (const Network& network : networks) {
        builder.add(IpPrefix::parse(network.prefix).value(),
                    builder.add_location(network.location));
    }
    builder.info().build_epoch = 1'780'000'000;
    builder.info().v4_networks = 12;
    builder.info().v6_networks = 34;
    builder.info().paths = {"/somewhere/city-v4.mmdb", "city-v6.mmdb"};
    builder.info().attribution = "the maker of the source";
    return std::move(builder).build();
}

Atlas through_a_world(const Atlas& atlas, const WorldOptions& options) {
    const TemporaryFile file(write_world(atlas, options));
    auto world = read_world(file.path());
    EXPECT_TRUE(world.ok()) << (world.ok() ? "" : world.error());
    return std::move(world).value();
}

Location find(const Atlas& atlas, std::string_view address) {
    return atlas.location(atlas.find(IpAddress::parse(address).value()).location);
}

std::string country_at(const Atlas& atlas, std::string_view address) {
    return std::string(find(atlas, address).country.text());
}

TEST(World, KeepsCountriesAndPlaces) {
    const Atlas world =
        through_a_world(atlas_of({{"192.0.2.0/24", at("US", 39.0438, -77.4874)},
                                  {"198.51.100.0/24", at("DE", 50.1109, 8.6821)},
                                  {"2001:db8:1::/48", at("JP", 35.69, 139.69)},
                                  {"2001:db8:8000::/33", at("NZ", -36.85, 174.76)}}),
                        {});
    EXPECT_EQ(country_at(world, "192.0.2.200"), "US");
    EXPECT_EQ(country_at(world, "198.51.100.1"), "DE");
    EXPECT_EQ(country_at(world, "2001:db8:1::1"), "JP");
    EXPECT_EQ(country_at(world, "2001:db8:ffff:ffff::1"), "NZ");
    const Location found = find(world, "198.51.100.1");
    EXPECT_NEAR(found.at.latitude, 50.1109, 0.005);
    EXPECT_NEAR(found.at.longitude, 8.6821, 0.005);
    EXPECT_TRUE(world.info().has_coordinates);
    EXPECT_FALSE(world.info().has_cities);
}

TEST(World, KnowsNothingOfWhatTheAtlasDoesNotKnow) {
    const Atlas world =
        through_a_world(atlas_of({{"192.0.2.0/24", at("US", 39.0438, -77.4874)}}), {});
    for (const std::string_view address :
         {"0.0.0.0", "192.0.1.255", "192.0.3.0", "255.255.255.255", "::", "2001:db8::1"}) {
        EXPECT_EQ(find(world, address), Location{}) << address;
    }
}

TEST(World, CountryWithoutCoordinatesStaysOne) {
    Location france;
    france.country = CountryCode::parse("FR").value();
    const Atlas world = through_a_world(atlas_of({{"100.0.0.0/24", france}}), {});
    EXPECT_EQ(find(world, "100.0.0.1"), france);
    EXPECT_FALSE(world.info().has_coordinates);
}

TEST(World, TheEdgesOfTheEarthStayOnIt) {
    const Atlas world = through_a_world(atlas_of({{"192.0.2.0/24", at("AQ", -90, -180)},
                                                  {"192.0.3.0/24", at("FJ", -17, 180)},
                                                  {"192.0.4.0/24", at("NO", 90, 0)}}),
                                        {});
    EXPECT_EQ(find(world, "192.0.2.1").at, (Coordinates{-90, -180}));
    EXPECT_EQ(find(world, "192.0.3.1").at, (Coordinates{-17, 180}));
    EXPECT_EQ(find(world, "192.0.4.1").at, (Coordinates{90, 0}));
}

TEST(World, ABlockGoesWhereMostOfItsAddressesAre) {
    const Atlas world = through_a_world(
        atlas_of({{"192.0.2.0/26", at("US", 39.0438, -77.4874)},
                  {"192.0.2.64/26", at("DE", 50.1109, 8.6821)},
                  {"192.0.2.128/26", at("JP", 35.69, 139.69)},
                  {"192.0.2.192/26", at("DE", 50.12, 8.69)},  // in the same square as the first
                  {"2001:db8:1:0::/52", at("US", 39.0438, -77.4874)},
                  {"2001:db8:1:1000::/52", at("JP", 35.69, 139.69)},
                  {"2001:db8:1:2000::/51", at("JP", 35.69, 139.69)},
                  {"2001:db8:1:4000::/50", at("US", 39.0438, -77.4874)}}),  // the rest is unknown
        {});
    EXPECT_EQ(country_at(world, "192.0.2.1"), "DE");
    EXPECT_EQ(country_at(world, "192.0.2.130"), "DE");
    EXPECT_EQ(country_at(world, "2001:db8:1::1"), "US");  // most of what is known
}

TEST(World, ASquareStandsAtTheMeanOfItsAddresses) {
    const Atlas world = through_a_world(atlas_of({{"192.0.2.0/24", at("US", 40.1, -80.9)},
                                                  {"192.0.4.0/23", at("US", 40.4, -80.3)},
                                                  {"192.0.6.0/24", at("CA", 40.9, -80.1)}}),
                                        {});
    EXPECT_NEAR(find(world, "192.0.2.1").at.latitude, 40.3, 0.005);
    EXPECT_NEAR(find(world, "192.0.4.1").at.longitude, -80.5, 0.005);
    EXPECT_NEAR(find(world, "192.0.6.1").at.latitude, 40.9, 0.005);  // another country
}

TEST(World, SaysWhereItComesFrom) {
    const Atlas atlas = atlas_of({{"192.0.2.0/24", at("US", 40.1, -80.9)}});
    const TemporaryFile file(write_world(atlas, {}));
    const auto world = read_world(file.path());
    ASSERT_TRUE(world.ok());
    EXPECT_EQ(world->info().type, "Meridian world of city-v4.mmdb, city-v6.mmdb");
    EXPECT_EQ(world->info().attribution, "the maker of the source");
    EXPECT_EQ(world->info().build_epoch, 1'780'000'000U);
    EXPECT_EQ(world->info().v4_networks, 12U);
    EXPECT_EQ(world->info().v6_networks, 34U);
    EXPECT_EQ(world->info().paths, std::vector<std::string>{file.path()});

    WorldOptions options;
    options.attribution = "another maker";
    EXPECT_EQ(through_a_world(atlas, options).info().attribution, "another maker");
}

TEST(World, TheSameAtlasGivesTheSameOctets) {
    const Atlas atlas = atlas_of({{"192.0.2.0/24", at("US", 40.1, -80.9)}});
    EXPECT_EQ(write_world(atlas, {}), write_world(atlas, {}));
}

// A naive twin of the reduction: the country and square with most addresses of each block. What is
// unknown abstains beside what is known.
using Square = std::tuple<std::string, int, int>;

Square square_of(const Location& location, double grid_degrees) {
    return {std::string(location.country.text()),
            static_cast<int>(std::floor((location.at.latitude + 90) / grid_degrees)),
            static_cast<int>(std::floor((location.at.longitude + 180) / grid_degrees))};
}

void expect_largest_parts(Family family, unsigned block_bits, double grid_degrees,
                          const Atlas& world) {
    std::map<IpAddress, std::map<Square, long double>> blocks;
    Atlas::Cursor cursor(sample(), family);
    for (AtlasLeaf leaf; cursor.next(leaf);) {
        const Square square = square_of(sample().location(leaf.location), grid_degrees);
        blocks[leaf.prefix.address.masked(block_bits)][square] +=
            std::pow(0.5L, static_cast<long double>(leaf.prefix.bits));
    }
    std::size_t checked = 0;
    const Square unknown = square_of(Location{}, grid_degrees);
    for (auto& [block, squares] : blocks) {
        if (squares.size() > 1) { squares.erase(unknown); }
        long double largest = 0;
        for (const auto& [square, weight] : squares) {
            largest = std::max(largest, weight);
        }
        const Location& found = world.location(world.find(block).location);
        const auto mine = squares.find(square_of(found, grid_degrees));
        // A mean on the border of its square may be rounded over it.
        const bool on_border = std::abs(std::remainder(found.at.latitude, grid_degrees)) < 0.006 ||
                               std::abs(std::remainder(found.at.longitude, grid_degrees)) < 0.006;
        if (on_border && mine == squares.end()) { continue; }
        ASSERT_NE(mine, squares.end()) << block.to_string();
        EXPECT_EQ(mine->second, largest) << block.to_string();
        ++checked;
    }
    EXPECT_GT(checked, blocks.size() * 9 / 10);
    EXPECT_GT(checked, 4'000U);
}

TEST(World, EveryBlockOfTheSampleGoesWithItsLargestPart) {
    const WorldOptions options;
    const Atlas world = through_a_world(sample(), options);
    expect_largest_parts(Family::V4, options.v4_bits, options.v4_grid_degrees, world);
    expect_largest_parts(Family::V6, options.v6_bits, options.v6_grid_degrees, world);
}

TEST(World, OtherBlocksAndGridsWorkAlike) {
    WorldOptions options;
    options.v4_bits = 22;
    options.v6_bits = 56;
    options.v4_grid_degrees = 5;
    options.v6_grid_degrees = 0.5;
    const Atlas world = through_a_world(sample(), options);
    expect_largest_parts(Family::V4, 22, 5, world);
    expect_largest_parts(Family::V6, 56, 0.5, world);
}

// What the whole world is measured by when it is built, on the sample of the repository.
TEST(ShippedWorld, AgreesWithTheDatabaseItIsMadeFrom) {
    const auto world = read_world(kShipped);
    ASSERT_TRUE(world.ok()) << world.error();
    Policy policy;
    policy.regions = {{38.95, -77.46}, {45.52, -122.68}, {-23.55, -46.63}, {50.03, 8.57},
                      {-33.97, 18.60}, {19.09, 72.87},   {35.76, 140.39},  {-33.95, 151.18}};
    policy.default_order = {0, 1, 2, 3, 4, 5, 6, 7};
    const Ranker ranker(policy);
    const auto nearest = [&ranker](const Location& location) {
        RegionIndex region = 0;
        ranker.rank(place_of(location), {&region, 1});
        return region;
    };
    for (const Family family : {Family::V4, Family::V6}) {
        double all = 0;
        double same_country = 0;
        double same_region = 0;
        Atlas::Cursor cursor(sample(), family);
        for (AtlasLeaf leaf; cursor.next(leaf);) {
            const Location& expected = sample().location(leaf.location);
            if (!expected.country.known()) { continue; }
            const Location& found = world->location(world->find(leaf.prefix.address).location);
            const double weight = family == Family::V4 ? std::ldexp(1.0, 32 - leaf.prefix.bits) : 1;
            all += weight;
            same_country += found.country == expected.country ? weight : 0;
            same_region += nearest(found) == nearest(expected) ? weight : 0;
        }
        EXPECT_GT(all, 20'000);
        EXPECT_GE(same_country / all, 0.995);
        EXPECT_GE(same_region / all, family == Family::V4 ? 0.999 : 0.995);
    }
}

TEST(ShippedWorld, IsSmallAndSaysWhoseDataItHolds) {
    EXPECT_LE(std::filesystem::file_size(kShipped), 4'000'000U);
    const auto world = read_world(kShipped);
    ASSERT_TRUE(world.ok()) << world.error();
    EXPECT_THAT(world->info().attribution, testing::HasSubstr("IP Geolocation by DB-IP"));
    EXPECT_THAT(world->info().attribution, testing::HasSubstr("https://db-ip.com"));
    EXPECT_THAT(world->info().attribution, testing::HasSubstr("CC BY 4.0"));
    EXPECT_GT(world->info().build_epoch, 1'700'000'000U);
    EXPECT_GT(world->info().v4_networks, 1'000'000U);
    EXPECT_GT(world->info().v6_networks, 1'000'000U);
}

// Sets the hash right, so that what comes behind it is tried as well.
void mend_hash(Octets& octets) {
    const std::uint64_t hash = damage_hash(std::span(octets).subspan(24));
    store_u32(octets, 16, static_cast<std::uint32_t>(hash >> 32));
    store_u32(octets, 20, static_cast<std::uint32_t>(hash));
}

Octets small_world() {
    return write_world(atlas_of({{"192.0.2.0/24", at("US", 39.0438, -77.4874)},
                                 {"198.51.100.0/24", at("DE", 50.1109, 8.6821)},
                                 {"2001:db8:1::/48", at("JP", 35.69, 139.69)}}),
                       {});
}

TEST(DamagedWorld, EveryCutIsAnError) {
    const Octets whole = small_world();
    const TemporaryFile file(whole);
    ASSERT_TRUE(read_world(file.path()).ok());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        file.write(cut);
        EXPECT_FALSE(read_world(file.path()).ok()) << size;
        if (size < 24) { continue; }
        mend_hash(cut);
        file.write(cut);
        EXPECT_FALSE(read_world(file.path()).ok()) << size << " with its hash mended";
    }
}

TEST(DamagedWorld, EveryFlippedBitIsAnError) {
    const Octets whole = small_world();
    const TemporaryFile file(whole);
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        Octets damaged = whole;
        damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        file.write(damaged);
        const auto world = read_world(file.path());
        ASSERT_FALSE(world.ok()) << bit;
        EXPECT_THAT(world.error(), testing::StartsWith(file.path() + ": "));
    }
}

TEST(DamagedWorld, WithTheHashMendedItIsAnErrorOrAWholePartition) {
    const Octets whole = small_world();
    const TemporaryFile file(whole);
    for (const std::uint64_t seed : test::seeds(300)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        Octets damaged = whole;
        for (std::uint64_t i = 1 + random() % 4; i != 0; --i) {
            damaged[24 + random() % (damaged.size() - 24)] = static_cast<std::uint8_t>(random());
        }
        mend_hash(damaged);
        file.write(damaged);
        const auto world = read_world(file.path());
        if (!world) { continue; }
        EXPECT_GE(world->leaf_count(Family::V4), 1U);
        (void)world->find(IpAddress::v4(0xffffffff));
    }
}

// The payload itself, which zstd's own checks would otherwise guard.
TEST(DamagedWorld, NoPayloadIsBelieved) {
    const Octets whole =
        encode_payload(reduce_to_grid(atlas_of({{"192.0.2.0/24", at("US", 39.0438, -77.4874)},
                                                {"192.0.3.0/24", at("US", 34.05, -118.24)},
                                                {"198.51.100.0/24", at("DE", 50.1109, 8.6821)},
                                                {"2001:db8:1::/48", at("JP", 35.69, 139.69)},
                                                {"2001:db8:2::/48", at("JP", 26.2, 127.6)}}),
                                      {}));
    {
        AtlasBuilder builder;
        ASSERT_TRUE(decode_payload(whole, builder).ok());
    }
    for (std::size_t size = 0; size < whole.size(); ++size) {
        AtlasBuilder builder;
        EXPECT_FALSE(decode_payload(std::span(whole).first(size), builder).ok()) << size;
    }
    Octets longer = whole;
    longer.push_back(0);
    AtlasBuilder longer_builder;
    EXPECT_FALSE(decode_payload(longer, longer_builder).ok());

    std::size_t refused = 0;
    for (const std::uint64_t seed : test::seeds(3'000)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        Octets damaged = whole;
        for (std::uint64_t i = 1 + random() % 3; i != 0; --i) {
            damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        }
        AtlasBuilder builder;
        if (!decode_payload(damaged, builder)) {
            ++refused;
            continue;
        }
        const Atlas atlas = std::move(builder).build();
        for (const Family family : {Family::V4, Family::V6}) {
            Atlas::Cursor cursor(atlas, family);
            std::uint64_t leaves = 0;
            for (AtlasLeaf leaf; cursor.next(leaf);) {
                ASSERT_LT(leaf.location, atlas.locations().size());
                ++leaves;
            }
            EXPECT_EQ(leaves, atlas.leaf_count(family));
        }
    }
    EXPECT_GT(refused, 0U);
}

TEST(DamagedWorld, AFrameThatClaimsToBeHugeIsRefused) {
    Octets damaged = small_world();
    store_u32(damaged, 48, 0xffffffff);
    mend_hash(damaged);
    const TemporaryFile file(damaged);
    const auto world = read_world(file.path());
    ASSERT_FALSE(world.ok());
    EXPECT_THAT(world.error(), testing::HasSubstr("larger than any world"));
}

TEST(DamagedWorld, ErrorsAreInWords) {
    const auto missing = read_world("/nowhere/at/all.world");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error(), "/nowhere/at/all.world: cannot be read: No such file or directory");
    const auto directory = read_world(testing::TempDir());
    EXPECT_FALSE(directory.ok());
    const auto other_kind = read_world(kSampleV4);
    ASSERT_FALSE(other_kind.ok());
    EXPECT_EQ(other_kind.error(), kSampleV4 + ": is no Meridian world");

    Octets newer = small_world();
    newer[15] = 2;
    const TemporaryFile file(newer);
    const auto world = read_world(file.path());
    ASSERT_FALSE(world.ok());
    EXPECT_EQ(world.error(), file.path() + ": is a world of version 2, not 1");
}

TEST(World, IsToldFromOtherFiles) {
    EXPECT_TRUE(is_world_file(kShipped));
    EXPECT_FALSE(is_world_file(kSampleV4));
    EXPECT_FALSE(is_world_file("/nowhere/at/all.world"));
    EXPECT_FALSE(is_world_file(TemporaryFile(Octets{'M', 'e', 'r'}).path()));
}

}  // namespace
}  // namespace meridian::geo
