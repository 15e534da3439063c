// Checks that a reload reads the files that may have changed, and no others.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "meridian/clock.h"
#include "server/sources/served_data.h"
#include "server/state/file_text.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

std::string state_at(std::int64_t modified, std::int64_t changed) {
    return "1 2 3 " + std::to_string(modified) + " 4 " + std::to_string(changed) + " 5";
}

/// Asked for the first time in a load.
bool shows_each_change(const std::string& state, const std::string& path) {
    return LibraryShelf().shows_each_change(state, path);
}

TEST(FileStates, ShowEachChangeOfAFileThatRested) {
    const test::TemporaryDirectory directory;
    const std::int64_t now = unix_seconds(std::chrono::system_clock::now());
    EXPECT_TRUE(shows_each_change(state_at(now - 100, now - 50), directory.path()));
    EXPECT_FALSE(shows_each_change(state_at(now - 100, now), directory.path()))
        << "it was written, and its time set back";
    EXPECT_FALSE(shows_each_change(state_at(now, now - 100), directory.path()));
    EXPECT_FALSE(shows_each_change(state_at(now + 100, now + 100), directory.path()))
        << "the clock was set back";
    EXPECT_FALSE(shows_each_change(state_at(now - 100, now - 50), "/proc/self"))
        << "no file system of this machine's disks";
    EXPECT_FALSE(shows_each_change("", directory.path())) << "no file";
}

/// A zone file that uses a library and a master file, and a master file that is a zone.
class UnchangedFiles : public testing::Test {
protected:
    UnchangedFiles() {
        directory_.write_zone("a.toml",
                              "zone = \"a.example\"\nuse = \"lib.toml\"\nnameservers = "
                              "[\"ns1.example.net.\", \"ns2.example.net.\"]\n"
                              "records_from = [\"part\"]\n[records]\nwww.a = \"192.0.2.1\"\n");
        directory_.write_zone("lib.toml",
                              "[regions.one]\nat = [50.1, 8.7]\naddresses = [\"192.0.2.1\"]\n");
        directory_.write_zone("part", "more A 192.0.2.1\n");
        directory_.write_zone("b.example.zone",
                              "@ 60 SOA ns1.example.net. h.example.net. 1 2 3 4 5\n"
                              "@ 60 NS ns1.example.net.\n@ 60 NS ns2.example.net.\n"
                              "www 60 A 192.0.2.1\n");
        const LoadReport report = data_.load();
        EXPECT_TRUE(report.snapshot) << test::told(report.diagnostics);
    }
    /// Writes another text of the same length. The states of the running versions are then those
    /// of the new text, as they are when both were written within one tick of the clock.
    void change_within_a_tick(const std::string& file) {
        std::string text = test::text_of(directory_.zone_path(file));
        text.replace(text.rfind("192.0.2.1"), 9, "192.0.2.2");
        const std::string path = directory_.write_zone(file, text);
        for (const auto& [zone_file, version] : data_.files()) {
            if (zone_file == path) { version->state = file_state_of(path); }
            for (NamedFileState& named : version->named) {
                if (named.path == path) { named.state = file_state_of(path); }
            }
        }
    }
    void say_that_states_show_each_change(bool they_do) {
        for (const auto& [zone_file, version] : data_.files()) {
            version->shows_each_change = they_do;
            for (NamedFileState& named : version->named) {
                named.shows_each_change = they_do;
            }
        }
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    ServedData data_{directory_.data(), {}, clock_};
};

TEST_F(UnchangedFiles, AreReadWhereAChangeWithinTheSameTickWouldNotShow) {
    for (const char* file : {"a.toml", "lib.toml", "part", "b.example.zone"}) {
        SCOPED_TRACE(file);
        change_within_a_tick(file);
        const LoadReport report = data_.reload();
        EXPECT_TRUE(report.snapshot) << test::told(report.diagnostics);
    }
}

TEST_F(UnchangedFiles, AreNotReadWhereTheirStatesShowEachChange) {
    say_that_states_show_each_change(true);
    for (const char* file : {"a.toml", "lib.toml", "part", "b.example.zone"}) {
        change_within_a_tick(file);
    }
    EXPECT_FALSE(data_.reload().snapshot) << "they were read";
    say_that_states_show_each_change(false);
    EXPECT_TRUE(data_.reload().snapshot);
}

TEST_F(UnchangedFiles, CostALookWhereAllStatesShowEachChange) {
    say_that_states_show_each_change(true);
    EXPECT_TRUE(data_.reload().replaced) << "more than the states was looked at";
    EXPECT_FALSE(data_.reload(true).replaced) << "force looks at all of it";
    say_that_states_show_each_change(true);
    EXPECT_FALSE(data_.reload(false, {"1 2"}).replaced) << "a file is being written";
    say_that_states_show_each_change(true);
    for (const auto& [path, version] : data_.files()) {
        if (version->named.empty()) { continue; }
        version->named.back().shows_each_change = false;
        EXPECT_FALSE(data_.reload().replaced);
        version->named.back().shows_each_change = true;
    }
    directory_.write_zone("c.toml", "zone = 1\n");
    EXPECT_FALSE(data_.reload().replaced);
    EXPECT_FALSE(data_.reload().replaced) << "the error is reported each time";
}

TEST_F(UnchangedFiles, AreReadAgainWhereTheirTimesOrNumbersAreOthers) {
    say_that_states_show_each_change(true);
    for (const char* file : {"a.toml", "lib.toml", "part", "b.example.zone"}) {
        SCOPED_TRACE(file);
        std::string text = test::text_of(directory_.zone_path(file));
        text.replace(text.rfind("192.0.2.1"), 9, "192.0.2.3");
        directory_.write_zone(file, text);
        EXPECT_TRUE(data_.reload().snapshot);
        say_that_states_show_each_change(true);
    }
}

TEST_F(UnchangedFiles, KeepTheirVersion) {
    const ZonesByFile before = data_.files();
    directory_.write_zone("c.toml",
                          "zone = \"c.example\"\nnameservers = [\"ns1.example.net.\", "
                          "\"ns2.example.net.\"]\n[records]\nwww.a = \"192.0.2.1\"\n");
    ASSERT_TRUE(data_.reload().snapshot);
    EXPECT_EQ(data_.files().size(), before.size() + 1);
    for (const auto& [path, version] : before) {
        EXPECT_EQ(data_.files().at(path), version) << path << ": a copy takes time and memory";
    }
}

}  // namespace
}  // namespace meridian::server
