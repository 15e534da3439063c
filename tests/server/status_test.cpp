// Checks what the status says after loads that went well and badly, as a model, JSON and text.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "meridian/geo/world.h"
#include "server/commands/change_text.h"
#include "server/commands/status_text.h"
#include "server/commands/zone_filter.h"
#include "server/control/reload_json.h"
#include "server/control/status_json.h"
#include "server/runtime/server_status.h"
#include "server/runtime/status_board.h"
#include "server/runtime/status_keeper.h"
#include "server/sources/served_data.h"
#include "tests/server/set_clock.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// What is served from a zones directory and a database, and what is told of it.
class Status : public testing::Test {
protected:
    Status() { write_world(1'700'000'000); }

    void write_world(std::uint64_t build_epoch) const {
        geo::AtlasBuilder builder;
        builder.info().build_epoch = build_epoch;
        const auto octets = geo::write_world(std::move(builder).build(), {});
        directory_.write("test.world", std::string(octets.begin(), octets.end()));
    }
    [[nodiscard]] std::string write_zone(const std::string& file, const std::string& apex,
                                         const std::string& end = "") const {
        return directory_.write("zones/" + file, "zone = \"" + apex +
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

    test::TemporaryDirectory directory_;
    test::SetClock clock_;
    ServedData data_{
        DataPaths{directory_.path("zones"), {directory_.path("test.world")}}, {}, clock_};
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
    error.message = "no";
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
    EXPECT_EQ(outcome.diagnostics.at(0).message, "no memory");
    EXPECT_TRUE(is_wrong());
    EXPECT_THAT(shown().zones, SizeIs(1));
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

/// Every member differs from its default.
ServerStatus full_status() {
    ServerStatus status{.version = "1.2.3",
                        .pid = 4711,
                        .now = 1'790'000'000,
                        .started = 1'789'990'000,
                        .uptime_seconds = 10'000,
                        .configuration = "/etc/meridian/meridian.toml",
                        .listen = {"127.0.0.1:53", "[::1]:53"},
                        .state_directory = "/var/lib/meridian"};
    LoadStatus& load = status.load;
    load.generation = 5;
    load.ready = true;
    load.zones = {
        {.name = "a.example.",
         .serial = 4'000'000'000,
         .file = "zones/a.toml",
         .loaded = 1'789'999'820,
         .modified = 1'789'999'000,
         .error = "zones/a.toml:1:1: error: \"what\" \xc3\xa4",
         .from = ServedFrom::LastGood},
        {.name = "longer.name.example.", .file = "zones/b.toml", .loaded = 1'790'000'000}};
    load.files_with_errors = {{"zones/c.toml", "zones/c.toml:1:1: error: no"}};
    load.database = {.paths = {"one.mmdb", "two.mmdb"},
                     .type = "City",
                     .build_epoch = 1'700'000'000,
                     .v4_networks = 10,
                     .v6_networks = 1,
                     .error = "bad",
                     .from = ServedFrom::LastGood};
    load.held = "3 of 4 zones would go";
    load.last_reload = LastReload{1'789'999'940, 120, ReloadResult::Held};
    load.last_change = LastChange{
        .at = 1'789'999'940,
        .generation = 4,
        .what = {.added = {{.name = "new.example.", .serial = 1}},
                 .changed = {{.name = "a.example.", .serial = 4'000'000'000, .previous_serial = 3},
                             {.name = "b.example.", .serial = 5, .previous_serial = 5}},
                 .removed = {{.name = "old.example.", .serial = 2}},
                 .database = DatabaseChange{.type = "City",
                                            .build_epoch = 1'700'000'000,
                                            .previous_type = "Country",
                                            .previous_build_epoch = 1'690'000'000}}};
    load.zones_directory = "/etc/meridian/zones";
    load.needs_restart = {"server.listen", "log.to"};
    load.configuration_error = "meridian.toml:1:1: error: no";
    status.queries.udp.by_rcode[0] = 1'000;
    status.queries.udp.by_rcode[16] = 1;
    status.queries.udp.dropped = 4;
    status.queries.udp.truncated = 3;
    status.queries.tcp.by_rcode[3] = 30;
    status.queries.tcp.by_rcode[11] = 2;
    return status;
}

TEST(StatusJson, GoesThereAndBack) {
    for (const ServerStatus& status : {full_status(), ServerStatus{}}) {
        const std::string text = boost::json::serialize(status_json(status));
        EXPECT_EQ(text.find('\n'), std::string::npos) << "it is one line";
        const auto back = status_from_json(boost::json::parse(text).as_object());
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(*back, status) << text;
    }
}

TEST(StatusJson, OfAnotherVersionReadsAsFarAsItGoes) {
    const auto read = [](const char* text) {
        return status_from_json(boost::json::parse(text).as_object());
    };
    EXPECT_FALSE(read("{}").ok());
    const auto odd = read(R"({"pid":"x","zones":[7,{"name":[]},{"name":"a."}],"database":[],)"
                          R"("ready":1,"queries":{"by_transport":7},"new":{}})");
    ASSERT_TRUE(odd.ok());
    EXPECT_EQ(odd->pid, 0);
    EXPECT_FALSE(odd->load.ready);
    ASSERT_THAT(odd->load.zones, SizeIs(2));
    EXPECT_EQ(odd->load.zones[1].name, "a.");
}

TEST(StatusText, BeginsWithWhatIsWrong) {
    EXPECT_EQ(status_text(full_status()),
              "PROBLEM    a.example. is served in its last good version\n"
              "           zones/a.toml:1:1: error: \"what\" \xc3\xa4\n"
              "PROBLEM    zones/c.toml has an error\n"
              "           zones/c.toml:1:1: error: no\n"
              "PROBLEM    the geo database is used in its last good version\n"
              "           bad\n"
              "PROBLEM    meridian.toml has an error; the server goes on with what it said before\n"
              "           meridian.toml:1:1: error: no\n"
              "PROBLEM    a change is held back\n"
              "           3 of 4 zones would go\n"
              "\n"
              "server     meridian 1.2.3, pid 4711, up 2 h 46 min, generation 5\n"
              "config     /etc/meridian/meridian.toml\n"
              "listen     127.0.0.1:53\n"
              "           [::1]:53\n"
              "zones in   /etc/meridian/zones\n"
              "state in   /var/lib/meridian\n"
              "reload     1 min ago: held, in 120 ms\n"
              "change     1 min ago, generation 4\n"
              "           added new.example. (serial 1)\n"
              "           changed a.example. (serial 4000000000, was 3)\n"
              "           changed b.example. (serial 5, as before)\n"
              "           removed old.example. (its serial was 2)\n"
              "           geo database City of 2023-11-14, was Country of 2023-07-22\n"
              "restart    server.listen and log.to have changed; the server needs a restart for "
              "them\n"
              "database   City of 2023-11-14, 1041 days ago; 10 IPv4 networks, 1 IPv6 network\n"
              "           one.mmdb\n"
              "           two.mmdb\n"
              "queries    1037 received (1005 UDP, 32 TCP), 1033 answered, 4 dropped, 3 truncated\n"
              "           1000 NOERROR, 30 NXDOMAIN, 2 RCODE11, 1 BADVERS\n"
              "zones      NAME                  SERIAL      LIVE       FILE\n"
              "           a.example.            4000000000  3 min ago  zones/a.toml  PROBLEM\n"
              "           longer.name.example.  0           0 s ago    zones/b.toml\n");
}

TEST(StatusText, NamesTheFirstOfManyZonesThatChanged) {
    LoadChange change;
    for (int i = 0; i < 12; ++i) {
        change.changed.push_back({.name = std::to_string(i) + ".example."});
    }
    const std::vector<std::string> lines = change_lines(change);
    ASSERT_THAT(lines, SizeIs(11));
    EXPECT_EQ(lines[9], "changed 9.example. (serial 0, as before)");
    EXPECT_EQ(lines[10], "changed 2 zones more; --json names all");
}

/// The zones that are left, by name.
std::vector<std::string> chosen(std::vector<std::string> patterns) {
    ServerStatus status = full_status();
    const ZoneFilter filter(std::move(patterns));
    boost::json::object json = status_json(status);
    filter.apply(status);
    filter.apply(json);
    EXPECT_EQ(*status_from_json(json), status) << "text and JSON tell of the same";
    std::vector<std::string> names;
    for (const ZoneStatus& zone : status.load.zones) {
        names.push_back(zone.name);
    }
    return names;
}

TEST(ZoneFilter, ChoosesByNameAndPattern) {
    EXPECT_THAT(chosen({}), SizeIs(2));
    EXPECT_THAT(chosen({"a.example"}), testing::ElementsAre("a.example."));
    EXPECT_THAT(chosen({"A.Example."}), testing::ElementsAre("a.example."));
    EXPECT_THAT(chosen({"*.example"}), SizeIs(2));
    EXPECT_THAT(chosen({"*name*", "none"}), testing::ElementsAre("longer.name.example."));
    EXPECT_THAT(chosen({"example"}), IsEmpty());
    EXPECT_THAT(chosen({"."}), IsEmpty());
    EXPECT_THAT(ZoneFilter({"none", "a.*", "x.*"}).without_zone(full_status()),
                testing::ElementsAre("none", "x.*"));
}

TEST(StatusText, SaysDurationsInWords) {
    EXPECT_EQ(duration_text(0), "0 s");
    EXPECT_EQ(duration_text(59), "59 s");
    EXPECT_EQ(duration_text(60), "1 min");
    EXPECT_EQ(duration_text(3'599), "59 min");
    EXPECT_EQ(duration_text(3'600), "1 h 0 min");
    EXPECT_EQ(duration_text(86'399), "23 h 59 min");
    EXPECT_EQ(duration_text(86'400), "1 day");
    EXPECT_EQ(duration_text(3 * 86'400), "3 days");
}

TEST(ReloadJson, GoesThereAndBack) {
    ReloadOutcome outcome{.result = ReloadResult::Partly, .generation = 3, .milliseconds = 9};
    zones::Diagnostic error;
    error.file = "zones/a.toml";
    error.at = {.line = 3, .column = 5, .length = 7};
    error.key = "records.www";
    error.message = "no";
    error.hint = "yes";
    error.source_line = "www = 1";
    error.zones = {"a.example", "b.example"};
    zones::Diagnostic warning;
    warning.severity = zones::Severity::Warning;
    warning.message = "hm";
    outcome.diagnostics = {error, warning};
    outcome.change = full_status().load.last_change->what;
    outcome.needs_restart = {"server.listen"};
    const std::string text = boost::json::serialize(reload_json(outcome));
    const auto back = reload_from_json(boost::json::parse(text).as_object());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->result, outcome.result);
    EXPECT_EQ(back->generation, 3U);
    EXPECT_EQ(back->milliseconds, 9);
    EXPECT_EQ(back->change, outcome.change);
    EXPECT_EQ(back->needs_restart, outcome.needs_restart);
    ASSERT_THAT(back->diagnostics, SizeIs(2));
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(zones::to_text(back->diagnostics[i], false),
                  zones::to_text(outcome.diagnostics[i], false));
    }
    EXPECT_FALSE(reload_from_json({}).ok());
}

TEST(StatusOfAServer, TellsOfAReloadThatRunsForLong) {
    ServerStatus status;
    status.now = 1'800'000'100;
    status.load.ready = true;
    EXPECT_FALSE(has_problem(status));
    status.reloading_since = status.now - 10;
    EXPECT_FALSE(has_problem(status)) << "the largest zones take some seconds";
    EXPECT_THAT(status_text(status), Not(HasSubstr("PROBLEM")));
    status.reloading_since = status.now - 75;
    EXPECT_TRUE(has_problem(status));
    EXPECT_THAT(status_text(status),
                StartsWith("PROBLEM    a reload has been running for 1 min\n"));
    const auto json = status_json(status);
    EXPECT_EQ(json.at("reloading_since").to_number<std::int64_t>(), status.reloading_since);
    EXPECT_EQ(*status_from_json(json), status);
    EXPECT_TRUE(status_json({}).at("reloading_since").is_null());
}

}  // namespace
}  // namespace meridian::server
