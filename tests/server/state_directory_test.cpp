// Checks where state is saved, and that no fault of that place is more than a warning.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/file_descriptor.h"
#include "meridian/octet_hash.h"
#include "tests/server/path_facts.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using test::mode_of;

using testing::ElementsAre;
using testing::HasSubstr;

/// Root may write everywhere, so it is another user until the end.
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
    EXPECT_TRUE(state.saves());
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
    EXPECT_FALSE(none.saves());
    EXPECT_EQ(none.path(), "");
    EXPECT_EQ(none.problem(), "nothing can be saved for the next start: " + file +
                                  ": Not a directory; " + file + "/below: Not a directory");
    EXPECT_EQ(none.read("name", 100).error().kind, FileFailure::Missing);

    directory.write("state/name", "text");
    const auto first = StateDirectory::open_to_write({directory.path("state")});
    const auto second = StateDirectory::open_to_write({directory.path("state")});
    EXPECT_FALSE(second.saves());
    EXPECT_THAT(second.problem(), HasSubstr("another server uses it"));
    EXPECT_EQ(second.read("name", 100)->text, "text");
}

TEST(StateDirectory, IsFreeAgainWhenItsServerIsGone) {
    const test::TemporaryDirectory directory;
    {
        auto first = StateDirectory::open_to_write({directory.path("state")});
        const StateDirectory moved = std::move(first);
        EXPECT_TRUE(moved.saves());
        EXPECT_FALSE(StateDirectory::open_to_write({directory.path("state")}).saves());
    }
    EXPECT_TRUE(StateDirectory::open_to_write({directory.path("state")}).saves());
}

TEST(StateDirectory, WithoutLeaveIsNotWritten) {
    const test::TemporaryDirectory directory;
    directory.write("state/name", "text");
    ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
    ASSERT_EQ(chmod(directory.path("state").c_str(), 0555), 0);
    const Unprivileged unprivileged;
    const auto state = StateDirectory::open_to_write({directory.path("state")});
    EXPECT_FALSE(state.saves());
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
    EXPECT_FALSE(state.saves());
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
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(state.path()), {}), 2)
        << "the file and the lock";
}

/// Names as Meridian gives them.
const std::string kText = "texts/" + digest_of("a zone").to_text();
const std::string kTable = "routes-" + digest_of("a policy").to_text();

TEST(StateDirectory, IsItsOwnersAloneWhateverTheUmask) {
    for (const mode_t mask : {0U, 022U, 077U, 0777U}) {
        SCOPED_TRACE(mask);
        const test::TemporaryDirectory directory;
        const std::string path = directory.path("state");
        const mode_t before = umask(mask);
        const auto state = StateDirectory::open_to_write({path});
        EXPECT_TRUE(state.write("serials", "text"));
        EXPECT_TRUE(state.write_unsynced(kText, "text"));
        umask(before);
        EXPECT_EQ(mode_of(path), 0750U);
        EXPECT_EQ(mode_of(path + "/texts"), 0750U);
        EXPECT_EQ(mode_of(path + "/meridian.lock"), 0600U);
        EXPECT_EQ(mode_of(path + "/serials"), 0600U);
        EXPECT_EQ(mode_of(path + "/" + kText), 0600U);
    }
}

TEST(StateDirectory, OfAnEarlierVersionIsClosedToOthers) {
    const test::TemporaryDirectory directory;
    for (const std::string& name : {std::string("serials"), std::string("atlas"), kText, kTable}) {
        ASSERT_EQ(chmod(directory.write("state/" + name, "").c_str(), 0644), 0);
    }
    const std::string novel = directory.write("state/texts/my-novel.txt", "");
    ASSERT_EQ(chmod(novel.c_str(), 0644), 0);
    const auto state = StateDirectory::open_to_write({directory.path("state")});
    for (const std::string& name : {std::string("serials"), std::string("atlas"), kText, kTable}) {
        EXPECT_EQ(mode_of(directory.path("state/" + name)), 0600U) << name;
    }
    EXPECT_EQ(mode_of(directory.path("state/texts")), 0750U);
    EXPECT_EQ(mode_of(novel), 0644U) << "is another user's";
}

TEST(StateDirectory, ListsAndRemovesOnlyNamesThatMeridianGives) {
    const test::TemporaryDirectory directory;
    const std::vector<std::string> others{"texts/my-novel.txt",   "texts/" + std::string(32, 'g'),
                                          "routes-to-work",       "routes-",
                                          ".notes.new",           ".serials.new",
                                          ".serials.draft-1.new", ".notes.1-0.new",
                                          "texts/.novel.1-0.new", kText + ".bak"};
    for (const std::string& name : others) {
        directory.write("state/" + name, "");
    }
    for (const std::string& name : {kText, kTable, std::string("serials")}) {
        directory.write("state/" + name, "");
    }
    const std::vector<std::string> unfinished{".serials.17-0.new", "." + kTable + ".17-3.new",
                                              "texts/." + kText.substr(6) + ".1-0.new"};
    for (const std::string& name : unfinished) {
        directory.write("state/" + name, "");
    }
    const auto state = StateDirectory::open_to_write({directory.path("state")});
    EXPECT_THAT(state.list(""), testing::UnorderedElementsAre("serials", kTable));
    EXPECT_THAT(state.list("texts"), ElementsAre(kText.substr(6)));
    for (const std::string& name : others) {
        EXPECT_TRUE(std::filesystem::exists(directory.path("state/" + name))) << name;
    }
    for (const std::string& name : unfinished) {
        EXPECT_FALSE(std::filesystem::exists(directory.path("state/" + name))) << name;
    }
}

TEST(StateDirectory, FollowsNoLinkInside) {
    const test::TemporaryDirectory directory;
    const std::string secret = directory.write("elsewhere/secret", "secret");
    const std::string other = directory.write("elsewhere/" + kText.substr(6), "other");
    ASSERT_EQ(chmod(secret.c_str(), 0644), 0);
    const std::string path = directory.path("state");
    std::filesystem::create_directory(path);
    std::filesystem::create_symlink(secret, path + "/serials");
    std::filesystem::create_symlink(directory.path("elsewhere"), path + "/texts");
    const auto state = StateDirectory::open_to_write({path});
    EXPECT_EQ(state.read("serials", 100).error().kind, FileFailure::Unreadable);
    EXPECT_EQ(state.read(kText, 100).error().kind, FileFailure::Unreadable);
    EXPECT_THAT(state.list("texts"), ElementsAre());
    EXPECT_TRUE(state.write("serials", "new"));
    EXPECT_FALSE(state.write(kText, "new"));
    state.remove(kText);
    EXPECT_EQ(state.read("serials", 100)->text, "new") << "the link is replaced";
    EXPECT_EQ(mode_of(secret), 0644U);
    std::ifstream kept(other);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "other");
}

TEST(StateDirectory, ThatIsRemovedIsNoticedAndMadeAnew) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    auto state = StateDirectory::open_to_write({path});
    EXPECT_FALSE(state.is_lost());
    std::filesystem::remove_all(path);
    EXPECT_TRUE(state.is_lost());
    EXPECT_FALSE(state.write("serials", "text"));
    ASSERT_TRUE(state.make_anew());
    EXPECT_FALSE(state.is_lost());
    EXPECT_TRUE(state.write("serials", "text"));
    EXPECT_FALSE(StateDirectory::open_to_write({path}).saves()) << "it is held";

    std::filesystem::rename(path, directory.path("moved"));
    EXPECT_TRUE(state.is_lost());
    const auto other = StateDirectory::open_to_write({path});
    EXPECT_TRUE(state.is_lost()) << "the path is another server's now";
    EXPECT_THAT(state.make_anew().error(), HasSubstr("another server uses it"));
}

TEST(StateDirectory, ThatLosesItsLockIsLostAndHeldAnew) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    auto state = StateDirectory::open_to_write({path});
    ASSERT_TRUE(state.write("serials", "text"));
    std::filesystem::remove(path + "/meridian.lock");
    EXPECT_TRUE(state.is_lost()) << "another server could hold it";
    ASSERT_TRUE(state.make_anew());
    EXPECT_FALSE(state.is_lost());
    EXPECT_EQ(state.read("serials", 100)->text, "text");
    EXPECT_FALSE(StateDirectory::open_to_write({path}).saves());

    std::filesystem::remove(path + "/meridian.lock");
    const auto other = StateDirectory::open_to_write({path});
    EXPECT_TRUE(other.saves());
    EXPECT_TRUE(state.is_lost());
    EXPECT_THAT(state.make_anew().error(), HasSubstr("another server uses it"));
}

/// Locks `path` until the end, as any user who may open it could.
class Lock {
public:
    explicit Lock(const std::string& path)
        : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        is_held_ = file_.valid() && flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
    }
    [[nodiscard]] bool is_held() const { return is_held_; }

private:
    FileDescriptor file_;
    bool is_held_ = false;
};

TEST(StateDirectory, CannotBeHeldByWhoMayOnlyLookIntoIt) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    std::filesystem::create_directory(path);
    const Lock somebodys(path);
    ASSERT_TRUE(somebodys.is_held());
    const auto state = StateDirectory::open_to_write({path});
    EXPECT_TRUE(state.saves()) << state.problem();
    EXPECT_FALSE(Lock(path + "/meridian.lock").is_held()) << "that is the server's";
}

TEST(StateDirectory, TakesALockThatWasLeftAndClosesItToOthers) {
    const test::TemporaryDirectory directory;
    const std::string lock = directory.write("state/meridian.lock", "");
    ASSERT_EQ(chmod(lock.c_str(), 0666), 0);
    EXPECT_TRUE(StateDirectory::open_to_write({directory.path("state")}).saves());
    EXPECT_EQ(mode_of(lock), 0600U);
    EXPECT_TRUE(StateDirectory::open_to_write({directory.path("state")}).saves());
}

TEST(StateDirectory, TakesNothingElseForItsLock) {
    const test::TemporaryDirectory directory;
    const std::string secret = directory.write("secret", "");
    ASSERT_EQ(chmod(secret.c_str(), 0644), 0);
    const std::string path = directory.path("state");
    const std::string lock = path + "/meridian.lock";
    std::filesystem::create_directory(path);
    const auto problem = [&] {
        const std::string ahead = StateDirectory::look_ahead({path}, {}).problem;
        const std::string text = StateDirectory::open_to_write({path}).problem();
        EXPECT_EQ(ahead, text) << "`check` says what a start says";
        std::filesystem::remove(lock);
        return text;
    };
    std::filesystem::create_symlink(secret, lock);
    EXPECT_THAT(problem(), HasSubstr("meridian.lock in it is a symbolic link; remove it"));
    std::filesystem::create_symlink(directory.path("missing"), lock);
    EXPECT_THAT(problem(), HasSubstr("meridian.lock in it is a symbolic link; remove it"));
    std::filesystem::create_hard_link(secret, lock);
    EXPECT_THAT(problem(), HasSubstr("meridian.lock in it is a hard link"));
    ASSERT_EQ(mkfifo(lock.c_str(), 0600), 0);
    EXPECT_THAT(problem(), HasSubstr("meridian.lock in it is no ordinary file; remove it"));
    std::filesystem::create_directory(lock);
    EXPECT_THAT(problem(), HasSubstr("meridian.lock in it is no ordinary file; remove it"));
    EXPECT_EQ(mode_of(secret), 0644U);
    EXPECT_FALSE(std::filesystem::exists(directory.path("missing")));
    EXPECT_EQ(problem(), "");
}

}  // namespace
}  // namespace meridian::server
