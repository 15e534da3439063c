// Checks what libraries in and below the zones directory are, and what a reload makes of changes.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "meridian/clock.h"
#include "meridian/geo/atlas.h"
#include "server/sources/library_shelf.h"
#include "server/sources/served_data.h"
#include "server/sources/zone_check.h"
#include "server/sources/zone_loader.h"
#include "server/state/serial_store.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using test::told;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string world(std::string_view frankfurt) {
    return "[regions.virginia]\nat = \"IAD\"\naddresses = [\"192.0.2.10\"]\n"
           "[regions.frankfurt]\nat = \"FRA\"\naddresses = [\"" +
           std::string(frankfurt) + "\"]\n";
}

std::string zone(std::string_view apex, std::string_view rest = "") {
    return "zone = \"" + std::string(apex) +
           "\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n"
           "use = [\"shared/world.toml\"]\nrecords.www.steer = \"nearest\"\n" +
           std::string(rest);
}

class Libraries : public testing::Test {
protected:
    std::string path(std::string_view name) const { return directory_.zone_path(name); }
    std::string write(std::string_view name, std::string_view text) const {
        return directory_.write_zone(name, text);
    }
    void write_zones(std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i) {
            const std::string apex = "z" + std::to_string(i) + ".example";
            write(apex + ".toml", zone(apex));
        }
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    const SerialStore none_;
    ServedData data_{directory_.data(), {}, clock_};
};

TEST_F(Libraries, AreOneForAllZones) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(50);
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(report.diagnostics, IsEmpty());
    const zones::SnapshotInfo info = report.snapshot->info();
    EXPECT_EQ(info.zone_count, 50U);
    EXPECT_EQ(info.region_count, 2U);
    EXPECT_EQ(info.policy_count, 1U);
}

TEST_F(Libraries, AChangeOfOneChangesAllItsZonesInOneSnapshot) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(50);
    ASSERT_TRUE(data_.load().snapshot);
    write("shared/world.toml", world("198.51.100.11"));
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(report.files(FileFate::Changed), SizeIs(50));
    EXPECT_EQ(report.snapshot->info().generation, 2U);
    EXPECT_EQ(report.snapshot->info().region_count, 2U) << "no zone has the older version";
    EXPECT_FALSE(data_.reload().snapshot) << "nothing changed since";
}

TEST_F(Libraries, OneWithAnErrorIsToldOnceAndStopsNoZone) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(50);
    write("own.toml", "zone = \"own.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    ASSERT_TRUE(data_.load().snapshot);
    write("shared/world.toml", world("198.51.100.300"));
    write("own.toml", "zone = \"own.example\"\nnameservers = [\"a.b.\", \"e.f.\"]\n");
    const LoadReport report = data_.reload();
    EXPECT_THAT(report.files_with_errors(), SizeIs(50));
    EXPECT_THAT(report.files(FileFate::Changed), ElementsAre(path("own.toml")))
        << "it uses no library";
    ASSERT_TRUE(report.snapshot);
    EXPECT_EQ(report.snapshot->info().zone_count, 51U);
    ASSERT_THAT(report.diagnostics, SizeIs(1)) << told(report.diagnostics);
    EXPECT_THAT(report.diagnostics[0].zones, SizeIs(50));
    EXPECT_EQ(told(report.diagnostics),
              path("shared/world.toml") +
                  ":6:14: error: regions.frankfurt.addresses: \"198.51.100.300\" is no IP address "
                  "(expected one such as \"192.0.2.10\" or \"2001:db8:1::10\"); concerns the zones "
                  "z0.example, z1.example and 48 more\n");
    write("shared/world.toml", world("198.51.100.12"));
    EXPECT_THAT(data_.reload().files(FileFate::Changed), SizeIs(50));
}

TEST_F(Libraries, WithoutTheirFileLeaveTheZonesRunning) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(3);
    ASSERT_TRUE(data_.load().snapshot);
    std::filesystem::remove(path("shared/world.toml"));
    const LoadReport report = data_.reload();
    EXPECT_FALSE(report.snapshot);
    EXPECT_THAT(report.files_with_errors(), SizeIs(3));
    EXPECT_THAT(told(report.diagnostics),
                HasSubstr("z2.example.toml:3:8: error: use: cannot read"));
}

TEST_F(Libraries, AZoneWithAnErrorOfItsOwnKeepsTheOlderVersion) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(2);
    ASSERT_TRUE(data_.load().snapshot);
    write("shared/world.toml", world("198.51.100.11"));
    write("z0.example.toml", zone("z0.example", "nonsense = 1\n"));
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(report.files(FileFate::Changed), ElementsAre(path("z1.example.toml")));
    EXPECT_EQ(report.snapshot->info().region_count, 2U) << "still the same two";
    EXPECT_EQ(report.snapshot->info().policy_count, 2U) << "which differ for a while";
}

TEST_F(Libraries, BesideTheZonesAreNoZones) {
    write("shared/world.toml", world("198.51.100.10"));
    write("z.toml", zone("z.example"));
    write("more.toml", world("198.51.100.11"));
    const LoadReport unused = data_.load();
    ASSERT_TRUE(unused.snapshot) << told(unused.diagnostics);
    EXPECT_EQ(told(unused.diagnostics),
              path("more.toml") +
                  ": warning: no zone uses this library (a zone names it in `use`; a zone of its "
                  "own has a `zone` at the top)\n");
    write("z.toml",
          "zone = \"z.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\nuse = \"more.toml\"\n"
          "records.www.steer = \"nearest\"\n");
    const LoadReport used = data_.reload();
    ASSERT_TRUE(used.snapshot) << told(used.diagnostics);
    EXPECT_THAT(used.diagnostics, IsEmpty());
    write("more.toml", "zone.x = 1\n[records]\n");
    const LoadReport broken = data_.reload();
    EXPECT_FALSE(broken.snapshot);
    EXPECT_THAT(broken.files_with_errors(), ElementsAre(path("z.toml")));
    ASSERT_THAT(broken.diagnostics, SizeIs(2)) << told(broken.diagnostics);
    for (const zones::Diagnostic& diagnostic : broken.diagnostics) {
        EXPECT_EQ(diagnostic.code, "not-in-a-library");
        EXPECT_THAT(diagnostic.zones, ElementsAre("z.example"));
    }
}

TEST_F(Libraries, ThatNoZoneUsesAreCheckedAllTheSame) {
    write("z.toml", "zone = \"z.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    write("more.toml", world("198.51.100.300"));
    EXPECT_FALSE(data_.load().snapshot);
    write("more.toml", world("198.51.100.30"));
    ASSERT_TRUE(data_.load().snapshot);
}

TEST_F(Libraries, AloneAreNothingToServe) {
    write("more.toml", world("198.51.100.11"));
    const LoadReport report = data_.load();
    EXPECT_FALSE(report.snapshot);
    EXPECT_THAT(told(report.diagnostics), HasSubstr("no file in this directory describes a zone"));
}

TEST_F(Libraries, AZoneThatBecomesOneGoesOnUntilItIsUsed) {
    write("a.toml", "zone = \"a.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    write("b.toml", "zone = \"b.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    ASSERT_TRUE(data_.load().snapshot);
    write("a.toml", world("198.51.100.11"));
    const LoadReport unused = data_.reload();
    EXPECT_FALSE(unused.snapshot);
    EXPECT_THAT(unused.files_with_errors(), ElementsAre(path("a.toml")));
    EXPECT_THAT(
        told(unused.diagnostics),
        HasSubstr("a.toml: error: the file has no `zone` any more; its zone is still served "
                  "(remove the file to remove the zone, or use it as a library)"));
    write("b.toml", "zone = \"b.example\"\nnameservers = [\"a.b.\", \"c.d.\"]\nuse = \"a.toml\"\n");
    const LoadReport used = data_.reload();
    ASSERT_TRUE(used.snapshot) << told(used.diagnostics);
    EXPECT_THAT(used.files(FileFate::Removed), ElementsAre(path("a.toml")));
    EXPECT_EQ(used.snapshot->info().zone_count, 1U);
}

TEST_F(Libraries, GoByOneNameWhateverLinksLeadToThem) {
    write("shared/world.toml", world("198.51.100.10"));
    std::filesystem::create_symlink("shared/world.toml", path("link.toml"));
    write("a.toml", zone("a.example"));
    std::string text = zone("b.example");
    text.replace(text.find("shared/world.toml"), 17, "link.toml");
    write("b.toml", text);
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(report.diagnostics, IsEmpty()) << "the link is used, too";
    EXPECT_EQ(report.snapshot->info().region_count, 2U);
}

TEST_F(Libraries, OutsideOfTheFolderAreRefused) {
    directory_.write("secret.toml", world("198.51.100.10"));
    write("shared/x", "");
    std::filesystem::create_symlink("../../secret.toml", path("shared/world.toml"));
    write("a.toml", zone("a.example"));
    EXPECT_THAT(told(data_.load().diagnostics), HasSubstr("lies outside of"));
}

TEST_F(Libraries, AreReadOnceALoad) {
    write("shared/world.toml", world("198.51.100.10"));
    write_zones(2);
    LibraryShelf shelf;
    const auto first = load_zone(path("z0.example.toml"), nullptr, {none_}, shelf).loaded;
    ASSERT_TRUE(first);
    write("shared/world.toml", world("198.51.100.99"));
    const auto second = load_zone(path("z1.example.toml"), nullptr, {none_}, shelf).loaded;
    ASSERT_TRUE(second);
    EXPECT_EQ(first->zones[0].model()->regions[1].addresses,
              second->zones[0].model()->regions[1].addresses);
    EXPECT_TRUE(load_zone(path("z0.example.toml"), first, {none_}, shelf).unchanged);
    LibraryShelf next;
    EXPECT_FALSE(load_zone(path("z0.example.toml"), first, {none_}, next).unchanged);
}

TEST_F(Libraries, AreCheckedWithAndWithoutZones) {
    const std::string library = write("shared/world.toml", world("198.51.100.10"));
    const std::string user = write("a.toml", zone("a.example"));
    EXPECT_EQ(told(check_zone_files({library}).diagnostics), "");
    EXPECT_EQ(told(check_zone_files({user, library}).diagnostics), "");
    write("shared/world.toml", world("198.51.100.300"));
    EXPECT_THAT(check_zone_files({library}).diagnostics, SizeIs(1));
    const zones::Diagnostics both = check_zone_files({user, library}).diagnostics;
    ASSERT_THAT(both, SizeIs(1)) << told(both);
    EXPECT_THAT(both[0].zones, ElementsAre("a.example"));
}

TEST_F(Libraries, ZoneListsAreOneFile) {
    write("a.toml", "zone = [\"a.example\", \"b.example\"]\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_EQ(report.snapshot->info().zone_count, 2U);
    EXPECT_THAT(report.files(FileFate::Added), SizeIs(1));
    write("c.toml",
          "zone = [\"c.example\",\n \"b.example\"]\nnameservers = [\"a.b.\", \"c.d.\"]\n");
    const LoadReport twins = data_.reload();
    EXPECT_FALSE(twins.snapshot) << "not even c, which is in the same file";
    EXPECT_THAT(twins.files_with_errors(), ElementsAre(path("c.toml")));
    EXPECT_THAT(told(twins.diagnostics),
                HasSubstr("c.toml:2:2: error: zone: the zone b.example. is also described by"));
}

}  // namespace
}  // namespace meridian::server
