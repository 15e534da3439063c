// Checks what is written of a status and of a reload, as text and as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/commands/command_texts.h"
#include "server/commands/zone_filter.h"
#include "server/control/explanation_json.h"
#include "server/control/reload_json.h"
#include "server/control/status_json.h"
#include "server/runtime/server_status.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

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
    load.held_back = "3 of 4 zones would go";
    load.last_reload = LastReload{1'789'999'940, 120, ReloadResult::HeldBack};
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
    status.queries.datagrams = {1'006, 1'000, 6, 99};
    status.queries.connections = {.accepted = 20, .refused = 3, .queries = 32, .open = 1};
    status.answers = {{{"nearest", "frankfurt", "zones/a.toml"}, 40},
                      {{"other", "frankfurt", "zones/a.toml"}, 2},
                      {{"nearest", "virginia", "zones/a.toml"}, 500},
                      {{"nearest", "sydney", "zones/a.toml"}, 0}};
    return status;
}

TEST(StatusText, TellsRegionsOfOneNameApart) {
    ServerStatus status;
    for (unsigned file = 0; file < 6; ++file) {
        const std::string path = "zones/" + std::to_string(file) + ".toml";
        status.answers[{"nearest", "virginia", path}] = 100 - file;
        status.answers[{"nearest", "of-" + std::to_string(file), path}] = 5;
    }
    EXPECT_THAT(status_text(status),
                HasSubstr("answers    100 virginia (zones/0.toml), 99 virginia (zones/1.toml), "));
    EXPECT_THAT(status_text(status), HasSubstr(", 5 of-0, 5 of-1, 20 of 4 other regions\n"));
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
              "udp        1006 datagrams received, 1000 sent, 6 dropped\n"
              "tcp        20 connections accepted, 3 refused, 1 open\n"
              "answers    500 virginia, 42 frankfurt\n"
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
    EXPECT_EQ(*status_from_json(json), status) << "text and JSON say the same";
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

/// The status of these zones, whose text and JSON say the same.
ServerStatus reduced(ServerStatus status, std::vector<std::string> patterns) {
    const ZoneFilter filter(std::move(patterns));
    boost::json::object json = status_json(status);
    filter.apply(status);
    filter.apply(json);
    EXPECT_EQ(status_json(status).at("held"), json.at("held"));
    return status;
}

/// Two zones are held back, a third one is sound.
ServerStatus status_with_held_zones() {
    ServerStatus status;
    status.load.ready = true;
    status.load.zones = {
        {.name = "a.example.", .error = "zones/a.toml: a", .from = ServedFrom::LastGood},
        {.name = "b.example.", .error = "zones/b.toml: b", .from = ServedFrom::LastGood},
        {.name = "c.example."}};
    status.load.held_back = "zones/a.toml: a; zones/b.toml: b";
    status.load.last_reload = LastReload{1'789'999'940, 120, ReloadResult::HeldBack};
    return status;
}

TEST(ZoneFilter, LeavesOutWhatIsHeldBackOfOtherZones) {
    const ServerStatus status = status_with_held_zones();
    EXPECT_EQ(reduced(status, {"*"}).load.held_back, status.load.held_back);
    EXPECT_EQ(reduced(status, {"a.*"}).load.held_back, "zones/a.toml: a");
    EXPECT_EQ(reduced(status, {"b.*"}).load.held_back, "zones/b.toml: b");
    const ServerStatus sound = reduced(status, {"c.example"});
    EXPECT_EQ(sound.load.held_back, "");
    EXPECT_FALSE(has_problem(sound));
    EXPECT_THAT(status_text(sound), Not(HasSubstr("PROBLEM")));
}

TEST(ZoneFilter, LeavesOutProblemsOfChecksOfOtherZones) {
    ServerStatus status = full_status();
    status.load.zones = {{.name = "a.example.", .file = "zones/a.toml"},
                         {.name = "b.example.", .file = "zones/b.toml"}};
    status.health.problems = {"zones/a.toml: state.json says nothing of tokyo/api",
                              "zones/b.toml: state.json is too old", "lib.toml: it is too old",
                              "commands cannot be run"};
    status.health.warnings = {"zones/b.toml: state.json states what no check asks for: x"};
    const HealthStatus chosen = reduced(status, {"a.example"}).health;
    EXPECT_THAT(chosen.problems,
                testing::ElementsAre(status.health.problems[0], status.health.problems[2],
                                     status.health.problems[3]));
    EXPECT_THAT(chosen.warnings, IsEmpty());
    const ZoneFilter filter({"a.example"});
    boost::json::object json = status_json(status);
    filter.apply(json);
    EXPECT_EQ(status_from_json(json)->health.problems, chosen.problems);
    EXPECT_THAT(status_from_json(json)->health.warnings, IsEmpty());
}

TEST(ZoneFilter, LeavesInADatabaseThatIsHeldBack) {
    ServerStatus status = status_with_held_zones();
    status.load.database.error = "city.mmdb: it is older";
    status.load.held_back = "city.mmdb: it is older; " + status.load.held_back;
    EXPECT_EQ(reduced(status, {"c.example"}).load.held_back, "city.mmdb: it is older");
    EXPECT_TRUE(has_problem(reduced(status, {"c.example"}))) << "all zones are answered from it";
}

TEST(ZoneFilter, BlamesNoZoneForAReloadThatFailedBecauseOfOthers) {
    ServerStatus status = status_with_held_zones();
    status.load.held_back.clear();
    status.load.last_reload->result = ReloadResult::Failed;
    EXPECT_FALSE(has_problem(reduced(status, {"c.example"})));
    EXPECT_THAT(status_text(reduced(status, {"c.example"})), Not(HasSubstr("PROBLEM")));
    EXPECT_TRUE(has_problem(reduced(status, {"a.example"})));
    status.load.zones.resize(1);
    status.load.zones[0] = {.name = "c.example."};
    EXPECT_TRUE(has_problem(reduced(status, {"c.example"}))) << "there was no memory";
    status.load.files_with_errors = {{"zones/d.toml", "zones/d.toml:1:1: error: no"}};
    EXPECT_FALSE(has_problem(reduced(status, {"c.example"})));
}

TEST(OverrideText, HasALineForARegionWhateverItIsCalled) {
    OverrideOutcome outcome{.result = OverrideResult::DryRun};
    outcome.preview.regions = {{.region = "x\nPROBLEM y",
                                .file = "z.toml",
                                .services = {"a\x1b[2J"},
                                .service_count = 1,
                                .before = {"up"},
                                .after = {"drained"}}};
    const std::string text = override_outcome_text(outcome, 0);
    EXPECT_THAT(
        text, HasSubstr(R"(  x\u000aPROBLEM y (z.toml), in a\u001b[2J: is up, would be drained)"));
    EXPECT_THAT(text, Not(HasSubstr("\nPROBLEM")));
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
    error.text = "no";
    error.hint = "yes";
    error.source_line = "www = 1";
    error.zones = {"a.example", "b.example"};
    zones::Diagnostic warning;
    warning.severity = zones::Severity::Warning;
    warning.text = "hm";
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

TEST(StatusOfAServer, TellsOfALogThatCannotBeOpenedAnew) {
    ServerStatus status;
    status.load.ready = true;
    status.log_problem = "cannot reopen the log file /var/log/m.log: Permission denied";
    EXPECT_TRUE(has_problem(status));
    EXPECT_THAT(status_text(status),
                StartsWith("PROBLEM    the log cannot be opened anew\n"
                           "           cannot reopen the log file /var/log/m.log"));
    EXPECT_EQ(*status_from_json(status_json(status)), status);
    EXPECT_TRUE(status_json({}).at("log_problem").is_null());
}

TEST(StatusOfAServer, SaysWhyNothingIsSaved) {
    ServerStatus status;
    status.load.ready = true;
    status.state_problem = "cannot write /state/serials: No space left on device";
    EXPECT_TRUE(has_problem(status));
    EXPECT_THAT(status_text(status),
                StartsWith("PROBLEM    what is served is not saved for the next start\n"
                           "           cannot write /state/serials: No space"));
    EXPECT_EQ(*status_from_json(status_json(status)), status);
    EXPECT_TRUE(status_json({}).at("state_problem").is_null());
}

/// Every member differs from its default.
Explanation full_explanation() {
    zones::Verdict verdict{
        .zone = "beigel.example.",
        .serial = 7,
        .file = "zones/a.toml",
        .owner = "www.beigel.example.",
        .rcode = "NOERROR",
        .steered = true,
        .policy = "nearest",
        .service = "api",
        .identity = "client subnet 2002::/48",
        .identity_reason = "the query carries it",
        .embedded = "192.0.2.0",
        .prefix = "192.0.2.0/25",
        .place_known = true,
        .country = "DE",
        .continent = "EU",
        .subdivision = "Hesse",
        .city = "Frank\x1b[2Jfurt",
        .place_source = "database coordinates",
        .accuracy_km = 200,
        .at = {50.5, 8.25},
        .regions = {{.name = "frankfurt", .distance_km = 12.5, .chosen = true, .note = ""},
                    {.name = "paris",
                     .file = "zones/a.toml",
                     .distance_km = 130.5,
                     .by_class = true,
                     .note = "has no IPv6 address",
                     .left_out = {"192.0.2.9"}}},
        .exact_ranks = 1,
        .decision = zones::Decision::Distance,
        .runner_up = "paris",
        .margin_km = 118,
        .default_order = {"paris", "frankfurt"},
        .split_family = "IPv6",
        .split_region = "paris",
        .split = {{"frankfurt", 0.75}, {"", 0.25}},
        .split_by_majority = true,
        .answer = {"www.beigel.example. 60 IN A 192.0.2.10"},
        .ttl_seconds = 60,
        .scope_bits = 24,
        .scope = "192.0.2.0/24",
        .alias_target = "next.beigel.example.",
        .alias_is_here = true};
    return {.name = "www.beigel.example.",
            .type = "A",
            .resolver = "192.0.2.53",
            .resolver_is_assumed = true,
            .verdict = verdict,
            .database = full_status().load.database,
            .now = 1'790'000'000,
            .differences = {"zones/a.toml has changed"}};
}

TEST(ExplanationJson, GoesThereAndBack) {
    for (const Explanation& explanation : {full_explanation(), Explanation{}}) {
        const std::string text = boost::json::serialize(explanation_json(explanation));
        const auto back = explanation_from_json(boost::json::parse(text).as_object());
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(*back, explanation) << text;
    }
    EXPECT_FALSE(explanation_from_json({}).ok());
}

TEST(WhyText, TellsEverythingAndSteersNoTerminal) {
    Explanation explanation = full_explanation();
    EXPECT_EQ(
        why_text(explanation, false),
        "DIFFERS    zones/a.toml has changed\n"
        "\n"
        "question   www.beigel.example. A\n"
        "zone       beigel.example., serial 7, zones/a.toml\n"
        "name       www.beigel.example.\n"
        "asker      a resolver that is where the client is; --resolver names another\n"
        "client     client subnet 2002::/48, because the query carries it; it holds the IPv4 "
        "address 192.0.2.0\n"
        "prefix     192.0.2.0/25\n"
        "place      Frank\\u001b[2Jfurt, Hesse, DE, EU; 50.50 N 8.25 E (database "
        "coordinates)\n"
        "database   City of 2023-11-14, 1041 days old\n"
        "           one.mmdb\n"
        "           two.mmdb\n"
        "service    api\n"
        "policy     nearest\n"
        "regions    frankfurt      12 km  chosen\n"
        "           paris         130 km  stands here for most clients of its class  has no IPv6 "
        "address  without 192.0.2.9\n"
        "split      the database splits this block: 75.0 % nearest to frankfurt, 25.0 % of no "
        "known place; most of its known addresses decide\n"
        "decided    by distance; paris, the next, is 118 km farther\n"
        "           the database knows the place within 200 km only, which is more: another "
        "region may be nearer\n"
        "families   families split: IPv6 goes to paris while something is down\n"
        "rcode      NOERROR\n"
        "answer     www.beigel.example. 60 IN A 192.0.2.10\n"
        "ttl        60 s\n"
        "scope      192.0.2.0/24\n"
        "next       the answer ends in an alias: the resolver asks for next.beigel.example. "
        "next; `meridian why next.beigel.example. --type A` with the same client explains "
        "that\n");
    EXPECT_THAT(why_text(explanation, true),
                HasSubstr("regions    \x1b[1mfrankfurt      12 km  chosen\x1b[0m\n"));
    explanation.verdict.accuracy_km = 118;
    EXPECT_THAT(why_text(explanation, false), Not(HasSubstr("which is more")));
}

TEST(WhyText, NamesTheLastResort) {
    Explanation explanation = full_explanation();
    explanation.verdict.from_last_resort = true;
    EXPECT_THAT(why_text(explanation, false),
                HasSubstr("decided    the last resort answers, since every region is down\n"));
    const auto back = explanation_from_json(explanation_json(explanation));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, explanation);
}

TEST(StatusOfAServer, NamesWhatServicesAnswerWhileRegionsAreDown) {
    ServerStatus status;
    status.load.ready = true;
    status.health.regions = {
        {.service = "api",
         .region = "frankfurt",
         .file = "a.toml",
         .families = {FamilyHealth{zones::Rung::Down, 5, "db is down there", true},
                      FamilyHealth{}}}};
    for (const AlarmKind kind : {AlarmKind::Latched, AlarmKind::BelowMinimum, AlarmKind::Drained,
                                 AlarmKind::LastResort, AlarmKind::AsIfUp, AlarmKind::Panic,
                                 AlarmKind::FamiliesSplit, AlarmKind::ChangedCheckFails}) {
        const bool is_split = kind == AlarmKind::FamiliesSplit;
        status.health.alarms = {{"api", "a.toml", kind, is_split ? "" : "IPv4"}};
        EXPECT_EQ(has_problem(status.health.alarms[0]), !is_split);
        EXPECT_EQ(*status_from_json(status_json(status)), status);
        EXPECT_THAT(status_text(status),
                    HasSubstr(is_split ? "WARNING    api (a.toml): families"
                                       : "PROBLEM    api over IPv4 (a.toml): "));
    }
    EXPECT_THAT(status_text(status), HasSubstr(", since db is down there, counts as up"));
}

TEST(StatusOfAServer, NamesWhatIsCheckedInsteadAndWhyItHasNoResult) {
    ServerStatus status;
    status.load.ready = true;
    status.health.out_of_reach = {"IPv6"};
    status.health.regions = {
        {.service = "db",
         .region = "frankfurt",
         .file = "a.toml",
         .families = {FamilyHealth{zones::Rung::Down, 5, "", false}, FamilyHealth{}},
         .addresses = {{.address = "db.internal",
                        .state = "up",
                        .stale = true,
                        .why_none = "db.internal cannot be looked up: no"}},
         .has_probes = true,
         .has_families = false}};
    EXPECT_EQ(*status_from_json(status_json(status)), status);
    const std::string text = status_text(status);
    EXPECT_THAT(text, HasSubstr("its checks have stopped: db.internal cannot be looked up: no\n"));
    EXPECT_THAT(text, HasSubstr("region frankfurt of db (a.toml): down"));
    EXPECT_THAT(text, HasSubstr("1 of 1 up of db.internal"));
    EXPECT_THAT(text, HasSubstr("WARNING    this server has no route over IPv6"));
}

TEST(StatusOfAServer, TellsDrainedAndDownFromForcedDown) {
    ServerStatus status;
    status.load.ready = true;
    for (const auto& [rung, words] :
         {std::pair{zones::Rung::DrainedDown, "drained, and down besides"},
          std::pair{zones::Rung::DownByHand, "down by hand"}}) {
        status.health.regions = {{.service = "api",
                                  .region = "frankfurt",
                                  .file = "a.toml",
                                  .families = {FamilyHealth{rung, 5, "", false}, FamilyHealth{}}}};
        EXPECT_FALSE(has_problem(status.health));
        EXPECT_EQ(*status_from_json(status_json(status)), status);
        EXPECT_THAT(status_text(status), HasSubstr(words));
    }
}

TEST(WhyText, SaysWhatStandsForAPlaceThatIsNotKnown) {
    Explanation explanation = full_explanation();
    explanation.verdict.city = explanation.verdict.subdivision = "";
    for (const std::string part : {"country", "continent"}) {
        explanation.verdict.place_source = part;
        EXPECT_THAT(why_text(explanation, false),
                    HasSubstr("place      DE, EU; only the " + part +
                              " is known, and 50.50 N 8.25 E stands for it\n"));
    }
}

TEST(WhyText, NamesWhatDecided) {
    Explanation explanation = full_explanation();
    const auto told = [&](zones::Decision decision) {
        explanation.verdict.decision = decision;
        return why_text(explanation, false);
    };
    EXPECT_THAT(
        told(zones::Decision::Tie),
        HasSubstr("decided    by the order of `regions` in policy nearest, since paris is as "
                  "near, within 0.5 km\n"));
    EXPECT_THAT(told(zones::Decision::UnknownPlace),
                HasSubstr("decided    by the default order of policy nearest (paris, frankfurt), "
                          "since the place is unknown\n"));
    EXPECT_THAT(told(zones::Decision::BeyondRanks),
                HasSubstr("decided    by the default order of policy nearest (paris, frankfurt), "
                          "which is that of all clients that have frankfurt first, since none of "
                          "these has such an address\n"));
    explanation.verdict.default_order.clear();
    EXPECT_THAT(told(zones::Decision::BeyondRanks),
                HasSubstr("decided    by the order that most clients that have frankfurt first "
                          "have, since none of these has such an address\n"));
    EXPECT_THAT(told(zones::Decision::None), Not(HasSubstr("decided")));
}

}  // namespace
}  // namespace meridian::server
