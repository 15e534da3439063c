// Checks that nobody has root overwrite, delete or give away what is not the state directory's.
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

#include "meridian/fingerprint.h"
#include "server/sources/state_directory.h"
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
const std::string kText = "texts/" + Fingerprint::of("a zone").to_text();
const std::string kTable = "routes-" + Fingerprint::of("a policy").to_text();

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
    ASSERT_TRUE(state.write(kText, "text"));
    std::filesystem::create_hard_link(directory.path("secret"), path + "/atlas");
    std::filesystem::create_symlink(directory.path("secret"), path + "/" + kTable);
    directory.write("state/notes", "root's");
    ASSERT_TRUE(state.hand_over({12345, 12345}));
    EXPECT_EQ(owner_of(path), 12345U);
    EXPECT_EQ(owner_of(path + "/serials"), 12345U);
    EXPECT_EQ(owner_of(path + "/texts"), 12345U);
    EXPECT_EQ(owner_of(path + "/" + kText), 12345U);
    EXPECT_EQ(owner_of(directory.path("secret")), 0U) << "whoever links to it";
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
    EXPECT_FALSE(state.keeps());
    EXPECT_EQ(state.path(), "") << "what it says is not believed";
    EXPECT_THAT(state.problem(), HasSubstr(theirs + ": it belongs to user 12345; give it to"));
    EXPECT_FALSE(StateDirectory::open_to_write({theirs}, FutureOwner{54321, 1}).keeps());

    const auto own = StateDirectory::open_to_write({theirs}, FutureOwner{12345, 12345});
    EXPECT_TRUE(own.keeps());
    EXPECT_TRUE(own.hand_over({12345, 12345}));
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
        EXPECT_FALSE(state.keeps()) << path;
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
    EXPECT_TRUE(state.keeps()) << state.problem();
    EXPECT_TRUE(state.write("serials", ""));
    EXPECT_TRUE(std::filesystem::exists(directory.path("private/meridian/serials")));
    EXPECT_FALSE(state.is_lost());

    std::filesystem::create_symlink("loop", directory.path("loop"));
    EXPECT_FALSE(StateDirectory::open_to_write({directory.path("loop")}).keeps());
}

/// A folder is swapped for a link all the time while root enters, fills and hands over what lies
/// below: whatever it meets, nothing outside changes hands.
TEST(StateDirectory, IsNotLedElsewhereBySwappingFolders) {
    if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
    const test::TemporaryDirectory directory;
    const std::string theirs = folder_of_a_user(directory);
    directory.write("roots/serials", "root's");
    directory.write("roots/" + kText, "root's");
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
        if (!state.keeps()) { continue; }
        [[maybe_unused]] const bool written = state.write(kText, "text").ok();
        [[maybe_unused]] const bool given = state.hand_over(future).ok();
    }
    stop.store(true);
    swapper.join();
    for (const std::string& name : {std::string(), std::string("/serials"), "/" + kText}) {
        EXPECT_EQ(owner_of(directory.path("roots") + name), 0U) << name;
    }
}

}  // namespace
}  // namespace meridian::server
