// Checks that no user can make root overwrite, delete or hand over a file outside the directory.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

#include "meridian/octet_hash.h"
#include "server/state/state_directory.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;

uid_t owner_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
    return status.st_uid;
}

/// Names as Meridian gives them.
const std::string kTextName = "texts/" + digest_of("a zone").to_text();
const std::string kTableName = "routes-" + digest_of("a policy").to_text();

/// A folder that user 12345 may write to.
std::string folder_of_a_user(const test::TemporaryDirectory& directory) {
    std::filesystem::create_directory(directory.path("theirs"));
    EXPECT_EQ(chmod(directory.path().c_str(), 0755), 0);
    EXPECT_EQ(chown(directory.path("theirs").c_str(), 12345, 12345), 0);
    return directory.path("theirs");
}

TEST(StateDirectory, IsHandedOverWithItsFiles) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    directory.write("secret", "root's");
    const std::string path = directory.path("state");
    const auto state = StateDirectory::open_to_write({path}, FutureOwner{12345, 12345});
    ASSERT_TRUE(state.write("serials", "text"));
    ASSERT_TRUE(state.write(kTextName, "text"));
    std::filesystem::create_hard_link(directory.path("secret"), path + "/atlas");
    std::filesystem::create_symlink(directory.path("secret"), path + "/" + kTableName);
    directory.write("state/notes", "root's");
    ASSERT_TRUE(state.hand_over({12345, 12345}));
    EXPECT_EQ(owner_of(path), 12345U);
    EXPECT_EQ(owner_of(path + "/serials"), 12345U);
    EXPECT_EQ(owner_of(path + "/meridian.lock"), 12345U);
    EXPECT_EQ(owner_of(path + "/texts"), 12345U);
    EXPECT_EQ(owner_of(path + "/" + kTextName), 12345U);
    EXPECT_EQ(owner_of(directory.path("secret")), 0U) << "whatever links to it";
    EXPECT_EQ(owner_of(path + "/notes"), 0U) << "is not Meridian's";
}

TEST(StateDirectory, OfRootIsNotHandedOverWhereItHoldsOtherThings) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    directory.write("full/of/things", "");
    directory.write("full/atlas", "of the world");
    const auto full = StateDirectory::open_to_write({directory.path("full")});
    const auto refused = full.hand_over({12345, 12345});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error(), HasSubstr(directory.path("full")));
    EXPECT_EQ(owner_of(full.path()), 0U);
    EXPECT_EQ(owner_of(full.path() + "/atlas"), 0U);

    directory.write("used/serials", "");
    const auto used = StateDirectory::open_to_write({directory.path("used")});
    EXPECT_TRUE(used.hand_over({12345, 12345}));
    EXPECT_EQ(owner_of(used.path()), 12345U);
}

TEST(StateDirectory, OfSomebodyElseIsNeitherUsedNorReadByRoot) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
    const test::TemporaryDirectory directory;
    const std::string theirs = folder_of_a_user(directory);
    directory.write("theirs/serials", "theirs");
    const auto state = StateDirectory::open_to_write({theirs});
    EXPECT_FALSE(state.saves());
    EXPECT_EQ(state.path(), "") << "what it says is not believed";
    EXPECT_THAT(state.problem(), HasSubstr(theirs + ": it belongs to user 12345; give it to"));
    EXPECT_FALSE(StateDirectory::open_to_write({theirs}, FutureOwner{54321, 1}).saves());

    const auto own = StateDirectory::open_to_write({theirs}, FutureOwner{12345, 12345});
    EXPECT_TRUE(own.saves());
    EXPECT_TRUE(own.hand_over({12345, 12345}));
}

TEST(StateDirectory, OfAUserHasALockOfThatUserAndGivesNothingElseAway) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    const std::string theirs = folder_of_a_user(directory);
    const std::string lock = theirs + "/meridian.lock";
    const FutureOwner future{12345, 12345};
    EXPECT_TRUE(StateDirectory::open_to_write({theirs}, future).saves());
    EXPECT_EQ(owner_of(lock), 12345U);
    EXPECT_TRUE(StateDirectory::open_to_write({theirs}, future).saves());

    // The user gave that name to a file that root had written into the user's folder.
    directory.write("theirs/of-root", "root's");
    std::filesystem::rename(theirs + "/of-root", lock);
    const auto state = StateDirectory::open_to_write({theirs}, future);
    ASSERT_TRUE(state.hand_over(future));
    EXPECT_EQ(owner_of(lock), 0U);

    ASSERT_EQ(chown(lock.c_str(), 54321, 54321), 0);
    EXPECT_THAT(StateDirectory::open_to_write({theirs}, future).problem(),
                HasSubstr("meridian.lock in it belongs to user 54321"));
}

TEST(StateDirectory, OfRootThatWasUsedWithoutAUserIsHandedOverWithItsLock) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root hands over"; }
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    EXPECT_TRUE(StateDirectory::open_to_write({path}).saves());
    EXPECT_EQ(owner_of(path + "/meridian.lock"), 0U);
    const FutureOwner future{12345, 12345};
    const auto state = StateDirectory::open_to_write({path}, future);
    ASSERT_TRUE(state.hand_over(future)) << "it is empty but for the lock";
    EXPECT_EQ(owner_of(path), 12345U);
    EXPECT_EQ(owner_of(path + "/meridian.lock"), 12345U);
}

TEST(StateDirectory, ThatOthersMayWriteToIsNotRoots) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    directory.write("state/serials", "theirs");
    const auto problem_with = [&](mode_t mode, gid_t group) {
        EXPECT_EQ(chmod(path.c_str(), mode), 0);
        EXPECT_EQ(chown(path.c_str(), 0, group), 0);
        const auto state = StateDirectory::open_to_write({path}, FutureOwner{12345, 23456});
        EXPECT_EQ(state.path().empty(), !state.problem().empty()) << "nor is it read";
        return state.problem();
    };
    for (const mode_t mode : {0777U, 02777U, 0757U, 0702U}) {
        EXPECT_THAT(problem_with(mode, 0), HasSubstr("others may write to it (mode ")) << mode;
    }
    EXPECT_THAT(problem_with(0777, 0), HasSubstr(path + ": others may write to it (mode 0777), "));
    EXPECT_THAT(problem_with(0777, 0), HasSubstr("`chmod go-w " + path + "`"));
    EXPECT_THAT(problem_with(0770, 34567), HasSubstr("others may write to it (mode 0770)"));
    EXPECT_EQ(problem_with(0770, 23456), "") << "the user's own group";
    EXPECT_EQ(problem_with(02770, 0), "") << "root's group";
    EXPECT_EQ(problem_with(0755, 34567), "");
    EXPECT_EQ(problem_with(01777, 0), "") << "a tmpfs";
}

TEST(StateDirectory, WithTheStickyBitHoldsFilesOfOthersThatAreNotRead) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root makes files of others"; }
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("state");
    const std::string theirs = directory.write("state/serials", "theirs");
    ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
    ASSERT_EQ(chmod(path.c_str(), 01777), 0);
    ASSERT_EQ(chmod(theirs.c_str(), 0666), 0);
    ASSERT_EQ(chown(theirs.c_str(), 54321, 54321), 0);
    directory.write("state/" + kTextName, "theirs");
    ASSERT_EQ(chown(directory.path("state/texts").c_str(), 54321, 54321), 0);
    for (const uid_t user : {0U, 12345U}) {
        SCOPED_TRACE(user);
        ASSERT_EQ(seteuid(user), 0);
        const auto state = StateDirectory::open_to_write({path});
        EXPECT_TRUE(state.saves()) << state.problem();
        const auto serials = state.read("serials", 100);
        const auto text = state.read(kTextName, 100);
        const auto written = state.write(kTextName, "text");
        ASSERT_EQ(seteuid(0), 0);
        ASSERT_FALSE(serials);
        EXPECT_EQ(serials.error().text, "cannot read " + theirs + ": it belongs to user 54321");
        EXPECT_THAT(text.error().text, HasSubstr(kTextName + ": it belongs to user 54321"));
        EXPECT_THAT(written.error(), HasSubstr(kTextName + ": it belongs to user 54321"));
        std::filesystem::remove(path + "/meridian.lock");
    }
    const std::string lock = directory.write("state/meridian.lock", "");
    ASSERT_EQ(chmod(lock.c_str(), 0666), 0);
    ASSERT_EQ(chown(lock.c_str(), 54321, 54321), 0);
    ASSERT_EQ(seteuid(12345), 0);
    const std::string problem = StateDirectory::open_to_write({path}).problem();
    ASSERT_EQ(seteuid(0), 0);
    EXPECT_THAT(problem, HasSubstr("meridian.lock in it belongs to user 54321"));
}

TEST(StateDirectory, BehindALinkOfAUserIsNotRoots) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
    const test::TemporaryDirectory directory;
    const std::string theirs = folder_of_a_user(directory);
    std::filesystem::create_directory(directory.path("empty"));
    std::filesystem::create_symlink(directory.path("empty"), theirs + "/state");
    std::filesystem::create_symlink(directory.path(), theirs + "/up");
    for (const std::string& path : {theirs + "/state", theirs + "/up/empty", theirs + "/up/new",
                                    theirs + "/../theirs/state"}) {
        const auto state = StateDirectory::open_to_write({path}, FutureOwner{12345, 12345});
        EXPECT_FALSE(state.saves()) << path;
        EXPECT_THAT(state.problem(), HasSubstr("a symbolic link on the way")) << path;
    }
    EXPECT_EQ(owner_of(directory.path("empty")), 0U);
    EXPECT_FALSE(std::filesystem::exists(directory.path("new")));
}

TEST(StateDirectory, BehindALinkOfRootIsUsed) {
    const test::TemporaryDirectory directory;  // systemd lays such a link for DynamicUser=
    std::filesystem::create_directory(directory.path("private"));
    std::filesystem::create_symlink("private/meridian", directory.path("meridian"));
    const auto state = StateDirectory::open_to_write({directory.path("meridian")});
    EXPECT_TRUE(state.saves()) << state.problem();
    EXPECT_TRUE(state.write("serials", ""));
    EXPECT_TRUE(std::filesystem::exists(directory.path("private/meridian/serials")));
    EXPECT_FALSE(state.is_lost());

    std::filesystem::create_symlink("loop", directory.path("loop"));
    EXPECT_FALSE(StateDirectory::open_to_write({directory.path("loop")}).saves());
}

/// A folder is swapped for a link all the time while root enters, fills and hands over what lies
/// below: whatever it meets, nothing outside changes hands.
TEST(StateDirectory, IsNotLedElsewhereBySwappingFolders) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
    const test::TemporaryDirectory directory;
    const std::string theirs = folder_of_a_user(directory);
    directory.write("roots/serials", "root's");
    directory.write("roots/" + kTextName, "root's");
    std::filesystem::create_symlink(directory.path("roots"), theirs + "/link");
    std::atomic<bool> stop = false;
    std::thread swapper([&] {
        while (!stop.load()) {
            renameat2(AT_FDCWD, (theirs + "/link").c_str(), AT_FDCWD, (theirs + "/state").c_str(),
                      RENAME_EXCHANGE);
        }
    });
    const FutureOwner future{12345, 12345};
    for (int i = 0; i < 300; ++i) {
        const auto state = StateDirectory::open_to_write({theirs + "/state"}, future);
        if (!state.saves()) { continue; }
        [[maybe_unused]] const bool written = state.write(kTextName, "text").ok();
        [[maybe_unused]] const bool given = state.hand_over(future).ok();
    }
    stop.store(true);
    swapper.join();
    for (const std::string& name : {std::string(), std::string("/serials"), "/" + kTextName}) {
        EXPECT_EQ(owner_of(directory.path("roots") + name), 0U) << name;
    }
}

}  // namespace
}  // namespace meridian::server
