// Runs a command for changes of regions, too slowly, and counts what does not fit.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/change_notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "meridian/limits.h"
#include "server/helper/helper_process.h"
#include "tests/server/log_lines.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;

class Notices : public ::testing::Test {
protected:
    void start(const std::string& script) {
        auto socket =
            start_helper({{"/bin/true"},
                          {"/bin/sh", "-c", "cd " + folder_.path() + "; " + script, "sh", "{zone}",
                           "{region}", "{service}", "{family}", "{state}", "{reason}"}},
                         [] { return true; });
        ASSERT_TRUE(socket) << socket.error();
        runner_ = std::make_shared<CommandRunner>(std::move(socket).value());
        log_ = Log::open({.to = folder_.path("log")}).value();
        notices_ = std::make_unique<ChangeNotices>(
            runner_, std::uint16_t{1}, [](const std::string& file) { return "zone of " + file; },
            *log_);
        runner_->start(context_);
    }
    ~Notices() override {
        if (runner_) { runner_->stop(); }
    }
    bool run_until(const std::function<bool()>& done) {
        const auto end = steady_clock::now() + 60s;
        while (!done() && steady_clock::now() < end) {
            context_.restart();
            context_.run_for(10ms);
        }
        return done();
    }
    void note(const std::string& region, zones::Rung rung = zones::Rung::Down) {
        notices_->note({"api", region, "z.toml", 1, rung, "why not"});
    }
    std::vector<std::string> lines(const std::string& name) {
        return lines_of(contents(folder_.path(name)));
    }

    test::TemporaryDirectory folder_;
    boost::asio::io_context context_{1};
    std::unique_ptr<Log> log_;
    std::shared_ptr<CommandRunner> runner_;
    std::unique_ptr<ChangeNotices> notices_;
};

TEST_F(Notices, AreRunOneAfterTheOtherInTheirOrder) {
    start("echo \"$*\" >> told; sleep 0.05; echo end >> told");
    note("frankfurt");
    note("tokyo", zones::Rung::Up);
    EXPECT_TRUE(run_until([&] { return lines("told").size() == 4; }));
    EXPECT_THAT(lines("told"), ElementsAre("zone of z.toml frankfurt api IPv6 down why not", "end",
                                           "zone of z.toml tokyo api IPv6 up why not", "end"));
    EXPECT_EQ(notices_->problem(), "");
}

TEST_F(Notices, ThatFailAreWarnings) {
    start("echo no signal; exit 7");
    note("frankfurt");
    EXPECT_TRUE(run_until([&] {
        log_->wait_until_written(1s);
        return contents(folder_.path("log")).find("no signal") != std::string::npos;
    }));
}

TEST_F(Notices, ThatDoNotFitAreCountedUntilNoneWaits) {
    start("while [ ! -e go ]; do sleep 0.05; done; echo \"$2\" >> told");
    const auto began = steady_clock::now();
    for (std::size_t i = 0; i < kMaxWaitingChanges + 11; ++i) {
        note("r" + std::to_string(i));
    }
    EXPECT_LT(steady_clock::now() - began, 5s) << "nothing waits for it";
    EXPECT_EQ(notices_->problem(),
              "health.on_change is too slow: 1000 changes wait for it, and it was not run for "
              "others, 10 so far");
    folder_.write("go", "");
    EXPECT_TRUE(run_until([&] { return notices_->problem().empty(); }));
    EXPECT_TRUE(run_until([&] { return lines("told").size() == kMaxWaitingChanges + 1; }));
    note("last");
    EXPECT_TRUE(run_until([&] { return lines("told").back() == "last"; }));
    log_->wait_until_written(1s);
    EXPECT_THAT(contents(folder_.path("log")), HasSubstr("it was not run for others, 1 so far"));
}

TEST_F(Notices, ThatCannotBeRunAnyMoreAreCounted) {
    start("kill -9 $PPID");  // the process that runs it
    note("frankfurt");
    note("tokyo");
    EXPECT_TRUE(run_until([&] {
        return notices_->problem() ==
               "health.on_change was not run for changes, 2 so far: the process that runs commands "
               "has ended; start the server anew";
    })) << notices_->problem();
    log_->wait_until_written(1s);
    EXPECT_THAT(contents(folder_.path("log")), HasSubstr("was not run for changes, 1 so far"));
}

TEST(ZonesOfFile, AreThoseThatItDefinesOrIsAPartOf) {
    StatusBoard board;
    LoadStatus status;
    status.zones = {{.name = "a.example.", .file = "a.toml"},
                    {.name = "b.example.", .file = "a.toml"},
                    {.name = "c.example.", .file = "c.toml"}};
    auto seen = std::make_shared<SeenFiles>();
    seen->named["a.toml"] = {"world.toml"};
    seen->named["c.toml"] = {"world.toml"};
    board.post(status, seen);
    const ZonesOfFile zones = zones_of_file(board);
    EXPECT_EQ(zones("a.toml"), "a.example. b.example.");
    EXPECT_EQ(zones("world.toml"), "a.example. b.example. c.example.");
    EXPECT_EQ(zones("none.toml"), "");
    status.zones.pop_back();
    board.post(status, seen);
    EXPECT_EQ(zones("world.toml"), "a.example. b.example.");
}

}  // namespace
}  // namespace meridian::server
