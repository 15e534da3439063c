// Checks that work in the background leaves the core to others, and still makes progress.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/background.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "server/runtime/privileges.h"

namespace meridian::server {
namespace {

using namespace std::chrono_literals;

/// What a thread's work runs as, in a process that may leave SCHED_IDLE and in one that may not.
int policy_at_work() {
    Background background;
    const Background::Work work(background);
    return sched_getscheduler(0);
}

/// The exit status of a child process that has no rights but those that it may have preserved.
template <typename Keep>
int policy_of_a_user_at_work(Keep keep) {
    const pid_t child = fork();
    if (child == 0) {
        const rlimit none{0, 0};
        setrlimit(RLIMIT_NICE, &none);
        keep();
        const auto nobody = find_user("nobody");
        if (!nobody || !become_user(*nobody)) { _exit(100); }
        int policy = 101;
        std::thread([&policy] {
            Background::be_nice();
            policy = policy_at_work();
        }).join();
        _exit(policy);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class BackgroundOfRoot : public testing::Test {
protected:
    void SetUp() override {
        if (!is_root()) { GTEST_SKIP() << "only root may always leave SCHED_IDLE"; }
    }
};

TEST_F(BackgroundOfRoot, GivesWayUntilTheWorkIsDone) {
    Background background;
    {
        const Background::Work work(background);
        EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE);
    }
    EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
}

TEST_F(BackgroundOfRoot, WorkThatDoesNotGetOnIsRaisedWithAllThatItStarted) {
    Background background;
    std::atomic<bool> was_idle = false;
    // On a busy machine both may be raised before the started thread has run at all.
    for (int tries = 0; tries < 100 && !was_idle; ++tries) {
        const Background::Work work(background);
        std::thread started([&was_idle] {
            was_idle = sched_getscheduler(0) == SCHED_IDLE;
            while (sched_getscheduler(0) == SCHED_IDLE) {
                std::this_thread::sleep_for(1ms);
            }
        });
        while (sched_getscheduler(0) == SCHED_IDLE) {  // asleep, it gets on as little as if starved
            std::this_thread::sleep_for(1ms);
        }
        started.join();
    }
    EXPECT_TRUE(was_idle);
}

TEST_F(BackgroundOfRoot, AUserThatCouldNotComeBackNeverGoes) {
    EXPECT_EQ(policy_of_a_user_at_work([] {}), SCHED_OTHER);
}

TEST_F(BackgroundOfRoot, AUserMayComeBackWhereRootHasKeptTheWay) {
    // In a container root may lack CAP_SYS_RESOURCE, and has nothing to keep then.
    rlimit before{};
    getrlimit(RLIMIT_NICE, &before);
    const rlimit more{before.rlim_cur, before.rlim_max + 1};
    if (setrlimit(RLIMIT_NICE, &more) != 0) { GTEST_SKIP() << "this root may raise no limit"; }
    EXPECT_EQ(policy_of_a_user_at_work([] { Background::keep_way_back(); }), SCHED_IDLE);
}

TEST(Background, IsNiceAndLeavesOtherThreadsAlone) {
    const auto niceness = [] { return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())); };
    const int before = niceness();
    int inside = 0;
    std::thread([&] {
        Background::be_nice();
        inside = niceness();
    }).join();
    EXPECT_EQ(inside, std::max(before, Background::kNiceness));
    EXPECT_EQ(niceness(), before);
}

}  // namespace
}  // namespace meridian::server
