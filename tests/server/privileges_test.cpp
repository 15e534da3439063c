// Checks that root is given up for good.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/privileges.h"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace meridian::server {
namespace {

TEST(Privileges, AUserThatDoesNotExistIsAnError) {
    const auto user = find_user("no-such-user-here");
    ASSERT_FALSE(user.ok());
    EXPECT_EQ(user.error(), "there is no user called no-such-user-here on this system");
}

TEST(Privileges, RootIsFound) {
    const auto user = find_user("root");
    ASSERT_TRUE(user.ok());
    EXPECT_EQ(user->user_id, 0U);
}

TEST(Privileges, WhoBecomesAUserCannotGoBack) {
    if (!is_root()) {
        // Becoming somebody else takes root; being refused is then the right outcome.
        EXPECT_FALSE(become_user({"root", 0, 0}).ok());
        return;
    }
    const pid_t child = fork();
    if (child == 0) {
        const auto nobody = find_user("nobody");
        const bool became = nobody.ok() && become_user(*nobody).ok();
        const bool has_ids = geteuid() == nobody->user_id && getegid() == nobody->group_id;
        gid_t groups[64];
        bool in_root_group = false;
        const int count = getgroups(64, groups);
        for (int i = 0; i < count; ++i) {
            in_root_group = in_root_group || groups[i] == 0;
        }
        const bool is_stuck = seteuid(0) != 0 && setegid(0) != 0;
        _exit(became && has_ids && !in_root_group && is_stuck ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace meridian::server
