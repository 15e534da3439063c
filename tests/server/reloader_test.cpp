// Checks that changes are noticed, by inotify and by the look below it, and when they are taken.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reloader.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "meridian/clock.h"
#include "meridian/geo/world.h"
#include "server/runtime/background.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;

class ReloaderTest : public testing::Test {
protected:
    ReloaderTest() {
        const auto world = geo::write_world(geo::AtlasBuilder().build(), {});
        directory_.write("empty.world", std::string(world.begin(), world.end()));
        settings_.zones_directory = directory_.path("zones");
        settings_.databases = {directory_.path("empty.world")};
        write("a.toml", "a.example");
    }

    void write(const std::string& file, const std::string& apex) {
        directory_.write("zones/" + file,
                         "zone = \"" + apex +
                             "\"\nnameservers = [\"ns1.example.net.\", \"ns2.example.net.\"]\n");
    }
    void start(const WatchOptions& options) {
        data_ = std::make_unique<ServedData>(
            DataPaths{settings_.zones_directory, settings_.databases}, StateDirectory(), clock_);
        LogSettings log;
        log.to = directory_.path("log");
        log_ = Log::open(log).value();
        publisher_ = std::make_unique<Publisher>(data_->load().snapshot);
        keeper_ = std::make_unique<StatusKeeper>(*data_, board_, clock_);
        reader_ = std::make_unique<Publisher::Reader>(publisher_->add_reader());
        reloader_ = std::make_unique<Reloader>(
            ReloaderParts{*data_, *publisher_, *keeper_, *log_, clock_}, settings_, options);
        reloader_->start();
    }
    std::size_t zone_count() { return reader_->read()->info().zone_count; }
    bool wait_until(const std::function<bool()>& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) {
            std::this_thread::sleep_for(milliseconds(20));
        }
        return condition();
    }

    test::TemporaryDirectory directory_;
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
    start({.look_every = std::chrono::hours(1)});
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
}

TEST_F(ReloaderTest, NoticesByLookingWhereNothingIsTold) {
    start({.settle = milliseconds(20), .look_every = milliseconds(50), .inotify = false});
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 2; }));
    write("c.toml", "c.example");
    EXPECT_TRUE(wait_until([&] { return zone_count() == 3; }));
}

TEST_F(ReloaderTest, WaitsUntilTheWritingEndsButNotForEver) {
    start({.settle = milliseconds(500),
           .settle_at_most = std::chrono::seconds(2),
           .look_every = std::chrono::hours(1)});
    std::ofstream other(directory_.path("zones/other.toml"));
    const auto begin = clock_.steady();
    write("b.toml", "b.example");
    EXPECT_TRUE(wait_until([&] {  // somebody writes all the time
        other << "# a comment\n" << std::flush;
        return zone_count() == 2;
    }));
    EXPECT_GE(clock_.steady() - begin, std::chrono::milliseconds(1500));
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
