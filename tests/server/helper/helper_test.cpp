// Has commands run by a helper of the test's own, and ends it in every way.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "meridian/limits.h"
#include "server/helper/command_runner.h"
#include "server/helper/helper_process.h"

namespace meridian::server {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

CommandLine shell(const std::string& script) {
    return {"/bin/sh", "-c", script, "sh", "{address}", "{region}", "{service}"};
}

/// Whether the process is there and no zombie.
bool lives(const std::string& pid) {
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string number, name, state;
    return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
}

class Helper : public ::testing::Test {
protected:
    /// Runs a script with these values, and waits for what becomes of it.
    CommandOutcome run(const std::string& script, std::chrono::milliseconds timeout = 10s) {
        start({shell(script)});
        CommandOutcome outcome;
        bool is_done = false;
        runner_->run(0, {"192.0.2.1", "frank furt", "$(id)"}, timeout, [&](const auto& its) {
            outcome = its;
            is_done = true;
        });
        EXPECT_TRUE(run_until([&] { return is_done; }));
        return outcome;
    }
    void start(
        const std::vector<CommandLine>& commands,
        const std::function<bool()>& become = [] { return true; }) {
        if (runner_) { runner_->stop(); }
        auto socket = start_helper(commands, become);
        ASSERT_TRUE(socket) << socket.error();
        runner_ = std::make_shared<CommandRunner>(std::move(socket).value());
        runner_->start(context_, [this] { has_ended_ = true; });
    }
    bool run_until(const std::function<bool()>& done) {
        const auto end = steady_clock::now() + 60s;
        while (!done() && steady_clock::now() < end) {
            context_.restart();
            context_.run_for(10ms);
        }
        return done();
    }
    ~Helper() override {
        if (runner_) { runner_->stop(); }
        while (waitpid(-1, nullptr, 0) > 0) {}  // they end since their sockets are closed
    }

    boost::asio::io_context context_{1};
    std::shared_ptr<CommandRunner> runner_;
    bool has_ended_ = false;
};

TEST_F(Helper, SaysHowACommandEnds) {
    const CommandOutcome passes = run("exit 0");
    EXPECT_TRUE(passes.is_success());
    const CommandOutcome fails = run("echo why; echo to stderr >&2; exit 3");
    EXPECT_EQ(fails.end, CommandEnd::Exited);
    EXPECT_EQ(fails.code, 3);
    EXPECT_EQ(fails.output, "why\nto stderr\n");
    const CommandOutcome killed = run("kill -9 $$");
    EXPECT_EQ(killed.end, CommandEnd::Killed);
    EXPECT_EQ(killed.code, SIGKILL);
}

TEST_F(Helper, PassesValuesAsArgumentsThatNoShellReads) {
    EXPECT_EQ(run("printf '%s|' \"$@\"").output, "192.0.2.1|frank furt|$(id)|");
}

TEST_F(Helper, SaysWhatCannotBeStarted) {
    start({CommandLine{"/no/such/program"}});
    CommandOutcome outcome;
    bool is_done = false;
    runner_->run(0, {}, 1s, [&](const auto& its) {
        outcome = its;
        is_done = true;
    });
    EXPECT_TRUE(run_until([&] { return is_done; }));
    EXPECT_EQ(outcome.end, CommandEnd::NotStarted);
    EXPECT_EQ(outcome.code, ENOENT);
    is_done = false;
    runner_->run(7, {}, 1s, [&](const auto& its) {
        outcome = its;
        is_done = true;
    });
    EXPECT_TRUE(run_until([&] { return is_done; }));
    EXPECT_EQ(outcome.end, CommandEnd::NotStarted) << "a number that it was not given";
}

TEST_F(Helper, GivesCommandsNothingOfTheServers) {
    setenv("SECRET", "of the server", 1);
    const int open_here = dup(STDOUT_FILENO);  // without O_CLOEXEC
    signal(SIGPIPE, SIG_IGN);
    const std::string told =
        run("ls /proc/$$/fd | tr '\\n' ' '; env | sort; pwd; cat; grep Sig[BI] /proc/self/status")
            .output;
    close(open_here);
    EXPECT_EQ(told.find("SECRET"), std::string::npos) << told;
    EXPECT_EQ(told.rfind("0 1 2 ", 0), 0U) << told;
    EXPECT_NE(told.find("PATH=/usr/local/sbin"), std::string::npos) << told;
    EXPECT_NE(told.find("\n/\n"), std::string::npos) << told;
    EXPECT_NE(told.find("SigBlk:\t0000000000000000"), std::string::npos) << told;
    // Above 31 the C library ignores two of its own.
    const auto ignored = std::stoull(told.substr(told.find("SigIgn:") + 7), nullptr, 16);
    EXPECT_EQ(ignored & 0x7fffffffU, 0U) << told;
}

TEST_F(Helper, KillsTheWholeGroupAtTheTimeout) {
    const std::string file = std::filesystem::temp_directory_path() / "meridian-helper-test";
    const auto began = steady_clock::now();
    const CommandOutcome outcome =
        run("sleep 100 & echo $! > " + file + "; trap '' TERM; sleep 100", 300ms);
    EXPECT_EQ(outcome.end, CommandEnd::TimedOut);
    EXPECT_LT(steady_clock::now() - began, 5s);
    std::string background;
    std::ifstream(file) >> background;
    std::filesystem::remove(file);
    EXPECT_TRUE(run_until([&] { return !lives(background); }));
}

TEST_F(Helper, KillsWhatACommandLeavesBehind) {
    std::string background = run("sleep 100 >/dev/null 2>&1 & echo $!").output;
    background.pop_back();
    EXPECT_TRUE(run_until([&] { return !lives(background); })) << background;
}

TEST_F(Helper, TakesLittleOutputAndLetsTheCommandWriteOn) {
    const CommandOutcome outcome = run("head -c 1000000 /dev/zero | tr '\\0' x; exit 4");
    EXPECT_EQ(outcome.code, 4);
    EXPECT_EQ(outcome.output, std::string(kMaxCommandOutputOctets, 'x'));
    const CommandOutcome closed = run("exec >&- 2>&-; sleep 0.3; exit 5");
    EXPECT_EQ(closed.code, 5) << "its end counts, not that of its output";
}

TEST_F(Helper, RunsABoundedNumberAtOnce) {
    const std::string folder = std::filesystem::temp_directory_path() / "meridian-helper-many";
    std::filesystem::create_directories(folder);
    // Each counts those that are there with it.
    start({shell("cd " + folder + "; : > $$; sleep 0.2; ls | wc -l; rm $$")});
    std::size_t done = 0;
    std::size_t most = 0;
    constexpr std::size_t kAll = 2 * kMaxCommandsAtOnce + 10;
    for (std::size_t i = 0; i < kAll; ++i) {
        runner_->run(0, {}, 60s, [&](const CommandOutcome& outcome) {
            EXPECT_TRUE(outcome.is_success()) << outcome.output;
            most = std::max<std::size_t>(most, std::strtoul(outcome.output.c_str(), nullptr, 10));
            ++done;
        });
    }
    EXPECT_TRUE(run_until([&] { return done == kAll; }));
    EXPECT_GT(most, 1U);
    EXPECT_LE(most, kMaxCommandsAtOnce);
    std::filesystem::remove_all(folder);
}

TEST_F(Helper, KillsWhatIsCancelled) {
    const std::string file = std::filesystem::temp_directory_path() / "meridian-helper-cancel";
    start({shell("echo $$ > " + file + "; sleep 100")});
    const auto id = runner_->run(0, {}, 60s, [](const auto&) { ADD_FAILURE(); });
    std::string pid;
    EXPECT_TRUE(run_until([&] { return static_cast<bool>(std::ifstream(file) >> pid); }));
    runner_->cancel(id);
    EXPECT_TRUE(run_until([&] { return !lives(pid); }));
    std::filesystem::remove(file);
}

TEST_F(Helper, EndsWithTheServerAndAllThatItRuns) {
    const std::string file = std::filesystem::temp_directory_path() / "meridian-helper-end";
    start({shell("echo $$ $PPID > " + file + "; sleep 100")});
    runner_->run(0, {}, 60s, [](const auto&) { ADD_FAILURE(); });
    std::string command;
    std::string helper;
    EXPECT_TRUE(
        run_until([&] { return static_cast<bool>(std::ifstream(file) >> command >> helper); }));
    EXPECT_TRUE(lives(command));
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        kill(std::stoi(helper), signal);
    }
    std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(lives(helper)) << "it ends with the server, and not before";
    runner_->stop();
    EXPECT_TRUE(run_until([&] { return !lives(command) && !lives(helper); }));
    std::filesystem::remove(file);
}

TEST_F(Helper, IsMissedWhenItHasEnded) {
    start({shell("kill -9 $PPID")});
    CommandOutcome outcome{CommandEnd::Exited, 0, {}};
    bool is_done = false;
    const auto take = [&](const CommandOutcome& its) {
        outcome = its;
        is_done = true;
    };
    runner_->run(0, {}, 60s, take);
    EXPECT_TRUE(run_until([&] { return is_done && has_ended_; }));
    EXPECT_EQ(outcome.end, CommandEnd::Lost);
    is_done = false;
    outcome = {CommandEnd::Exited, 0, {}};
    runner_->run(0, {}, 60s, take);
    EXPECT_FALSE(is_done) << "never from within";
    EXPECT_TRUE(run_until([&] { return is_done; }));
    EXPECT_EQ(outcome.end, CommandEnd::Lost);
}

TEST_F(Helper, RunsNothingWithRightsThatItCannotGiveUp) {
    start({shell("exit 0")}, [] { return false; });
    EXPECT_TRUE(run_until([&] { return has_ended_; }));
}

TEST_F(Helper, EndsAtAMessageThatTheServerNeverSends) {
    for (const std::string& message : {std::string("x"), std::string(20'000, '\1')}) {
        auto socket = start_helper({shell("exit 0")}, [] { return true; });
        ASSERT_TRUE(socket);
        ASSERT_GT(send(socket->get(), message.data(), message.size(), 0), 0);
        char octet = 0;
        ssize_t count = -1;
        EXPECT_TRUE(run_until([&] {
            count = recv(socket->get(), &octet, 1, MSG_DONTWAIT);
            return count >= 0 || errno == ECONNRESET;
        }));
        EXPECT_LE(count, 0);
    }
}

}  // namespace
}  // namespace meridian::server
