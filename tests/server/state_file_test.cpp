// Reads files of states on a disk, and watches them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/state_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "meridian/limits.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class StateFiles : public ::testing::Test {
protected:
    StateFiles() { fs::create_directories(path("zones/sub")); }
    [[nodiscard]] std::string path(const std::string& name) const {
        return folder_.path() + "/" + name;
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
    }
    [[nodiscard]] StateFilePath named(const std::string& name) const {
        return {path("zones/z.toml"), name};
    }
    [[nodiscard]] std::string problem(const std::string& name) const {
        return read_state_file(named(name)).problem;
    }

    test::TemporaryDirectory folder_;
};

TEST_F(StateFiles, LieBesideTheFileThatNamesThemOrBelow) {
    write("zones/a.json", R"({"frankfurt": "down"})");
    write("zones/sub/b", "frankfurt up\n");
    EXPECT_NE(read_state_file(named("a.json")).state, nullptr);
    EXPECT_NE(read_state_file(named("sub/b")).state, nullptr);
    EXPECT_NE(read_state_file(named(path("zones/sub/b"))).state, nullptr);
}

TEST_F(StateFiles, OutsideOfItNoneIsRead) {
    write("secret", "frankfurt up\n");
    fs::create_symlink(path("secret"), path("zones/link"));
    fs::create_directory_symlink(folder_.path(), path("zones/up"));
    for (const std::string& name :
         {std::string("link"), std::string("up/secret"), path("secret")}) {
        EXPECT_EQ(read_state_file(named(name)).state, nullptr) << name;
        EXPECT_NE(problem(name).find("lies outside of"), std::string::npos) << problem(name);
    }
}

TEST_F(StateFiles, WhatCannotBeReadIsAProblemWithItsName) {
    const std::string by = path("zones/z.toml") + ": ";
    EXPECT_EQ(problem("none.json"),
              by + "cannot read " + path("zones/none.json") + ": No such file or directory");
    ASSERT_EQ(mkfifo(path("zones/pipe").c_str(), 0600), 0);
    EXPECT_EQ(problem("pipe"), by + "cannot read " + path("zones/pipe") +
                                   ": it is no ordinary file but a named pipe");
    write("zones/torn", "frankfurt");
    EXPECT_EQ(problem("torn"),
              by + path("zones/torn") + ": line 1: \"frankfurt\" has no state behind it");
    write("zones/long", "frankfurt up\n" + std::string(kMaxStateFileOctets, '#'));
    EXPECT_EQ(problem("long"),
              by + "cannot read " + path("zones/long") + ": it is longer than 1 MiB");
}

/// What a watch has said, in the order.
class Told {
public:
    StateFileWatch::Take take() {
        return [this](const StateFilePath& file, const StateFileReading& reading) {
            const std::scoped_lock lock(mutex_);
            std::string text = file.name + ": " + (reading.state ? "" : "problem");
            if (reading.state) {
                const auto up = reading.state->find({"api", "frankfurt"}, {});
                text += !up ? "nothing" : *up ? "up" : "down";
            }
            said_.push_back(std::move(text));
            changed_.notify_all();
        };
    }
    /// Whether the latest is that, within the second that is promised, and some for the machine.
    bool comes_to(const std::string& wanted) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 5s,
                                 [&] { return !said_.empty() && said_.back() == wanted; });
    }
    std::size_t count() {
        const std::scoped_lock lock(mutex_);
        return said_.size();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> said_;
};

TEST_F(StateFiles, AreWatched) {
    write("zones/a", "frankfurt up\n");
    Told told;
    StateFileWatch watch(told.take());
    watch.watch({named("a")});
    EXPECT_TRUE(told.comes_to("a: up"));
    write("zones/a", "frankfurt down\n");
    EXPECT_TRUE(told.comes_to("a: down"));
    write("zones/new", "frankfurt up\n");
    fs::rename(path("zones/new"), path("zones/a"));
    EXPECT_TRUE(told.comes_to("a: up"));
    fs::remove(path("zones/a"));
    EXPECT_TRUE(told.comes_to("a: problem"));
    write("zones/a", "frankfurt down\n");
    EXPECT_TRUE(told.comes_to("a: down"));
}

TEST_F(StateFiles, SayTheSameOnlyOnce) {
    write("zones/a", "frankfurt up\n");
    Told told;
    StateFileWatch watch(told.take());
    watch.watch({named("a"), named("b")});
    EXPECT_TRUE(told.comes_to("b: problem"));
    std::this_thread::sleep_for(3 * StateFileWatch::kLookEvery);
    EXPECT_EQ(told.count(), 2U);
    watch.watch({});
    write("zones/a", "frankfurt down\n");
    std::this_thread::sleep_for(2 * StateFileWatch::kLookEvery);
    EXPECT_EQ(told.count(), 2U) << "it is asked no more";
    watch.watch({named("a")});
    EXPECT_TRUE(told.comes_to("a: down"));
}

}  // namespace
}  // namespace meridian::server
