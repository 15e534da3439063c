// Checks that changes are noticed, by inotify and by the look below it, and when they are taken.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reloader.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "meridian/clock.h"
#include "server/runtime/background.h"
#include "server/runtime/settings.h"
#include "server/state/file_text.h"
#include "tests/server/served_directory.h"

namespace meridian::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class ReloaderTest : public testing::Test {
protected:
    ReloaderTest() {
        settings_.zones_directory = directory_.path("zones");
        settings_.databases = {directory_.path("test.world")};
        write("a.toml", "a.example");
    }

    /// By renaming, so that no reading ever finds a part of it.
    void write(const std::string& file, const std::string& apex, const std::string& more = "") {
        const std::string text =
            "zone = \"" + apex +
            "\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n" + more;
        std::filesystem::create_directories(directory_.path("zones"));
        std::filesystem::rename(directory_.write("next", text), directory_.path("zones/" + file));
    }
    void write_settings(bool watch) {
        const std::string text = std::string("[server]\nzones = \"zones\"\nwatch = ") +
                                 (watch ? "true" : "false") +
                                 "\n[geo]\ndatabase = \"test.world\"\n";
        std::filesystem::rename(directory_.write("next", text), directory_.path("meridian.toml"));
        if (reloader_ == nullptr) {
            settings_ = *load_settings(directory_.path("meridian.toml")).settings;
        }
    }
    ReloadOutcome reload(bool force) {
        std::promise<ReloadOutcome> outcome;
        reloader_->request(force, {}, [&outcome](const ReloadOutcome& its_outcome) {
            outcome.set_value(its_outcome);
        });
        return outcome.get_future().get();
    }
    void start(const WatchOptions& options) {
        data_ = std::make_unique<ServedData>(
            DataPaths{settings_.zones_directory, settings_.databases}, StateDirectory(), clock_);
        LogSettings log;
        log.to = directory_.path("log");
        log_ = Log::open(log).value();
        publisher_ = std::make_unique<Publisher>(
            first_served(data_->load().snapshot, 1, std::make_shared<AnswerTotals>()));
        keeper_ = std::make_unique<StatusKeeper>(*data_, board_, clock_);
        reader_ = std::make_unique<Publisher::Reader>(publisher_->add_reader());
        reloader_ = std::make_unique<Reloader>(
            ReloaderParts{*data_, *publisher_, *keeper_, *log_, clock_}, settings_, options);
        reloader_->start();
    }
    std::size_t zone_count() { return reader_->read()->serving.snapshot()->info().zone_count; }
    bool wait_until(const std::function<bool()>& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) {
            std::this_thread::sleep_for(milliseconds(20));
        }
        return condition();
    }

    test::ServedDirectory directory_;
    SystemClock clock_;
    Settings settings_;
    std::unique_ptr<ServedData> data_;
    std::unique_ptr<Log> log_;
    std::unique_ptr<Publisher> publisher_;
    StatusBoard board_;
    std::unique_ptr<StatusKeeper> keeper_;
    std::unique_ptr<Publisher::Reader> reader_;
    std::unique_ptr<Reloader> reloader_;
};

TEST_F(ReloaderTest, NoticesByInotify) {
    start({.look_every = hours(1)});
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
}

TEST_F(ReloaderTest, NoticesByLookingWhereNothingIsTold) {
    start({.settle = milliseconds(20),
           .rest = milliseconds(100),
           .look_every = milliseconds(50),
           .inotify = false});
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
    write("c.toml", "c.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 3; }));
}

TEST_F(ReloaderTest, WaitsUntilTheWritingEndsButNotForEver) {
    start({.settle = milliseconds(500),
           .settle_at_most = std::chrono::seconds(2),
           .look_every = hours(1)});
    write("other.toml", "other.example");
    std::ofstream other(directory_.path("zones/other.toml"), std::ios::app);
    other << "# a comment\n" << std::flush;
    const auto begin = clock_.steady();
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] {  // a program writes all the time
        other << "# a comment\n" << std::flush;
        return zone_count() == 2;
    }));
    EXPECT_GE(clock_.steady() - begin, std::chrono::milliseconds(1500));
    EXPECT_EQ(zone_count(), 2U) << "what still grows is not read";
    other.close();
    EXPECT_TRUE(wait_until([&] { return zone_count() == 3; }));
}

TEST_F(ReloaderTest, ReadsAFileWhenItIsClosedHoweverLongItsWriterPauses) {
    start({.settle = milliseconds(50), .rest = hours(1), .look_every = hours(1)});
    std::ofstream file(directory_.path("zones/b.toml"));
    for (const char* piece :
         {"zone = \"b.example\"\n", "nameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n",
          "[records]\n", "www.a = \"192.0.2.1\"\n"}) {
        file << piece << std::flush;
        std::this_thread::sleep_for(milliseconds(500));
        EXPECT_EQ(zone_count(), 1U);
    }
    file.close();
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
}

TEST_F(ReloaderTest, ReadsAFileThatNobodyClosesWhenItRests) {
    start({.settle = milliseconds(50), .rest = milliseconds(500), .look_every = hours(1)});
    write("b.toml", "b.example");
    std::ofstream file(directory_.path("zones/b.toml"), std::ios::app);
    file << "# more\n" << std::flush;
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
}

TEST_F(ReloaderTest, ReadsAFileThatNobodyClosesWhenItRestsHoweverOftenItsWriterPauses) {
    start({.settle = milliseconds(20),
           .settle_at_most = milliseconds(200),
           .rest = milliseconds(400),
           .look_every = hours(1)});
    write("b.toml", "b.example");
    ASSERT_TRUE(wait_until([&] { return zone_count() == 2; }));
    std::ofstream file(directory_.path("zones/b.toml"), std::ios::app);
    for (const char* piece : {"[records]\n", "www.a = \"192.0.2.1\"\n", "# the end\n"}) {
        file << piece << std::flush;
        std::this_thread::sleep_for(milliseconds(150));
    }
    EXPECT_TRUE(
        wait_until([&] { return reader_->read()->serving.snapshot()->info().name_count == 3; }));
}

TEST_F(ReloaderTest, ShowsATouchedFileAsItWasLookedAtLast) {
    start({.look_every = hours(1)});
    write("b.toml", "b.example");
    ASSERT_TRUE(wait_until([&] { return zone_count() == 2; }));
    const std::string path = directory_.path("zones/b.toml");
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now());
    const std::string state = file_state_of(path);
    EXPECT_TRUE(wait_until([&] {
        const auto seen = board_.seen();
        return seen->states.is_another(path, "no such state") &&
               !seen->states.is_another(path, state);
    }));
}

TEST_F(ReloaderTest, TellsWhoAsksForAReloadThatAFileIsBeingWritten) {
    start(
        {.settle = hours(1), .settle_at_most = hours(1), .rest = hours(1), .look_every = hours(1)});
    write("b.toml", "b.example");
    EXPECT_EQ(reload(false).result, ReloadResult::Reloaded);
    write("c.toml", "c.example");
    std::ofstream file(directory_.path("zones/b.toml"));
    file << "zone = \"b.example\"\n" << std::flush;
    const ReloadOutcome outcome = reload(true);
    EXPECT_EQ(outcome.result, ReloadResult::Partly);
    ASSERT_EQ(outcome.diagnostics.size(), 1U);
    EXPECT_EQ(outcome.diagnostics[0].code, "unfinished-file");
    EXPECT_EQ(zone_count(), 3U);
    std::filesystem::remove(directory_.path("zones/b.toml"));
    write("b.toml", "b.example");
    EXPECT_EQ(reload(false).result, ReloadResult::Unchanged);
}

TEST_F(ReloaderTest, TakesNoHalfOfItsSettings) {
    write_settings(true);
    start(
        {.settle = hours(1), .settle_at_most = hours(1), .rest = hours(1), .look_every = hours(1)});
    EXPECT_EQ(reload(false).result, ReloadResult::Unchanged);
    std::ofstream file(directory_.path("meridian.toml"));
    file << "[server]\n" << std::flush;  // sound, and names another directory of zones
    const ReloadOutcome outcome = reload(false);
    EXPECT_EQ(outcome.result, ReloadResult::Partly);
    ASSERT_EQ(outcome.diagnostics.size(), 1U);
    EXPECT_EQ(outcome.diagnostics[0].code, "unfinished-file");
    EXPECT_EQ(zone_count(), 1U);
}

TEST_F(ReloaderTest, SettlesAnewAfterWatchingWasOff) {
    write_settings(true);
    constexpr auto kSettle = std::chrono::seconds(3);
    start({.settle = kSettle, .settle_at_most = kSettle, .look_every = hours(1)});
    write("b.toml", "b.example");  // begins to settle
    std::this_thread::sleep_for(milliseconds(200));
    write_settings(false);
    reload(false);
    EXPECT_EQ(zone_count(), 2U);
    std::this_thread::sleep_for(kSettle);
    write_settings(true);
    reload(false);
    write("c.toml", "c.example");
    std::this_thread::sleep_for(milliseconds(500));
    EXPECT_EQ(zone_count(), 2U) << "no change is taken before it has settled";
    EXPECT_TRUE(wait_until([&] { return zone_count() == 3; }));
}

TEST_F(ReloaderTest, DoesNotLookOnceWatchingIsOff) {
    write_settings(true);
    start({.settle = milliseconds(1),
           .rest = milliseconds(1),
           .look_every = milliseconds(1),
           .inotify = false});
    for (int round = 0; round < 20; ++round) {
        write_settings(false);
        reload(false);
        const std::string name = "z" + std::to_string(round);
        const std::size_t before = zone_count();
        write(name + ".toml", name + ".example");
        std::this_thread::sleep_for(milliseconds(20));
        EXPECT_EQ(zone_count(), before);
        write_settings(true);
        reload(false);
    }
}

// One asker's force goes with that asker, also if others ask at the same moment.
TEST_F(ReloaderTest, AnswersWhoForcesAfterAReloadThatWasForced) {
    start({.look_every = hours(1), .inotify = false});
    std::atomic<bool> is_over = false;
    std::thread others([&] {
        while (!is_over.load()) {
            reload(false);
        }
    });
    for (int round = 0; round < 200; ++round) {
        write("a.toml", "a.example", "[records]\nwww.a = \"192.0.2.1\"\n");
        reload(false);
        write("a.toml", "a.example");  // all records are gone, which is held back
        EXPECT_NE(reload(true).result, ReloadResult::HeldBack) << round;
    }
    is_over.store(true);
    others.join();
}

TEST_F(ReloaderTest, ShowsSinceWhenAReloadRuns) {
    start({.look_every = hours(1), .inotify = false});
    std::promise<std::int64_t> since;
    reloader_->request(false, {},
                       [&](const ReloadOutcome&) { since.set_value(board_.reloading_since()); });
    const std::int64_t begin = since.get_future().get();
    EXPECT_GT(begin, unix_seconds(clock_.wall()) - 60);
    EXPECT_TRUE(wait_until([&] { return board_.reloading_since() == 0; }));
}

/// The niceness of the control thread; -1 where there is none.
int control_niceness() {
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream stream(thread.path() / "comm");
        std::string name;
        std::getline(stream, name);
        if (name != "meridian-ctl") { continue; }
        const auto id = static_cast<id_t>(std::stoul(thread.path().filename().string()));
        return getpriority(PRIO_PROCESS, id);
    }
    return -1;
}

TEST_F(ReloaderTest, MakesWayForOthers) {
    start({});
    EXPECT_TRUE(wait_until([] { return control_niceness() == Background::kNiceness; }));
}

}  // namespace
}  // namespace meridian::server
