// Checks where the control socket is made, and which users may connect.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "meridian/file_descriptor.h"
#include "server/control/control_client.h"
#include "server/control/control_server.h"
#include "tests/server/log_lines.h"
#include "tests/server/path_facts.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using test::folder_of;
using test::mode_of;

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ControlSocket, IsItsOwnersAloneWhateverTheUmask) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("control.sock");
    for (const mode_t mask : {0U, 022U, 077U, 0277U, 0777U}) {
        SCOPED_TRACE(mask);
        const mode_t before = umask(mask);
        auto server = ControlServer::open(folder_of(path), path, {});
        umask(before);
        ASSERT_TRUE(server.ok()) << server.error();
        EXPECT_EQ(mode_of(path), 0600U);
    }
}

/// Somebody swaps the folder for a link after it was opened: nothing is made, replaced or given
/// another mode where that leads.
TEST(ControlSocket, IsMadeInTheFolderThatIsHeldWhereverItsPathLeads) {
    const test::TemporaryDirectory directory;
    for (const std::string& depth : {std::string(), "/" + std::string(120, 'd')}) {
        const std::string held = directory.path("held" + depth);
        const std::string elsewhere = directory.path("elsewhere" + depth);
        fs::create_directories(held);
        fs::create_directories(elsewhere);
        const std::string path = held + "/control.sock";
        FileDescriptor folder = folder_of(path);
        const std::string file = directory.write("elsewhere" + depth + "/control.sock", "mine");
        ASSERT_EQ(chmod(file.c_str(), 0644), 0);
        fs::rename(held, held + ".moved");
        fs::create_directory_symlink(elsewhere, held);
        {
            const auto server = ControlServer::open(std::move(folder), path, {});
            ASSERT_TRUE(server.ok()) << server.error();
            EXPECT_TRUE(fs::is_socket(held + ".moved/control.sock"));
            EXPECT_EQ(mode_of(held + ".moved/control.sock"), 0600U);
            EXPECT_EQ(mode_of(file), 0644U);
        }
        EXPECT_FALSE(fs::exists(held + ".moved/control.sock")) << "is removed where it was made";
        EXPECT_TRUE(fs::is_regular_file(file));
        fs::remove(held);
    }
}

TEST(ControlSocket, TakesNoLinkForASocketThatWasLeft) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("control.sock");
    const std::string secret = directory.write("secret", "secret");
    ASSERT_EQ(chmod(secret.c_str(), 0644), 0);
    fs::create_symlink(secret, path);
    const auto refused = ControlServer::open(folder_of(path), path, {});
    EXPECT_EQ(refused.error(), path + ": something else is there");
    EXPECT_TRUE(fs::is_symlink(path));
    EXPECT_EQ(mode_of(secret), 0644U);
}

/// A control server that finds its place when the test says so, and what it logs.
class ControlSocketLater : public testing::Test {
protected:
    void start(const std::string& problem, const ControlOptions& options) {
        ControlHandlers handlers;
        handlers.find_place = [this](std::function<void(ControlPlace)> done) {
            if (finder_.joinable()) { finder_.join(); }
            finder_ = std::thread([this, done = std::move(done)] {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                const std::lock_guard lock(mutex_);
                ++asked_count_;
                done(problem_.empty() ? ControlPlace{folder_of(path_), path_, {}}
                                      : ControlPlace{.problem = problem_});
            });
        };
        handlers.warn = [this](const std::string& line) {
            const std::lock_guard lock(mutex_);
            lines_.push_back(line);
        };
        set_problem(problem);
        server_ = ControlServer::without_socket(problem, std::move(handlers), options);
        server_->start();
    }
    void TearDown() override {
        server_.reset();
        if (finder_.joinable()) { finder_.join(); }
    }
    void set_problem(const std::string& problem) {
        const std::lock_guard lock(mutex_);
        problem_ = problem;
    }
    std::vector<std::string> lines() {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    int asked_count() {
        const std::lock_guard lock(mutex_);
        return asked_count_;
    }
    template <typename Condition>
    static bool comes_true(const Condition& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return condition();
    }

private:
    std::thread finder_;  // as the control thread of a server is another one
    std::mutex mutex_;
    std::string problem_;
    std::vector<std::string> lines_;
    int asked_count_ = 0;

protected:
    test::TemporaryDirectory directory_;
    std::string path_ = directory_.path("control.sock");
    std::unique_ptr<ControlServer> server_;  // ends first: its thread uses the others
};

TEST_F(ControlSocketLater, IsMadeAtOnceWhenItIsToLook) {
    start("no directory", {.look_every = std::chrono::hours(1)});
    EXPECT_FALSE(fs::exists(path_));
    set_problem({});
    server_->look();
    EXPECT_TRUE(comes_true([&] { return fs::is_socket(path_); }));
    EXPECT_TRUE(comes_true([&] { return !lines().empty(); }));
    EXPECT_THAT(lines(), ElementsAre("the control socket is made: " + path_));
    server_->look();
    EXPECT_TRUE(ask_control(path_, "{}", std::chrono::seconds(10)).ok());
    EXPECT_EQ(asked_count(), 1) << "it is there";
    server_->stop();
    EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ControlSocketLater, IsTriedAgainAndEachReasonIsLoggedOnce) {
    directory_.write("control.sock", "mine");
    start("no directory", {.look_every = std::chrono::milliseconds(5)});
    EXPECT_TRUE(comes_true([&] { return asked_count() > 5; }));
    EXPECT_TRUE(lines().empty()) << "the start has said so";
    set_problem("another server");
    EXPECT_TRUE(comes_true([&] { return !lines().empty(); }));
    set_problem({});
    const int before = asked_count();
    EXPECT_TRUE(comes_true([&] { return asked_count() > before + 5; }));
    EXPECT_EQ(contents(path_), "mine");
    fs::remove(path_);
    EXPECT_TRUE(comes_true([&] { return lines().size() == 3; }));
    EXPECT_THAT(lines(),
                ElementsAre(HasSubstr("there is no control socket: another server; it is tried"),
                            HasSubstr(path_ + ": something else is there; it is tried again"),
                            "the control socket is made: " + path_));
    fs::rename(directory_.write("swapped-in", "mine"), path_);
    EXPECT_TRUE(comes_true([&] { return lines().size() == 4; }));
    fs::remove(path_);
    EXPECT_TRUE(comes_true([&] { return lines().size() == 5; }));
    EXPECT_THAT(lines().at(3),
                HasSubstr(path_ + " was removed, and cannot be made anew: " + path_));
    EXPECT_THAT(lines().at(4), HasSubstr(path_ + " was removed; it is made anew"));
    EXPECT_TRUE(ask_control(path_, "{}", std::chrono::seconds(10)).ok());
}

}  // namespace
}  // namespace meridian::server
