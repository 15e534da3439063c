// Checks what the status says after loads that went well and badly.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "server/runtime/server_status.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/set_clock.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// What is served from a zones directory and a database, and the status of it.
class Status : public testing::Test {
protected:
    Status() { write_world(1'700'000'000); }

    void write_world(std::uint64_t build_epoch) const { directory_.write_world(build_epoch); }
    [[nodiscard]] std::string write_zone(const std::string& file, const std::string& apex,
                                         const std::string& end = "") const {
        return directory_.write_zone(file, "zone = \"" + apex +
                                               "\"\nnameservers = [\"ns.elsewhere.\", "
                                               "\"ns2.elsewhere.\"]\nsoa.serial = 7\n" +
                                               end);
    }
    void start() {
        const LoadReport report = data_.load();
        ASSERT_TRUE(report.snapshot);
        keeper_.note_start(report);
    }
    ReloadOutcome reload() { return keeper_.note_reload(data_.reload(), milliseconds(3)); }
    [[nodiscard]] LoadStatus shown() const { return *board_.latest(); }
    [[nodiscard]] bool is_wrong() const {
        ServerStatus status;
        status.load = shown();
        return has_problem(status);
    }

    test::ServedDirectory directory_;
    test::SetClock clock_;
    ServedData data_{directory_.data(), {}, clock_};
    StatusBoard board_;
    StatusKeeper keeper_{data_, board_, clock_};
};

TEST_F(Status, IsNotReadyBeforeTheFirstLoad) {
    EXPECT_FALSE(shown().ready);
    EXPECT_TRUE(is_wrong());
}

TEST_F(Status, TellsOfEachZoneAndTheDatabase) {
    const std::string file = write_zone("a.toml", "a.example");
    start();
    const LoadStatus status = shown();
    EXPECT_TRUE(status.ready);
    EXPECT_EQ(status.generation, 1U);
    ASSERT_THAT(status.zones, SizeIs(1));
    EXPECT_EQ(status.zones[0].name, "a.example.");
    EXPECT_EQ(status.zones[0].serial, 7U);
    EXPECT_EQ(status.zones[0].file, file);
    EXPECT_EQ(status.zones[0].loaded, clock_.now);
    EXPECT_GT(status.zones[0].modified, 1'700'000'000);
    EXPECT_EQ(status.zones[0].from, ServedFrom::File);
    EXPECT_EQ(status.database.type, "Meridian world");
    EXPECT_EQ(status.database.build_epoch, 1'700'000'000U);
    EXPECT_THAT(status.database.paths, testing::ElementsAre(directory_.path("test.world")));
    EXPECT_FALSE(status.last_reload);
    EXPECT_FALSE(is_wrong());
}

TEST_F(Status, RemembersSinceWhenEachZoneIsServed) {
    const std::int64_t begin = clock_.now;
    (void)write_zone("a.toml", "a.example");
    (void)write_zone("b.toml", "b.example");
    start();
    clock_.now += 100;
    EXPECT_EQ(reload().result, ReloadResult::Unchanged);
    (void)write_zone("b.toml", "b.example", "records.www.a = \"192.0.2.1\"\n");
    clock_.now += 100;
    const ReloadOutcome outcome = reload();
    EXPECT_EQ(outcome.result, ReloadResult::Reloaded);
    EXPECT_EQ(outcome.generation, 2U);
    EXPECT_EQ(shown().zones.at(0).loaded, begin);
    EXPECT_EQ(shown().zones.at(1).loaded, begin + 200);
    const LastReload last{clock_.now, 3, ReloadResult::Reloaded};
    EXPECT_EQ(shown().last_reload, last);
}

TEST_F(Status, TellsWhichZonesALoadChanged) {
    (void)write_zone("a.toml", "a.example");
    (void)write_zone("b.toml", "b.example");
    start();
    EXPECT_FALSE(shown().last_change) << "the first load is no change";
    (void)write_zone("a.toml", "a.example", "records.www.a = \"192.0.2.1\"\n");
    std::filesystem::remove(directory_.path("zones/b.toml"));
    (void)write_zone("d.toml", "d.example");
    (void)write_zone("c.toml", "c.example");
    const LoadChange change{
        .added = {{.name = "c.example.", .serial = 7}, {.name = "d.example.", .serial = 7}},
        .changed = {{.name = "a.example.", .serial = 7, .previous_serial = 7}},
        .removed = {{.name = "b.example.", .serial = 7}}};
    EXPECT_EQ(reload().change, change);
    const LastChange last{.at = clock_.now, .generation = 2, .what = change};
    EXPECT_EQ(shown().last_change, last);

    clock_.now += 100;
    EXPECT_TRUE(reload().change.empty());
    EXPECT_EQ(shown().last_change, last) << "nothing has changed since";
    (void)write_zone("c.toml", "c.example", "rubbish\n");
    EXPECT_TRUE(reload().change.empty());
    EXPECT_EQ(shown().last_change, last) << "what has an error is served as before";

    (void)write_zone("c.toml", "c.example");
    directory_.write("zones/a.toml",
                     "zone = \"a.example\"\nnameservers = [\"ns.elsewhere.\", \"ns2.elsewhere.\"]\n"
                     "soa.serial = 9\nrecords.www.a = \"192.0.2.1\"\n");
    const ReloadOutcome raised = reload();
    ASSERT_THAT(raised.change.changed, SizeIs(1));
    EXPECT_EQ(raised.change.changed[0].serial, 9U);
    EXPECT_EQ(raised.change.changed[0].previous_serial, 7U);
    EXPECT_THAT(raised.change.added, IsEmpty());
}

TEST_F(Status, TellsThatAnotherDatabaseIsUsed) {
    (void)write_zone("a.toml", "a.example");
    start();
    write_world(1'700'000'001);
    const DatabaseChange database{.type = "Meridian world",
                                  .build_epoch = 1'700'000'001,
                                  .previous_type = "Meridian world",
                                  .previous_build_epoch = 1'700'000'000};
    EXPECT_EQ(reload().change, LoadChange{.database = database});
    directory_.write("test.world", "rubbish");
    EXPECT_TRUE(reload().change.empty());
}

TEST_F(Status, TellsOfTheConfigurationUntilItIsMendedOrRestarted) {
    (void)write_zone("a.toml", "a.example");
    start();
    EXPECT_EQ(shown().zones_directory, directory_.path("zones"));
    zones::Diagnostic error;
    error.file = "meridian.toml";
    error.text = "no";
    keeper_.note_settings({error}, {"server.listen"});
    EXPECT_THAT(reload().needs_restart, testing::ElementsAre("server.listen"));
    EXPECT_EQ(shown().configuration_error, "meridian.toml: error: no");
    EXPECT_THAT(shown().needs_restart, testing::ElementsAre("server.listen"));
    EXPECT_TRUE(is_wrong());
    keeper_.note_settings({}, {"server.listen"});
    EXPECT_THAT(reload().needs_restart, testing::ElementsAre("server.listen"));
    EXPECT_FALSE(is_wrong()) << "that a restart is due is no error";
}

TEST_F(Status, ShowsAnErrorAtTheZoneThatItConcernsUntilItIsMended) {
    const std::string file = write_zone("a.toml", "a.example");
    (void)write_zone("b.toml", "b.example");
    start();
    (void)write_zone("a.toml", "a.example", "rubbish\n");
    const ReloadOutcome outcome = reload();
    EXPECT_EQ(outcome.result, ReloadResult::Failed);
    EXPECT_FALSE(outcome.is_good());
    EXPECT_THAT(outcome.diagnostics, SizeIs(1));
    EXPECT_THAT(shown().zones.at(0).error, StartsWith(file + ":4:"));
    EXPECT_EQ(shown().zones.at(0).from, ServedFrom::LastGood);
    EXPECT_THAT(shown().zones.at(1).error, IsEmpty());
    EXPECT_THAT(shown().files_with_errors, IsEmpty());
    EXPECT_TRUE(is_wrong());

    (void)write_zone("b.toml", "b.example", "records.www.a = \"192.0.2.1\"\n");
    EXPECT_EQ(reload().result, ReloadResult::Partly);
    EXPECT_TRUE(is_wrong());

    (void)write_zone("a.toml", "a.example");
    EXPECT_TRUE(reload().is_good());
    EXPECT_FALSE(is_wrong());
}

TEST_F(Status, ShowsErrorsOfWhatServesNoZone) {
    (void)write_zone("a.toml", "a.example");
    start();
    const std::string bad = directory_.write("zones/bad.toml", "rubbish\n");
    EXPECT_EQ(reload().result, ReloadResult::Failed);
    ASSERT_THAT(shown().files_with_errors, SizeIs(1));
    EXPECT_EQ(shown().files_with_errors[0].file, bad);
    EXPECT_THAT(shown().files_with_errors[0].error, StartsWith(bad + ":1:"));
    EXPECT_TRUE(is_wrong());

    std::filesystem::remove_all(directory_.path("zones"));
    EXPECT_EQ(reload().result, ReloadResult::Failed);
    ASSERT_THAT(shown().files_with_errors, SizeIs(1));
    EXPECT_EQ(shown().files_with_errors[0].file, directory_.path("zones"));
    EXPECT_THAT(shown().zones, SizeIs(1)) << "it goes on";
}

TEST_F(Status, ShowsAnErrorInALibraryAtTheZonesThatUseIt) {
    const std::string library = directory_.write("zones/shared/l.toml", "[ttl]\nstatic = \"5m\"\n");
    (void)write_zone("a.toml", "a.example", "use = [\"shared/l.toml\"]\n");
    start();
    directory_.write("zones/shared/l.toml", "[ttl]\nstatic = \"5 moons\"\n");
    EXPECT_EQ(reload().result, ReloadResult::Failed);
    EXPECT_THAT(shown().zones.at(0).error, StartsWith(library + ":2:"));
    EXPECT_THAT(shown().files_with_errors, IsEmpty());
}

TEST_F(Status, ShowsADatabaseThatCannotBeUsed) {
    (void)write_zone("a.toml", "a.example");
    start();
    directory_.write("test.world", "rubbish");
    const ReloadOutcome outcome = reload();
    EXPECT_EQ(outcome.result, ReloadResult::Failed);
    ASSERT_THAT(outcome.diagnostics, SizeIs(1));
    EXPECT_EQ(outcome.diagnostics[0].key, "geo.database");
    EXPECT_THAT(shown().database.error, HasSubstr("test.world"));
    EXPECT_EQ(shown().database.from, ServedFrom::LastGood);
    EXPECT_EQ(shown().database.build_epoch, 1'700'000'000U);
    write_world(1'700'000'001);
    EXPECT_TRUE(reload().is_good());
    EXPECT_EQ(shown().database.build_epoch, 1'700'000'001U);
    EXPECT_FALSE(is_wrong());
}

TEST_F(Status, ShowsAReloadThatDidNotEnd) {
    (void)write_zone("a.toml", "a.example");
    start();
    const ReloadOutcome outcome = keeper_.note_failure("no memory", milliseconds(5));
    EXPECT_EQ(outcome.result, ReloadResult::Failed);
    EXPECT_EQ(outcome.generation, 1U);
    EXPECT_EQ(outcome.diagnostics.at(0).text, "no memory");
    EXPECT_TRUE(is_wrong());
    EXPECT_THAT(shown().zones, SizeIs(1));
}

TEST(StatusBoard, ShowsEditsBesideWhatWasPostedBefore) {
    StatusBoard board;
    LoadStatus all;
    all.zones = {{.name = "a.", .file = "1"},
                 {.name = "b.", .file = "2"},
                 {.name = "c.", .file = "2"},
                 {.name = "d.", .file = "3"}};
    board.post(all, std::make_shared<const SeenFiles>(
                        SeenFiles{LookDigests({{"1", "old"}, {"2", "old"}}), {}}));
    const auto before = board.latest();
    board.post_edit(
        {.generation = 2},
        {{"2",
          {{.name = "b.", .serial = 7, .file = "2"}, {.name = "c.", .serial = 8, .file = "2"}}}},
        {{"2", "new"}});
    board.post_edit({.generation = 3}, {{"3", {{.name = "d.", .serial = 9, .file = "3"}}}}, {});
    EXPECT_EQ(before->generation, 0U) << "what somebody looks at stays as it is";
    all.generation = 3;
    all.zones[1].serial = 7;
    all.zones[2].serial = 8;
    all.zones[3].serial = 9;
    EXPECT_EQ(*board.latest(), all);
    EXPECT_EQ(board.latest(), board.latest()) << "it was joined once";
    EXPECT_EQ(board.seen()->states, LookDigests({{"1", "old"}, {"2", "new"}}));

    board.post_edit({.generation = 4}, {}, {});
    board.post({.generation = 5});
    EXPECT_EQ(*board.latest(), LoadStatus{.generation = 5}) << "edits from before count no more";
}

TEST(StatusBoard, IsReadWhileItIsPosted) {
    StatusBoard board;
    std::atomic<bool> done = false;
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!done) {
            const auto status = board.latest();
            EXPECT_GE(status->generation, last);
            EXPECT_EQ(status->zones.size(), status->generation % 7);
            last = status->generation;
        }
    });
    for (std::uint64_t i = 1; i <= 2'000; ++i) {
        LoadStatus status;
        status.generation = i;
        status.zones.resize(i % 7);
        board.post(std::move(status));
    }
    done = true;
    reader.join();
    EXPECT_EQ(board.latest()->generation, 2'000U);
}

}  // namespace
}  // namespace meridian::server
