// Checks that a file watcher tells of what happens, and of nothing once it has ended.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/file_watcher.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;

class FileWatcherTest : public testing::Test {
protected:
    void write(const std::string& file) { directory_.write("zones/" + file, "zone = 1\n"); }
    void watch(std::function<void()> notice) {
        watcher_ = std::make_unique<FileWatcher>(context_, std::move(notice));
        watcher_->watch({{directory_.path("zones")}, {}});
    }

    test::TemporaryDirectory directory_;
    boost::asio::io_context context_{1};
    std::unique_ptr<FileWatcher> watcher_;
};

TEST_F(FileWatcherTest, TellsOfZoneFilesAlone) {
    write("a.toml");
    int notices = 0;
    watch([&] { ++notices; });
    write("a.toml~");
    context_.run_for(milliseconds(100));
    EXPECT_EQ(notices, 0);
    write("a.toml");
    context_.restart();
    context_.run_for(milliseconds(100));
    EXPECT_GT(notices, 0);
}

// The order of things in a reload that switches watching off while files are written: the next
// events are read already when the watcher ends.
TEST_F(FileWatcherTest, TellsNothingAfterItsEndThoughEventsWereRead) {
    write("a.toml");
    int notices = 0;
    watch([&] {
        ++notices;
        write("a.toml");  // is read at once, and its handler queued behind the end
        boost::asio::post(context_, [&] { watcher_.reset(); });
    });
    write("a.toml");
    context_.run_for(std::chrono::seconds(5));  // until nothing is left to do
    EXPECT_EQ(watcher_, nullptr);
    EXPECT_EQ(notices, 1);
}

TEST_F(FileWatcherTest, MayEndWithinItsNotice) {
    write("a.toml");
    int notices = 0;
    watch([&] {
        ++notices;
        write("a.toml");
        watcher_.reset();
    });
    write("a.toml");
    context_.run_for(std::chrono::seconds(5));
    EXPECT_EQ(watcher_, nullptr);
    EXPECT_EQ(notices, 1);
}

TEST_F(FileWatcherTest, MayEndBeforeItsContextRuns) {
    write("a.toml");
    int notices = 0;
    watch([&] { ++notices; });
    write("a.toml");
    watcher_.reset();
    context_.run_for(std::chrono::seconds(5));
    EXPECT_EQ(notices, 0);
}

}  // namespace
}  // namespace meridian::server
