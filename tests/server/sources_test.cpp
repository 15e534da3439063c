// Checks which files are zones, under which serial they are served, and what a reload keeps.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <utime.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/world.h"
#include "server/sources/database_source.h"
#include "server/sources/look_digests.h"
#include "server/sources/served_data.h"
#include "server/sources/source_look.h"
#include "server/sources/zone_check.h"
#include "server/sources/zone_loader.h"
#include "server/state/file_text.h"
#include "tests/server/temporary_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using test::told;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// The names of files, without their directory.
std::vector<std::string> names_of(const std::vector<std::string>& paths) {
    std::vector<std::string> names;
    for (const std::string& path : paths) {
        names.push_back(std::filesystem::path(path).filename().string());
    }
    return names;
}

void set_modified(const std::string& path, std::time_t when) {
    const utimbuf times{when, when};
    ASSERT_EQ(utime(path.c_str(), &times), 0);
}

std::string zone_text(const std::string& apex, const std::string& www) {
    return "zone = \"" + apex + R"("
nameservers = ["ns1", "ns2"]
[records]
ns1.a = "192.0.2.53"
ns2.a = "198.51.100.53"
www.a = ")" +
           www + "\"\n";
}

/// A world in which 192.0.2.0/24 lies in Germany.
std::string small_world(std::uint64_t build_epoch) {
    geo::AtlasBuilder builder;
    builder.info().type = "test";
    builder.info().build_epoch = build_epoch;
    builder.info().has_coordinates = true;
    geo::Location location;
    location.country = *geo::CountryCode::parse("DE");
    location.has_coordinates = true;
    location.at = {50.1, 8.7};
    builder.add(*IpPrefix::parse("192.0.2.0/24"), builder.add_location(location));
    const auto octets = geo::write_world(std::move(builder).build(), {});
    return {octets.begin(), octets.end()};
}

/// A zones directory and a database, and what is served from them.
class Reload : public testing::Test {
protected:
    Reload() { directory_.write("test.world", small_world(1'700'000'000)); }

    std::string write_zone(const std::string& file, std::string_view text) {
        return directory_.write("zones/" + file, text);
    }
    void load() {
        const LoadReport report = data_.load();
        ASSERT_TRUE(report.snapshot) << told(report.diagnostics) << report.database_error;
    }
    void remove(const std::string& file) { std::filesystem::remove_all(directory_.path(file)); }

    test::TemporaryDirectory directory_;
    SystemClock clock_;
    ServedData data_{
        DataPaths{directory_.path("zones"), {directory_.path("test.world")}}, {}, clock_};
};

TEST(ReadFile, RefusesWhatIsNoOrdinaryFileOrTooLong) {
    const test::TemporaryDirectory directory;
    const std::string fifo = directory.path("fifo");
    ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_EQ(read_file(fifo, 100).error().kind, FileFailure::Unreadable);
    EXPECT_EQ(read_file("/dev/zero", 100).error().kind, FileFailure::Unreadable);
    EXPECT_EQ(read_file(directory.path(), 100).error().kind, FileFailure::Unreadable);
    EXPECT_EQ(read_file(directory.path("none"), 100).error().kind, FileFailure::Missing);
    const std::string file = directory.write("file", std::string(100, 'x'));
    EXPECT_EQ(read_file(file, 100)->text, std::string(100, 'x'));
    EXPECT_EQ(read_file(file, 99).error().kind, FileFailure::TooLarge);
}

TEST(ReadFile, SaysWhatStandsThereInsteadAndHowLongAFileMayBe) {
    const test::TemporaryDirectory directory;
    EXPECT_EQ(read_file("/dev/zero", 100).error().text,
              "cannot read /dev/zero: it is no ordinary file but a device");
    const std::string file = directory.write("file", std::string(2 << 20, 'x'));
    EXPECT_EQ(read_file(file, 100).error().reason, "it is longer than 100 octets");
    EXPECT_EQ(read_file(file, 10 << 10).error().reason, "it is longer than 10 KiB");
    EXPECT_EQ(read_file(file, 1 << 20).error().reason, "it is longer than 1 MiB");
    EXPECT_EQ(read_file(file, 2 << 20)->text.size(), std::size_t{2} << 20);
}

TEST(ReadFile, RefusesAFileThatGrowsBeyondItsLimitMeanwhile) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("file", std::string(100, 'x'));
    auto reader = FileReader::open(file, 150);
    ASSERT_TRUE(reader);
    directory.write("file", std::string(200, 'y'));
    std::vector<std::uint8_t> into(1'000);
    const auto octets = reader->read_some(into);
    ASSERT_FALSE(octets);
    EXPECT_EQ(octets.error().kind, FileFailure::TooLarge);
}

TEST(ZoneFiles, AreTheTomlAndMasterFilesDirectlyInTheDirectory) {
    const test::TemporaryDirectory directory;
    for (const char* name :
         {"b.toml", "a.toml", "c.example.toml", ".hidden.toml", "#b.toml#", ".#b.toml", "b.toml~",
          "b.toml.swp", ".b.toml.swp", "b.toml.bak", "b.toml.dpkg-new", "b.toml.tmp", "README",
          "shared/world.toml", "e.toml/inside", "old.zone", "a.zone", ".old.zone", "..zone"}) {
        directory.write(name, "");
    }
    std::filesystem::create_symlink(directory.path("shared/world.toml"), directory.path("d.toml"));
    const auto files = list_zone_files(directory.path());
    ASSERT_TRUE(files);
    EXPECT_THAT(names_of(files->paths), ElementsAre("a.toml", "b.toml", "c.example.toml", "d.toml",
                                                    "..zone", "a.zone", "old.zone"));
    EXPECT_THAT(files->passed_over, ElementsAre());
}

TEST(ZoneFiles, OthersThatMayBeMeantAsZonesArePassedOver) {
    const test::TemporaryDirectory directory;
    for (const char* name :
         {"b.example", "db.b.example", "b.example.zone.txt", "named.conf", "b.example.ZONE",
          "b.example.toml.txt", "a.zone", "README.txt", "README.md", "a.zone~", "a.zone.bak",
          ".db.b.example", "a.zone.dpkg-dist", "a.zone.swp", "a.zone.orig", "world.mmdb",
          "Kb.example.+013+1.key", "sub/db.c.example"}) {
        directory.write(name, "");
    }
    const auto files = list_zone_files(directory.path());
    ASSERT_TRUE(files);
    EXPECT_THAT(names_of(files->passed_over),
                ElementsAre("b.example", "b.example.ZONE", "b.example.toml.txt",
                            "b.example.zone.txt", "db.b.example", "named.conf"));
}

TEST(ZoneFiles, AMissingDirectoryIsAnError) {
    const auto files = list_zone_files("/nowhere/at/all");
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error(),
              "cannot read the zones directory /nowhere/at/all: No such file or directory");
}

TEST_F(Reload, ServesWhatIsThereAtStart) {
    const std::string file = write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    set_modified(file, 1'750'000'000);
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics) << report.database_error;
    EXPECT_EQ(report.snapshot->info().zone_count, 1U);
    EXPECT_EQ(report.snapshot->info().generation, 1U);
    EXPECT_EQ(report.snapshot->atlas().info().build_epoch, 1'700'000'000U);
    LibraryShelf shelf;
    const SerialStore none;
    const auto zone = load_zone(file, nullptr, {none}, shelf).loaded->zones.at(0);
    EXPECT_EQ(zone.serial(), 1'750'000'000U) << "the time of modification";
}

TEST_F(Reload, ManyFilesOfOneZoneAreErrorsOfTheNewcomers) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("m.toml", zone_text("m.example", "192.0.2.1"));
    load();
    for (int number = 0; number < 2'000; ++number) {
        write_zone("b" + std::to_string(number) + ".toml", zone_text("m.example", "192.0.2.2"));
    }
    write_zone("a.toml", zone_text("a.example", "192.0.2.9"));
    write_zone("z.toml", zone_text("z.example", "192.0.2.9"));
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot);
    EXPECT_EQ(report.files_with_errors().size(), 2'000U);
    EXPECT_THAT(report.files(FileFate::Changed), ElementsAre(directory_.path("zones/a.toml")));
    EXPECT_THAT(report.files(FileFate::Added), ElementsAre(directory_.path("zones/z.toml")));
    EXPECT_EQ(report.snapshot->info().zone_count, 3U) << "a, m of m.toml, z";
}

TEST_F(Reload, RefusesToStartWithAnError) {
    EXPECT_FALSE(data_.load().snapshot) << "no directory";
    std::filesystem::create_directory(directory_.path("zones"));
    const LoadReport empty = data_.load();
    EXPECT_FALSE(empty.snapshot);
    EXPECT_THAT(told(empty.diagnostics), HasSubstr("no zone files"));
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", "zone = 7\n");
    EXPECT_FALSE(data_.load().snapshot);
    remove("zones/b.toml");
    const std::string world = small_world(1);
    directory_.write("test.world", world.substr(0, world.size() / 2));
    const LoadReport cut = data_.load();
    EXPECT_FALSE(cut.snapshot);
    EXPECT_THAT(cut.database_error, HasSubstr("test.world"));
    directory_.write("test.world", world);
    load();
}

TEST_F(Reload, ChangesNothingWhereNothingChanged) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    load();
    const LoadReport report = data_.reload();
    EXPECT_FALSE(report.snapshot);
    EXPECT_TRUE(report.clean());
}

TEST_F(Reload, TakesChangedAddedAndRemovedFiles) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    load();
    write_zone("a.toml", zone_text("a.example", "192.0.2.2"));
    write_zone("c.toml", zone_text("c.example", "192.0.2.1"));
    remove("zones/b.toml");
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(names_of(report.files(FileFate::Changed)), ElementsAre("a.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Added)), ElementsAre("c.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Removed)), ElementsAre("b.toml"));
    EXPECT_THAT(report.files_with_errors(), IsEmpty());
    EXPECT_EQ(report.snapshot->info().zone_count, 2U);
    EXPECT_EQ(report.snapshot->info().generation, 2U);
}

TEST_F(Reload, AZoneWithAnErrorLeavesItsRunningVersionWhileOthersChange) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    load();
    write_zone("a.toml", zone_text("a.example", "nonsense"));
    write_zone("b.toml", zone_text("b.example", "192.0.2.2"));
    write_zone("c.toml", "zone = \n");
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_FALSE(report.clean());
    EXPECT_THAT(names_of(report.files_with_errors()), ElementsAre("a.toml", "c.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Changed)), ElementsAre("b.toml"));
    EXPECT_THAT(told(report.diagnostics), HasSubstr("a.toml:6:10: error: records.www.a"));
    EXPECT_EQ(report.snapshot->info().zone_count, 2U) << "a, as it was, and b";

    write_zone("a.toml", zone_text("a.example", "192.0.2.3"));
    remove("zones/c.toml");
    const LoadReport mended = data_.reload();
    ASSERT_TRUE(mended.snapshot);
    EXPECT_TRUE(mended.clean());
    EXPECT_THAT(names_of(mended.files(FileFate::Changed)), ElementsAre("a.toml"));
}

TEST_F(Reload, ALastLineWithoutItsEndIsAWarning) {
    const std::string whole = zone_text("a.example", "192.0.2.1");
    write_zone("a.toml", whole.substr(0, whole.size() - 1));
    write_zone("shared/all.toml", "[ttl]\nstatic = 77");
    for (const std::string apex : {"b.example", "c.example"}) {
        write_zone(apex + ".toml", "use = \"shared/all.toml\"\nrecords_from = \"parts/one\"\n" +
                                       zone_text(apex, "192.0.2.1"));
    }
    write_zone("parts/one", "x TXT \"\xC3\xA4\"\n$INCLUDE more\n");
    write_zone("parts/more", "y A 192.0.2.1");
    write_zone("d.example.zone",
               "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS ns.example.net.\n@ NS ns2.example.net.\nz TXT "
               "\xC3\xA4");
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_TRUE(report.clean());
    const std::string text = told(report.diagnostics);
    for (const char* place : {"/a.toml:6:20: warning: the last line has no end",
                              "/shared/all.toml:2:12: warning: the last line has no end",
                              "/parts/more:1:14: warning: the last line has no end",
                              "/d.example.zone:5:8: warning: the last line has no end"}) {
        EXPECT_THAT(text, HasSubstr(place));
    }
    EXPECT_THAT(text, Not(HasSubstr("/parts/one")));
    EXPECT_EQ(text.find("all.toml"), text.rfind("all.toml:")) << "reported once, with both zones";
}

TEST_F(Reload, FilesThatArePassedOverAreToldOfInOneWarning) {
    write_zone("a.toml", "records_from = \"db.a\"\n" + zone_text("a.example", "192.0.2.1"));
    write_zone("db.a", "x A 192.0.2.1\n$INCLUDE hosts\n");
    write_zone("hosts", "y A 192.0.2.1\n");
    const LoadReport quiet = data_.load();
    EXPECT_EQ(told(quiet.diagnostics), "");
    for (int i = 1; i <= 9; ++i) {
        write_zone("db." + std::to_string(i), "");
    }
    const LoadReport report = data_.load();
    EXPECT_TRUE(report.clean());
    EXPECT_THAT(told(report.diagnostics),
                AllOf(HasSubstr("warning: no zone files by their names, so they are not read: "
                                "\"db.1\", \"db.2\", \"db.3\", \"db.4\", \"db.5\" and 4 more"),
                      HasSubstr("NAME.zone"), Not(HasSubstr("hosts")), Not(HasSubstr("db.a"))));
}

TEST_F(Reload, FilesOfAZoneWithAnErrorAreNotPassedOver) {
    write_zone("a.toml",
               "records_from = \"db.a\"\nnonsense\n" + zone_text("a.example", "192.0.2.1"));
    write_zone("db.a", "x A 192.0.2.1\n");
    EXPECT_THAT(told(data_.load().diagnostics), Not(HasSubstr("db.a\"")));
}

TEST_F(Reload, ADirectoryOfNothingButFilesOfOtherNamesSaysHowTheyAreNamed) {
    write_zone("db.a", "x A 192.0.2.1\n");
    EXPECT_THAT(told(data_.load().diagnostics),
                AllOf(HasSubstr("there are no zone files"), HasSubstr("\"db.a\"")));
}

TEST_F(Reload, AnUnfinishedFileStaysAsItWasAndIsReadOnceItIsWhole) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    write_zone("b.toml", "records_from = \"parts\"\n" + zone_text("b.example", "192.0.2.1"));
    const std::string parts = write_zone("parts", "x A 192.0.2.1\n");
    load();
    const std::string a = write_zone("a.toml", zone_text("a.example", "192.0.2.2"));
    write_zone("parts", "x A 192.0.2.2\n");
    write_zone("c.toml", zone_text("c.example", "192.0.2.1"));
    const FileIds unfinished{std::string(file_id_in(file_state_of(a))),
                             std::string(file_id_in(file_state_of(parts))),
                             std::string(file_id_in(file_state_of(directory_.path("test.world"))))};
    EXPECT_TRUE(differ(data_.look(), data_.seen(), unfinished)) << "c.toml is new";
    const LoadReport report = data_.reload(true, unfinished);
    EXPECT_FALSE(report.clean()) << "and no force helps";
    EXPECT_THAT(names_of(report.files(FileFate::Added)), ElementsAre("c.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Changed)), IsEmpty());
    EXPECT_THAT(names_of(report.files_with_errors()), ElementsAre("a.toml", "b.toml"));
    EXPECT_THAT(told(report.diagnostics), HasSubstr("a.toml: error: this file is being written"));
    EXPECT_THAT(told(report.diagnostics), HasSubstr("is being written"));
    EXPECT_THAT(report.database_error, HasSubstr("test.world: it is being written"));
    EXPECT_FALSE(differ(data_.look(), data_.seen(), unfinished));
    EXPECT_TRUE(differ(data_.look(), data_.seen(), {})) << "they are to be read yet";
    const LoadReport next = data_.reload();
    EXPECT_TRUE(next.clean()) << told(next.diagnostics);
    EXPECT_THAT(names_of(next.files(FileFate::Changed)), ElementsAre("a.toml", "b.toml"));
}

TEST_F(Reload, AVanishedOrEmptiedDirectoryRemovesNothing) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    load();
    remove("zones");
    const LoadReport vanished = data_.reload();
    EXPECT_FALSE(vanished.snapshot);
    EXPECT_THAT(vanished.files(FileFate::Removed), IsEmpty());
    EXPECT_THAT(told(vanished.diagnostics), HasSubstr("what is served stays as it is"));

    std::filesystem::create_directory(directory_.path("zones"));
    const LoadReport emptied = data_.reload();
    EXPECT_FALSE(emptied.snapshot);
    EXPECT_THAT(names_of(emptied.files(FileFate::HeldBack)), ElementsAre("a.toml"))
        << "as other losses are";
    EXPECT_THAT(told(emptied.diagnostics), HasSubstr("no zone files (*.toml, *.zone)"));
    EXPECT_THAT(told(emptied.diagnostics), HasSubstr("`meridian reload --force` takes them away"));

    write_zone("b.toml", "zone = \n");
    const LoadReport all_bad = data_.reload();
    EXPECT_FALSE(all_bad.snapshot) << "the last zone does not go because a bad one came";
    EXPECT_THAT(told(all_bad.diagnostics), HasSubstr("what is served stays as it is"));

    write_zone("b.toml", zone_text("b.example", "192.0.2.1"));
    const LoadReport other = data_.reload();
    ASSERT_TRUE(other.snapshot);
    EXPECT_THAT(names_of(other.files(FileFate::HeldBack)), ElementsAre("a.toml"))
        << "another zone does not replace it";
    EXPECT_EQ(other.snapshot->info().zone_count, 2U);
    const LoadReport back = data_.reload(true);
    ASSERT_TRUE(back.snapshot);
    EXPECT_THAT(names_of(back.files(FileFate::Removed)), ElementsAre("a.toml"));
    EXPECT_EQ(back.snapshot->info().zone_count, 1U);
}

TEST_F(Reload, ANewcomerCannotTakeTheNameOfARunningZone) {
    write_zone("m.toml", zone_text("m.example", "192.0.2.1"));
    load();
    write_zone("a.toml", zone_text("m.example", "192.0.2.66"));
    write_zone("z.toml", zone_text("z.example", "192.0.2.1"));
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(names_of(report.files_with_errors()), ElementsAre("a.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Added)), ElementsAre("z.toml"));
    EXPECT_EQ(report.snapshot->info().zone_count, 2U);
}

TEST_F(Reload, AZoneMovesToAnotherFile) {
    const std::string old_file = write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    load();
    std::filesystem::rename(old_file, directory_.path("zones/b.toml"));
    const LoadReport report = data_.reload();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics);
    EXPECT_THAT(names_of(report.files(FileFate::Removed)), ElementsAre("a.toml"));
    EXPECT_THAT(names_of(report.files(FileFate::Added)), ElementsAre("b.toml"));
    EXPECT_EQ(report.snapshot->info().zone_count, 1U);
}

TEST_F(Reload, ADatabaseWithAnErrorLeavesTheRunningOne) {
    write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    load();
    directory_.write("test.world", "not a world");
    const LoadReport broken = data_.reload();
    EXPECT_FALSE(broken.snapshot);
    EXPECT_THAT(broken.database_error, HasSubstr("test.world"));
    write_zone("a.toml", zone_text("a.example", "192.0.2.2"));
    const LoadReport zone_only = data_.reload();
    ASSERT_TRUE(zone_only.snapshot);
    EXPECT_THAT(zone_only.database_error, HasSubstr("test.world")) << "reported until it is mended";
    EXPECT_EQ(zone_only.snapshot->atlas().info().build_epoch, 1'700'000'000U);

    directory_.write("test.world", small_world(1'800'000'000));
    const LoadReport mended = data_.reload();
    ASSERT_TRUE(mended.snapshot);
    EXPECT_TRUE(mended.database_changed);
    EXPECT_EQ(mended.snapshot->atlas().info().build_epoch, 1'800'000'000U);
    EXPECT_FALSE(data_.reload().database_changed);
}

TEST_F(Reload, AWorldStandsAlone) {
    const std::string world = directory_.path("test.world");
    const auto atlas = read_database({world, world});
    ASSERT_FALSE(atlas);
    EXPECT_THAT(atlas.error(), HasSubstr(".world"));
}

TEST_F(Reload, SeveralFilesAreCheckedTogether) {
    const std::string first = write_zone("a.toml", zone_text("a.example", "192.0.2.1"));
    const std::string second = write_zone("b.toml", zone_text("a.example", "192.0.2.1"));
    EXPECT_THAT(check_zone_files({first}).diagnostics, IsEmpty());
    EXPECT_TRUE(zones::has_errors(check_zone_files({first, second}).diagnostics))
        << "one zone twice";
    EXPECT_TRUE(zones::has_errors(check_zone_files({directory_.path("none.toml")}).diagnostics));
}

TEST(LookDigests, TellAnotherStateFromTheOneThatWasSeen) {
    LookDigests seen({{"b", "1"}, {"a", "2"}, {"gone", ""}});
    EXPECT_FALSE(seen.is_another("a", "2"));
    EXPECT_TRUE(seen.is_another("a", "1"));
    EXPECT_TRUE(seen.is_another("gone", "3"));
    EXPECT_FALSE(seen.is_another("new", "3")) << "it was not looked at";
    seen.update({{"a", "3"}, {"new", "4"}});
    EXPECT_TRUE(seen.is_another("a", "2"));
    EXPECT_FALSE(seen.is_another("b", "1"));
    EXPECT_TRUE(seen.is_another("new", "5"));
    EXPECT_EQ(seen, LookDigests({{"a", "3"}, {"b", "1"}, {"gone", ""}, {"new", "4"}}));
}

}  // namespace
}  // namespace meridian::server
