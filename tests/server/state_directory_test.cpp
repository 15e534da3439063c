// Checks where state is kept, and that no fault of that place is more than a warning.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/state_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Root may write everywhere, so it is somebody else until the end.
class Unprivileged {
public:
    Unprivileged() {
        if (was_root_) { EXPECT_EQ(seteuid(65534), 0); }
    }
    ~Unprivileged() {
        if (was_root_) { EXPECT_EQ(seteuid(0), 0); }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    bool was_root_ = geteuid() == 0;
};

/// Sets a variable of the environment, or takes it away, until the end.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* old = std::getenv(name)) { old_ = old; }
        set(value);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { set(old_ ? old_->c_str() : nullptr); }

private:
    void set(const char* value) {
        if (value == nullptr) {
            unsetenv(name_);
        } else {
            setenv(name_, value, 1);
        }
    }
    const char* name_;
    std::optional<std::string> old_;
};

uid_t owner_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
    return status.st_uid;
}

TEST(StatePlaces, AreTheConfiguredOneOrTheUsualOnes) {
    const Variable home("HOME", "/home/ada");
    const Variable given("STATE_DIRECTORY", nullptr);
    const Variable chosen("XDG_STATE_HOME", nullptr);
    EXPECT_THAT(state_places("/srv/state"), ElementsAre("/srv/state"));
    EXPECT_THAT(state_places(""),
                ElementsAre("/var/lib/meridian", "/home/ada/.local/state/meridian"));
    const Variable relative("XDG_STATE_HOME", "state");
    EXPECT_THAT(state_places(""),
                ElementsAre("/var/lib/meridian", "/home/ada/.local/state/meridian"));
    const Variable absolute("XDG_STATE_HOME", "/home/ada/state");
    const Variable unit("STATE_DIRECTORY", "/var/lib/private/meridian:/var/lib/other");
    EXPECT_THAT(state_places(""), ElementsAre("/var/lib/private/meridian", "/var/lib/meridian",
                                              "/home/ada/state/meridian"));
    const Variable homeless("HOME", nullptr);
    const Variable nowhere("XDG_STATE_HOME", nullptr);
    const Variable alone("STATE_DIRECTORY", nullptr);
    EXPECT_THAT(state_places(""), ElementsAre("/var/lib/meridian"));
}

TEST(StateDirectory, IsTheFirstThatCanBeWrittenAndIsMade) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("file", "");
    const auto state = StateDirectory::open_to_write(
        {file, file + "/below", directory.path("a/b/state"), directory.path("other")});
    EXPECT_EQ(state.path(), directory.path("a/b/state"));
    EXPECT_TRUE(state.keeps());
    EXPECT_EQ(state.problem(), "");
    EXPECT_FALSE(std::filesystem::exists(directory.path("other")));
    ASSERT_TRUE(state.write("name", "text"));
    EXPECT_EQ(state.read("name", 100)->text, "text");
    EXPECT_EQ(state.read("name", 3).error().kind, FileFailure::TooLarge);
    EXPECT_EQ(state.read("other", 100).error().kind, FileFailure::Missing);
}

TEST(StateDirectory, ThatCannotBeWrittenIsToldAndStillRead) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("file", "");
    const auto none = StateDirectory::open_to_write({file, file + "/below"});
    EXPECT_FALSE(none.keeps());
    EXPECT_EQ(none.path(), "");
    EXPECT_EQ(none.problem(), "nothing can be kept for the next start: " + file +
                                  ": Not a directory; " + file + "/below: Not a directory");
    EXPECT_EQ(none.read("name", 100).error().kind, FileFailure::Missing);

    directory.write("state/name", "text");
    const auto first = StateDirectory::open_to_write({directory.path("state")});
    const auto second = StateDirectory::open_to_write({directory.path("state")});
    EXPECT_FALSE(second.keeps());
    EXPECT_THAT(second.problem(), HasSubstr("another server holds it"));
    EXPECT_EQ(second.read("name", 100)->text, "text");
}

TEST(StateDirectory, IsFreeAgainWhenItsServerIsGone) {
    const test::TemporaryDirectory directory;
    {
        auto first = StateDirectory::open_to_write({directory.path("state")});
        const StateDirectory moved = std::move(first);
        EXPECT_TRUE(moved.keeps());
        EXPECT_FALSE(StateDirectory::open_to_write({directory.path("state")}).keeps());
    }
    EXPECT_TRUE(StateDirectory::open_to_write({directory.path("state")}).keeps());
}

TEST(StateDirectory, WithoutLeaveIsNotWritten) {
    const test::TemporaryDirectory directory;
    directory.write("state/name", "text");
    ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
    ASSERT_EQ(chmod(directory.path("state").c_str(), 0555), 0);
    const Unprivileged unprivileged;
    const auto state = StateDirectory::open_to_write({directory.path("state")});
    EXPECT_FALSE(state.keeps());
    EXPECT_THAT(state.problem(), HasSubstr("Permission denied"));
    EXPECT_EQ(state.read("name", 100)->text, "text");
}

TEST(StateDirectory, IsReadWithoutBeingMadeOrHeld) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    EXPECT_EQ(StateDirectory::open_to_read({path}).path(), "");
    EXPECT_FALSE(std::filesystem::exists(path));
    const auto server = StateDirectory::open_to_write({path});
    ASSERT_TRUE(server.write("name", "text"));
    const auto state = StateDirectory::open_to_read({directory.path("none"), path});
    EXPECT_EQ(state.path(), path);
    EXPECT_FALSE(state.keeps());
    EXPECT_EQ(state.problem(), "");
    EXPECT_EQ(state.read("name", 100)->text, "text");
}

TEST(StateDirectory, ThatIsFullKeepsWhatItHad) {
    const test::TemporaryDirectory directory;
    const auto state = StateDirectory::open_to_write({directory.path("state")});
    ASSERT_TRUE(state.write("name", "text"));
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    const rlimit small{10, old.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = state.write("name", "a text of more than ten octets");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error(), HasSubstr(directory.path("state/name")));
    EXPECT_EQ(state.read("name", 100)->text, "text");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(state.path()), {}), 1);
}

TEST(StateDirectory, IsHandedOverWithItsFiles) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    directory.write("secret", "root's");
    const std::string path = directory.path("state");
    const auto state = StateDirectory::open_to_write({path});
    ASSERT_TRUE(state.write("name", "text"));
    std::filesystem::create_hard_link(directory.path("secret"), path + "/hard");
    std::filesystem::create_symlink(directory.path("secret"), path + "/soft");
    ASSERT_TRUE(state.hand_over(12345, 12345));
    EXPECT_EQ(owner_of(path), 12345U);
    EXPECT_EQ(owner_of(path + "/name"), 12345U);
    EXPECT_EQ(owner_of(directory.path("secret")), 0U) << "whoever links to it";
}

TEST(StateDirectory, OfOthersIsNotHandedOver) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    directory.write("full/of/things", "");
    const auto full = StateDirectory::open_to_write({directory.path("full")});
    const auto refused = full.hand_over(12345, 12345);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error(), HasSubstr(directory.path("full")));
    EXPECT_EQ(owner_of(full.path()), 0U);

    std::filesystem::create_directory(directory.path("theirs"));
    ASSERT_EQ(chown(directory.path("theirs").c_str(), 54321, 54321), 0);
    const auto theirs = StateDirectory::open_to_write({directory.path("theirs")});
    EXPECT_FALSE(theirs.hand_over(12345, 12345));
    EXPECT_TRUE(theirs.hand_over(54321, 54321));

    directory.write("used/serials", "");
    const auto used = StateDirectory::open_to_write({directory.path("used")});
    EXPECT_TRUE(used.hand_over(12345, 12345));
    EXPECT_EQ(owner_of(used.path()), 12345U);
}

}  // namespace
}  // namespace meridian::server
