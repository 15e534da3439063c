// Checks that a file watcher gives notice of changes, and gives none once it has ended.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/file_watcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "server/sources/source_look.h"
#include "server/state/file_text.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class FileWatcherTest : public testing::Test {
protected:
    void write(const std::string& file) { directory_.write("zones/" + file, "zone = 1\n"); }
    void watch(std::function<void()> notice) {
        watcher_ = std::make_unique<FileWatcher>(context_, clock_, std::move(notice));
        watcher_->watch({{directory_.path("zones")}, {}});
    }

    std::vector<std::string> writing(milliseconds rest = std::chrono::hours(1)) {
        return watcher_->writing(rest).paths;
    }

    test::TemporaryDirectory directory_;
    SystemClock clock_;
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

TEST_F(FileWatcherTest, NamesZoneFilesThatChangedAndSaysWhereMoreMayHave) {
    write("a.toml");
    write("b.zone");
    directory_.write("elsewhere/lib.toml", "");
    watcher_ = std::make_unique<FileWatcher>(context_, clock_, [] {});
    watcher_->watch({{directory_.path("zones")}, {directory_.path("elsewhere/lib.toml")}});
    const auto changed = [this] {
        (void)writing();  // reads the events
        return watcher_->take_changed();
    };
    EXPECT_FALSE(changed().is_all) << "nothing is known of the time before";
    EXPECT_TRUE(changed().is_all);
    write("a.toml");
    write("b.zone");
    write("c.txt");
    FileWatcher::Changed found = changed();
    EXPECT_TRUE(found.is_all);
    EXPECT_THAT(found.names, ElementsAre("a.toml", "b.zone"));
    EXPECT_THAT(changed().names, IsEmpty()) << "they were named";
    write("a.toml");
    directory_.write("elsewhere/lib.toml", "# changed\n");
    EXPECT_FALSE(changed().is_all);
    std::filesystem::rename(directory_.path("zones"), directory_.path("old"));
    EXPECT_FALSE(changed().is_all);
}

TEST_F(FileWatcherTest, KnowsWhatIsWrittenAndNotClosed) {
    write("a.toml");
    write("b.toml");
    const std::string a = directory_.path("zones/a.toml");
    watch([] {});
    EXPECT_THAT(writing(), IsEmpty());
    std::ofstream file(a);  // cut to nothing
    EXPECT_THAT(writing(), ElementsAre(a));
    EXPECT_EQ(watcher_->writing(std::chrono::hours(1)).files,
              FileIds{std::string(file_id_in(file_state_of(a)))});
    file << "zone" << std::flush;
    EXPECT_THAT(writing(), ElementsAre(a));
    EXPECT_THAT(writing(milliseconds(0)), IsEmpty()) << "it has rested";
    file << " = 1\n" << std::flush;
    EXPECT_THAT(writing(), ElementsAre(a));
    file.close();
    EXPECT_THAT(writing(), IsEmpty());
}

TEST_F(FileWatcherTest, TakesANewFileForBegunUnlessItIsWholeElsewhere) {
    write("a.toml");
    watch([] {});
    std::ofstream file(directory_.path("zones/new.toml"));
    EXPECT_THAT(writing(), ElementsAre(directory_.path("zones/new.toml")));
    std::filesystem::rename(directory_.path("zones/new.toml"), directory_.path("gone.toml"));
    EXPECT_THAT(writing(), IsEmpty());
    directory_.write("elsewhere", "zone = 1\n");
    std::filesystem::create_hard_link(directory_.path("elsewhere"),
                                      directory_.path("zones/hard.toml"));
    std::filesystem::create_symlink(directory_.path("elsewhere"),
                                    directory_.path("zones/soft.toml"));
    std::filesystem::rename(directory_.path("elsewhere"), directory_.path("zones/moved.toml"));
    EXPECT_THAT(writing(), IsEmpty());
}

TEST_F(FileWatcherTest, TellsOfWhatItFoundWhenItWasAsked) {
    write("a.toml");
    int notices = 0;
    watch([&] { ++notices; });
    write("a.toml");
    EXPECT_THAT(writing(), IsEmpty());
    context_.run_for(milliseconds(100));
    EXPECT_GT(notices, 0) << "the caller may have looked before";
}

}  // namespace
}  // namespace meridian::server
