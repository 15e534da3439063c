// Checks that root is given up for good.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/privileges.h"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>

#include "tests/server/temporary_directory.h"

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
        // Only root can become another user; a refusal is the right outcome without it.
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

TEST(Privileges, OneThreadMayBecomeAUserAndTheProcessStaysRoot) {
    const auto nobody = find_user("nobody");
    ASSERT_TRUE(nobody.ok());
    if (!is_root()) {
        EXPECT_EQ(run_as(*nobody, [] {}).error(),
                  "cannot become user nobody: Operation not permitted");
        return;
    }
    const test::TemporaryDirectory directory;
    ASSERT_EQ(chmod(directory.path().c_str(), 0755), 0);
    const std::string secret = directory.write("secret", "root's");
    ASSERT_EQ(chmod(secret.c_str(), 0640), 0);
    bool is_nobody = false;
    bool can_read = true;
    bool can_come_back = true;
    const auto ran = run_as(*nobody, [&] {
        is_nobody = geteuid() == nobody->user_id && getuid() == nobody->user_id &&
                    getegid() == nobody->group_id;
        can_read = access(secret.c_str(), R_OK) == 0 || std::ifstream(secret).good();
        can_come_back = syscall(SYS_setresuid, 0, 0, 0) == 0;
    });
    EXPECT_TRUE(ran.ok());
    EXPECT_TRUE(is_nobody);
    EXPECT_FALSE(can_read);
    EXPECT_FALSE(can_come_back);
    EXPECT_TRUE(is_root());
    EXPECT_TRUE(std::ifstream(secret).good());
    // By a group of the user, not by root's.
    ASSERT_EQ(chown(secret.c_str(), 0, nobody->group_id), 0);
    EXPECT_TRUE(run_as(*nobody, [&] { can_read = access(secret.c_str(), R_OK) == 0; }).ok());
    EXPECT_TRUE(can_read);
}

/// Whether a thread may bind a port that takes a right; 0 to 600 are likely to be used.
bool may_bind_low_port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::uint16_t port = 600; port < 1000; ++port) {
        const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (probe < 0) { return false; }
        address.sin_port = htons(port);
        const bool bound =
            bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const int reason = bound ? 0 : errno;
        close(probe);
        if (bound || reason == EACCES) { return bound; }
    }
    return false;
}

TEST(Privileges, TheRightToBindIsLeftToOneThreadAndEndsWithIt) {
    if (!is_root()) { GTEST_SKIP() << "only root becomes another user"; }
    std::ifstream limit("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    int first_free = 0;
    limit >> first_free;
    if (first_free < 1000) { GTEST_SKIP() << "all users may bind here"; }
    const pid_t child = fork();
    if (child == 0) {
        auto binder = become_user(*find_user("nobody"));
        if (!binder || may_bind_low_port()) { _exit(1); }
        bool binds = false;
        binder.value()->run([&] { binds = may_bind_low_port(); });
        if (!binds) { _exit(2); }
        binds = false;
        binder.value()->run([&] { binds = true; });  // too late: it is over
        _exit(binds || may_bind_low_port() ? 3 : 0);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace meridian::server
