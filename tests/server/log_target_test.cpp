// Checks where log lines end, and that no user can redirect a log that root opens.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_target.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "meridian/assert.h"
#include "server/runtime/log.h"
#include "tests/server/log_lines.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

void log_one_line(const std::string& to, const std::string& line) {
    auto log = Log::open({.to = to});
    ASSERT_TRUE(log.ok());
    std::move(log).value()->info(line);
}

/// Has what goes to a descriptor go to a file, until the end.
class Redirected {
public:
    Redirected(int descriptor, const std::string& path)
        : descriptor_(descriptor), before_(dup(descriptor)) {
        const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        MERIDIAN_ASSERT(file >= 0 && before_ >= 0);
        dup2(file, descriptor_);
        close(file);
    }
    ~Redirected() {
        dup2(before_, descriptor_);
        close(before_);
    }
    Redirected(const Redirected&) = delete;
    Redirected& operator=(const Redirected&) = delete;

private:
    int descriptor_;
    int before_;
};

TEST(Log, ToStdoutIsNoFileOfThatName) {
    const test::TemporaryDirectory directory;
    for (const std::string to : {"stdout", "/dev/stdout"}) {
        const Redirected redirected(STDOUT_FILENO, directory.path("out"));
        log_one_line(to, "said to " + to);
    }
    EXPECT_THAT(lines_of(contents(directory.path("out"))),
                ElementsAre(HasSubstr("said to stdout"), HasSubstr("said to /dev/stdout")));
    EXPECT_FALSE(std::filesystem::exists("stdout"));
}

/// A daemon that takes datagrams: the journal, or syslog.
class Daemon {
public:
    explicit Daemon(const std::string& path) : socket_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
        MERIDIAN_ASSERT(socket_ >= 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        unlink(path.c_str());
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    }
    ~Daemon() { close(socket_); }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// All that has come, a string a datagram.
    [[nodiscard]] std::vector<std::string> received() const {
        std::vector<std::string> texts;
        char text[100000];
        for (ssize_t n = 0; (n = recv(socket_, text, sizeof text, MSG_DONTWAIT)) >= 0;) {
            texts.emplace_back(text, static_cast<std::size_t>(n));
        }
        return texts;
    }

private:
    int socket_;
};

std::unique_ptr<LogTarget> open_journal(const std::string& path) {
    auto target = open_log_target("journal", {}, {.journal = path, .syslog = path});
    EXPECT_TRUE(target.ok());
    return std::move(target).value();
}

TEST(LogTarget, FindsAJournalThatWasMadeAnew) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("journal");
    auto first = std::make_unique<Daemon>(path);
    const auto target = open_journal(path);
    EXPECT_TRUE(target->keeps_time());
    EXPECT_TRUE(target->write(LogPriority::Info, "one"));
    EXPECT_THAT(first->received(), ElementsAre(HasSubstr("PRIORITY=6\nMESSAGE=one\n")));
    first.reset();
    const Daemon second(path);
    EXPECT_TRUE(target->write(LogPriority::Error, "two"));
    EXPECT_TRUE(target->write(LogPriority::Info, std::string(300000, 'x'))) << "is cut, not lost";
    EXPECT_THAT(second.received(),
                ElementsAre(HasSubstr("PRIORITY=3\nMESSAGE=two\n"), HasSubstr("MESSAGE=xxx")));
    EXPECT_EQ(target->take_notice(), "");
}

TEST(LogTarget, GoesToStderrAndSaysSoWhileThereIsNoDaemon) {
    for (const std::string to : {"journal", "syslog"}) {
        SCOPED_TRACE(to);
        const test::TemporaryDirectory directory;
        const std::string path = directory.path("socket");
        auto target = std::move(open_log_target(to, {}, {.journal = path, .syslog = path})).value();
        EXPECT_FALSE(target->keeps_time());
        {
            const Redirected redirected(STDERR_FILENO, directory.path("err"));
            EXPECT_TRUE(target->write(LogPriority::Warning, "one"));
            EXPECT_TRUE(target->write(LogPriority::Info, "two"));
        }
        EXPECT_EQ(contents(directory.path("err")), "<4>one\n<6>two\n");
        EXPECT_THAT(target->take_notice(),
                    MatchesRegex("the .*" + path +
                                 "\\) cannot be reached, so the log goes to "
                                 "stderr until it can: No such file or directory"));
        EXPECT_EQ(target->take_notice(), "") << "once is enough";
    }
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("socket");
    auto gone = std::make_unique<Daemon>(path);
    const auto target = open_journal(path);
    gone.reset();
    {
        const Redirected redirected(STDERR_FILENO, directory.path("err"));
        EXPECT_TRUE(target->write(LogPriority::Info, "the last line"));
    }
    EXPECT_EQ(contents(directory.path("err")), "<6>the last line\n");
    EXPECT_THAT(target->take_notice(), HasSubstr("Connection refused"));
    const Daemon back(path);
    EXPECT_TRUE(target->write(LogPriority::Info, "again"));
    EXPECT_EQ(back.received().size(), 1U);
}

TEST(Log, TellsThatThereIsNoSyslog) {
    if (std::filesystem::exists("/dev/log")) { GTEST_SKIP() << "there is"; }
    const test::TemporaryDirectory directory;
    {
        const Redirected redirected(STDERR_FILENO, directory.path("err"));
        log_one_line("syslog", "first and last");
    }
    EXPECT_THAT(
        lines_of(contents(directory.path("err"))),
        ElementsAre(MatchesRegex("<6>20.*info: first and last"),
                    MatchesRegex("<4>20.*warning: the syslog daemon .*cannot be reached.*")));
}

struct stat status_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
    return status;
}

/// Root opens a log in a folder that user 12345 may write to, and becomes that user.
class LogOfAUser : public testing::Test {
protected:
    void SetUp() override {
        if (geteuid() != 0) { GTEST_SKIP() << "only root has rights that others want to use"; }
        std::filesystem::create_directory(theirs_);
        ASSERT_EQ(chown(theirs_.c_str(), 12345, 12345), 0);
        secret_ = directory_.write("secret", "secret");
    }
    /// Why the log is not opened; empty where it is.
    [[nodiscard]] std::string refusal(const std::string& path,
                                      const std::optional<FutureOwner>& future) const {
        const auto target = open_log_target(path, future);
        if (!target) { return target.error(); }
        EXPECT_TRUE(target.value()->write(LogPriority::Info, "line"));
        return {};
    }
    [[nodiscard]] bool secret_is_as_it_was() const {
        return contents(secret_) == "secret" && status_of(secret_).st_uid == 0;
    }

    test::TemporaryDirectory directory_;
    std::string theirs_ = directory_.path("theirs");
    std::string secret_;
    FutureOwner user_{12345, 12345};
};

TEST_F(LogOfAUser, IsMadeAndHandedOver) {
    const std::string path = theirs_ + "/log";
    EXPECT_EQ(refusal(path, user_), "");
    EXPECT_EQ(status_of(path).st_uid, 12345U);
    EXPECT_EQ(refusal(path, user_), "") << "the second start finds it";
    EXPECT_EQ(lines_of(contents(path)).size(), 2U);
}

TEST_F(LogOfAUser, IsNoLink) {
    std::filesystem::create_symlink(secret_, theirs_ + "/soft");
    std::filesystem::create_symlink(directory_.path("missing"), theirs_ + "/dangling");
    std::filesystem::create_symlink(directory_.path(), theirs_ + "/up");
    std::filesystem::create_hard_link(secret_, theirs_ + "/hard");
    for (const auto& future : {std::optional(user_), std::optional<FutureOwner>()}) {
        EXPECT_THAT(refusal(theirs_ + "/soft", future), HasSubstr("a symbolic link on the way"));
        EXPECT_THAT(refusal(theirs_ + "/dangling", future), HasSubstr("symbolic link"));
        EXPECT_THAT(refusal(theirs_ + "/up/secret", future), HasSubstr("symbolic link"));
        EXPECT_THAT(refusal(theirs_ + "/up/log", future), HasSubstr("symbolic link"));
        EXPECT_THAT(refusal(theirs_ + "/hard", future), HasSubstr("it is a hard link"));
    }
    EXPECT_TRUE(secret_is_as_it_was());
    EXPECT_FALSE(std::filesystem::exists(directory_.path("missing")));
    EXPECT_FALSE(std::filesystem::exists(directory_.path("log")));
}

TEST_F(LogOfAUser, IsAnOrdinaryFile) {
    const std::string pipe = theirs_ + "/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    EXPECT_THAT(refusal(pipe, user_), HasSubstr("it is no ordinary file"));
    close(reader);
    EXPECT_THAT(refusal(theirs_, user_), HasSubstr("Is a directory"));
}

TEST_F(LogOfAUser, IsNotTheFileOfSomebodyElse) {
    const std::string path = directory_.write("theirs/log", "");
    ASSERT_EQ(chown(path.c_str(), 54321, 54321), 0);
    EXPECT_THAT(refusal(path, user_), HasSubstr("it belongs to user 54321"));
    EXPECT_THAT(refusal(path, {}), HasSubstr("it belongs to user 54321"));
}

TEST_F(LogOfAUser, BehindALinkThatRootLaidIsOpened) {
    std::filesystem::create_symlink(theirs_, directory_.path("logs"));
    EXPECT_EQ(refusal(directory_.path("logs/log"), user_), "");
    EXPECT_EQ(status_of(theirs_ + "/log").st_uid, 12345U);
}

/// The user swaps a file for a link all the time.
TEST_F(LogOfAUser, IsNotLedElsewhereByAnybodyWhoIsQuick) {
    const std::string path = theirs_ + "/log";
    directory_.write("theirs/log", "");
    ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
    std::filesystem::create_symlink(secret_, theirs_ + "/link");
    std::atomic<bool> stop = false;
    std::thread swapper([&] {
        while (!stop.load()) {
            renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, (theirs_ + "/link").c_str(),
                      RENAME_EXCHANGE);
        }
    });
    for (int i = 0; i < 2000; ++i) {
        (void)open_log_target(path, user_).ok();
    }
    stop.store(true);
    swapper.join();
    EXPECT_TRUE(secret_is_as_it_was());
}

/// Another user, until the end, as a server is once it has given up root.
class AsUser {
public:
    explicit AsUser(uid_t user) { EXPECT_EQ(seteuid(user), 0); }
    ~AsUser() { EXPECT_EQ(seteuid(0), 0); }
    AsUser(const AsUser&) = delete;
    AsUser& operator=(const AsUser&) = delete;
};

/// A log that root opened for user 12345, who opens it anew after another user moved it away.
class LogOpenedAnew : public LogOfAUser {
protected:
    static constexpr uid_t kOther = 54321;

    void SetUp() override {
        LogOfAUser::SetUp();
        if (IsSkipped()) { return; }
        // What the server saves, which no log line may get into.
        serials_ = directory_.write("serials", "saved");
        ASSERT_EQ(chown(serials_.c_str(), user_.user_id, user_.group_id), 0);
        std::filesystem::permissions(directory_.path(), std::filesystem::perms(0755));
    }
    /// Opens the log as a start does: root for the user, or the user itself.
    std::unique_ptr<LogTarget> start(const std::string& path, bool as_root) {
        if (as_root) { return std::move(open_log_target(path, user_)).value(); }
        const AsUser user(user_.user_id);
        return std::move(open_log_target(path)).value();
    }
    /// Opens it anew after `change`. Then a start has to refuse it as well, with the same reason.
    void expect_refused(const std::string& why, const std::function<void()>& change) {
        for (const bool as_root : {true, false}) {
            SCOPED_TRACE(as_root ? "started as root" : "started as the user");
            const std::string path = theirs_ + "/log";
            std::filesystem::remove_all(theirs_);
            std::filesystem::create_directory(theirs_);
            ASSERT_EQ(chown(theirs_.c_str(), user_.user_id, user_.group_id), 0);
            const auto target = start(path, as_root);
            ASSERT_EQ(chown(theirs_.c_str(), kOther, kOther), 0);
            std::filesystem::permissions(theirs_, std::filesystem::perms(0777));
            std::filesystem::remove(theirs_ + ".moved");
            std::filesystem::rename(path, theirs_ + ".moved");
            change();
            {
                const AsUser user(user_.user_id);
                EXPECT_THAT(target->reopen(), HasSubstr(why));
                EXPECT_TRUE(target->write(LogPriority::Info, "goes on"));
            }
            EXPECT_EQ(contents(serials_), "saved");
            EXPECT_THAT(contents(theirs_ + ".moved"), HasSubstr("goes on"));
            EXPECT_THAT(refusal(path, user_), HasSubstr(why)) << "the next start";
        }
    }

    std::string serials_;
};

TEST_F(LogOpenedAnew, IsNoLinkOfAnotherUser) {
    expect_refused("a symbolic link on the way", [&] {
        std::filesystem::create_symlink(serials_, theirs_ + "/log");
        ASSERT_EQ(lchown((theirs_ + "/log").c_str(), kOther, kOther), 0);
    });
}

TEST_F(LogOpenedAnew, IsNoHardLink) {
    expect_refused("it is a hard link",
                   [&] { std::filesystem::create_hard_link(serials_, theirs_ + "/log"); });
    std::filesystem::remove_all(theirs_);
}

TEST_F(LogOpenedAnew, IsNoPipeOfAnotherUser) {
    int reader = -1;
    expect_refused("it belongs to user 54321", [&] {
        const std::string pipe = theirs_ + "/log";
        ASSERT_EQ(mkfifo(pipe.c_str(), 0666), 0);
        ASSERT_EQ(chmod(pipe.c_str(), 0666), 0);
        if (reader >= 0) { close(reader); }
        reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ASSERT_EQ(chown(pipe.c_str(), kOther, kOther), 0);
    });
    close(reader);
}

TEST_F(LogOpenedAnew, LiesBehindNoLinkOfAnotherUser) {
    expect_refused("a symbolic link on the way", [&] {
        const std::string elsewhere = directory_.path("elsewhere");
        std::filesystem::create_directory(elsewhere);
        std::filesystem::copy_file(serials_, elsewhere + "/log",
                                   std::filesystem::copy_options::overwrite_existing);
        ASSERT_EQ(chown(elsewhere.c_str(), user_.user_id, user_.group_id), 0);
        std::filesystem::remove_all(theirs_);
        std::filesystem::create_symlink(elsewhere, theirs_);
        ASSERT_EQ(lchown(theirs_.c_str(), kOther, kOther), 0);
    });
}

/// What the user or root laid: the way that administrators have always had.
TEST_F(LogOpenedAnew, IsTakenWhereRootOrTheUserLaidIt) {
    const std::string logs = directory_.path("logs");
    std::filesystem::create_symlink(theirs_, logs);  // of root
    ASSERT_EQ(chown(theirs_.c_str(), user_.user_id, user_.group_id), 0);
    for (const bool as_root : {true, false}) {
        const auto target = start(logs + "/log", as_root);
        std::filesystem::rename(theirs_ + "/log", theirs_ + "/log.1");
        const AsUser user(user_.user_id);
        EXPECT_EQ(target->reopen(), "");
        EXPECT_TRUE(target->write(LogPriority::Info, "anew"));
        EXPECT_THAT(contents(theirs_ + "/log"), HasSubstr("anew"));
    }
    const AsUser user(user_.user_id);
    std::filesystem::create_symlink(theirs_ + "/log.1", theirs_ + "/own-link");
    EXPECT_EQ(refusal(theirs_ + "/own-link", {}), "");
}

}  // namespace
}  // namespace meridian::server
