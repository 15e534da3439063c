// Checks which master files are zones, which are parts of one, and what a reload makes of changes.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "meridian/geo/atlas.h"
#include "server/sources/served_data.h"
#include "server/sources/zone_check.h"
#include "server/sources/zone_loader.h"
#include "server/state/file_text.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using test::told;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string master(std::string_view records) {
    return "$TTL 1h\n@ SOA ns.elsewhere. root 1 2h 15m 2w 1m\n  NS ns.elsewhere.\n"
           "  NS ns2.elsewhere.\n" +
           std::string(records);
}

std::string toml(std::string_view apex, std::string_view rest = "") {
    return "zone = \"" + std::string(apex) +
           "\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n" + std::string(rest);
}

class MasterFiles : public testing::Test {
protected:
    std::string path(std::string_view name) const { return directory_.zone_path(name); }
    std::string write(std::string_view name, std::string_view text) const {
        return directory_.write_zone(name, text);
    }
    ZoneLoading load(std::string_view name,
                     const std::shared_ptr<LoadedFile>& running = nullptr) const {
        LibraryShelf shelf;
        return load_zone(path(name), running, {served_}, shelf);
    }

    test::ServedDirectory directory_;
    SerialStore served_;
};

TEST_F(MasterFiles, AreReadForTheZoneThatNamesThem) {
    write("a.toml", "zone = \"a.example\"\nrecords_from = [\"a.zone\", \"more/b\"]\n");
    write("a.zone", master("www A 192.0.2.1\n$INCLUDE more/b eu\n"));
    write("more/b", "api A 192.0.2.2\n");
    const ZoneLoading loading = load("a.toml");
    ASSERT_TRUE(loading.loaded) << told(loading.diagnostics);
    EXPECT_EQ(loading.loaded->zones.at(0).model()->owners.size(), 3U);
    EXPECT_TRUE(loading.loaded->reads(path("a.zone"), ""));
    EXPECT_TRUE(loading.loaded->reads("another name", file_state_of(path("a.zone"))));
    EXPECT_FALSE(loading.loaded->reads(path("a.toml"), file_state_of(path("a.toml"))));
    EXPECT_THAT(check_zone_files({path("a.zone"), path("a.toml")}).diagnostics, IsEmpty());
}

TEST_F(MasterFiles, OutsideOfTheFolderAreRefused) {
    directory_.write("secret", "www A 192.0.2.1\n");
    std::filesystem::create_directories(directory_.path("zones"));
    std::filesystem::create_symlink("../secret", path("link"));
    std::filesystem::create_directory_symlink("..", path("up"));
    for (const std::string& name :
         {std::string("link"), std::string("up/secret"), directory_.path("secret")}) {
        write("a.toml", toml("a.example", "records_from = [\"" + name + "\"]\n"));
        EXPECT_THAT(told(load("a.toml").diagnostics), HasSubstr("lies outside of")) << name;
        write("b.example.zone", master("$INCLUDE " + name + "\n"));
        EXPECT_THAT(told(load("b.example.zone").diagnostics), HasSubstr("lies outside of")) << name;
    }
    write("inside", "www A 192.0.2.1\n");
    std::filesystem::create_symlink("inside", path("fine"));
    for (const std::string& name : {std::string("fine"), path("inside")}) {
        write("a.toml", toml("a.example", "records_from = [\"" + name + "\"]\n"));
        EXPECT_EQ(told(load("a.toml").diagnostics), "") << name;
    }
    write("a.toml", toml("a.example", "records_from = [\"none\"]\n"));
    EXPECT_THAT(told(load("a.toml").diagnostics), HasSubstr("No such file"));
}

TEST_F(MasterFiles, AChangeOfOneIsAChangeOfItsZone) {
    write("a.toml", toml("a.example", "records_from = [\"b\"]\n"));
    write("b", "www A 192.0.2.1\n");
    const auto before = load("a.toml").loaded;
    ASSERT_TRUE(before);
    EXPECT_TRUE(load("a.toml", before).unchanged);
    write("b", "www A 192.0.2.22\n");
    const std::uint32_t serial = before->zones.at(0).serial();
    served_.remember({{before->zones.at(0).apex(), {before->contents.at(0), serial}}});
    const ZoneLoading after = load("a.toml", before);
    ASSERT_TRUE(after.loaded);
    EXPECT_FALSE(after.unchanged);
    EXPECT_GT(after.loaded->zones.at(0).serial(), serial);
    std::filesystem::remove(path("b"));
    EXPECT_FALSE(load("a.toml", after.loaded).loaded);
}

class MasterReload : public MasterFiles {
protected:
    SystemClock clock_;
    ServedData data_{directory_.data(), {}, clock_};
};

TEST_F(MasterReload, ABareOneIsAZone) {
    write("b.example.zone", master("www A 192.0.2.1\n"));
    const LoadReport report = data_.load();
    ASSERT_TRUE(report.snapshot) << told(report.diagnostics) << report.database_error;
    EXPECT_EQ(report.snapshot->info().zone_count, 1U);
    EXPECT_THAT(report.files(FileFate::Added), ElementsAre(path("b.example.zone")));
}

TEST_F(MasterReload, OneThatAZoneReadsIsNoZoneOfItsOwn) {
    write("a.example.zone", master("www A 192.0.2.1\n"));
    ASSERT_TRUE(data_.load().snapshot);
    write("a.toml", "zone = \"a.example\"\nrecords_from = [\"a.example.zone\"]\n");
    const LoadReport taken = data_.reload();
    ASSERT_TRUE(taken.snapshot) << told(taken.diagnostics);
    EXPECT_THAT(taken.files(FileFate::Added), ElementsAre(path("a.toml")));
    EXPECT_THAT(taken.files(FileFate::Removed), ElementsAre(path("a.example.zone")));
    EXPECT_EQ(taken.snapshot->info().zone_count, 1U);
    std::filesystem::remove(path("a.toml"));
    const LoadReport back = data_.reload();
    ASSERT_TRUE(back.snapshot);
    EXPECT_THAT(back.files(FileFate::Added), ElementsAre(path("a.example.zone")));
}

TEST_F(MasterReload, AZoneWithAnErrorTakesNoMasterFileAlong) {
    write("a.example.zone", master("www A 192.0.2.1\n"));
    ASSERT_TRUE(data_.load().snapshot);
    // The newcomer wants the running zone's file, and another one; it cannot be read itself.
    write("b.toml", toml("b.example",
                         "records_from = [\"a.example.zone\", \"n.example.zone\"]\n"
                         "nonsense = 1\n"));
    write("n.example.zone", "www A 192.0.2.1\n");
    const LoadReport report = data_.reload();
    EXPECT_THAT(report.files_with_errors(), ElementsAre(path("b.toml")));
    EXPECT_THAT(report.files(FileFate::Added), IsEmpty());
    EXPECT_THAT(report.files(FileFate::Removed), IsEmpty());
    EXPECT_FALSE(report.snapshot) << "nothing changed";
}

TEST_F(MasterReload, AZoneThatDoesNotCompileGivesItsMasterFileBack) {
    write("a.example.zone", master("www A 192.0.2.1\n"));
    write("c.toml", toml("c.example"));
    ASSERT_TRUE(data_.load().snapshot);
    // Reads the file, and collides with a zone that runs.
    write("a.toml", "zone = \"c.example\"\nrecords_from = [\"a.example.zone\"]\n");
    const LoadReport report = data_.reload();
    EXPECT_THAT(report.files_with_errors(), ElementsAre(path("a.toml")));
    EXPECT_THAT(report.files(FileFate::Removed), IsEmpty());
    const LoadReport again = data_.reload();
    EXPECT_THAT(again.files(FileFate::Removed), IsEmpty());
    write("d.toml", toml("d.example"));
    const LoadReport more = data_.reload();
    ASSERT_TRUE(more.snapshot);
    EXPECT_EQ(more.snapshot->info().zone_count, 3U) << "a from its master file, c, d";
}

}  // namespace
}  // namespace meridian::server
