// Checks what the log writes, and that a reader who stops reading costs lines but never a wait.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <limits>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "server/runtime/log_text.h"
#include "tests/server/log_lines.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

std::unique_ptr<Log> open_log(const LogSettings& settings) {
    auto log = Log::open(settings);
    EXPECT_TRUE(log.ok()) << (log.ok() ? "" : log.error());
    return log.ok() ? std::move(log).value() : nullptr;
}

TEST(LogText, WritesAMessageAndItsFields) {
    EXPECT_EQ(render_log_message(LogFormat::Text, "serving", {{"zones", "2"}, {"on", "a b"}}),
              R"(serving zones=2 on="a b")");
    EXPECT_EQ(render_log_message(LogFormat::Json, "serving", {{"zones", "2"}, {"on", "a b"}}),
              R"("message":"serving","zones":"2","on":"a b")");
}

TEST(LogText, LeavesNumbersNumbers) {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(render_log_message(LogFormat::Text, "m", {{"zones", 2}, {"left", -1}}),
              "m zones=2 left=-1");
    EXPECT_EQ(render_log_message(LogFormat::Json, "m", {{"zones", most}, {"text", "7"}}),
              R"("message":"m","zones":18446744073709551615,"text":"7")");
}

TEST(LogText, EscapesWhatCouldForgeALineOrSteerATerminal) {
    const std::string nasty = "a\nb\r\x1b[31m\"q\\ {} %s \x7f \xc2\x9b z";
    EXPECT_EQ(render_log_message(LogFormat::Text, nasty, {}),
              R"(a\u000ab\u000d\u001b[31m"q\ {} %s \u007f \u009b z)");
    EXPECT_EQ(render_log_message(LogFormat::Json, nasty, {{"k\"", "v\n"}}),
              R"("message":"a\u000ab\u000d\u001b[31m\"q\\ {} %s \u007f \u009b z","k\"":"v\u000a")");
    EXPECT_EQ(render_log_message(LogFormat::Text, "m", {{"k", "v=\"w\"\n"}}),
              R"(m k="v=\"w\"\u000a")");
}

TEST(LogText, ShowsWhatATerminalWouldHide) {
    const std::string nasty = "a\u202eb\u200b\ufeff\u00ad\U000e0041";
    const std::string shown = R"(a\u202eb\u200b\ufeff\u00ad\udb40\udc41)";
    EXPECT_EQ(render_log_message(LogFormat::Text, nasty, {}), shown);
    EXPECT_EQ(render_log_message(LogFormat::Json, nasty, {{"k", nasty}}),
              R"("message":")" + shown + R"(","k":")" + shown + '"');
}

TEST(LogText, ReplacesOctetsThatAreNoUtf8) {
    const auto render = [](const std::string& text) {
        return render_log_message(LogFormat::Text, text, {});
    };
    EXPECT_EQ(render("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8c\x8d"),
              "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8c\x8d");
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(render("\xff"), mark);
    EXPECT_EQ(render("\xc3"), mark) << "cut";
    EXPECT_EQ(render("\xc0\xaf"), mark + mark) << "overlong";
    EXPECT_EQ(render("\xed\xa0\x80"), mark + mark + mark) << "surrogate";
    EXPECT_EQ(render("\xf4\x90\x80\x80"), mark + mark + mark + mark) << "beyond U+10FFFF";
}

TEST(Log, WritesTextLinesWithTimeAndLevel) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("log");
    {
        const auto log = open_log({.to = path});
        log->debug("too little");
        log->info("one {} %d", {{"k", "v"}});
        log->warning("two");
        log->error("three");
    }
    const std::string time = "20[0-9-]+T[0-9:]+\\.[0-9][0-9][0-9]Z ";
    EXPECT_THAT(
        lines_of(contents(path)),
        ElementsAre(MatchesRegex(time + "info: one \\{\\} %d k=v"),
                    MatchesRegex(time + "warning: two"), MatchesRegex(time + "error: three")));
}

TEST(Log, WritesJsonLines) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("log");
    {
        const auto log =
            open_log({.level = LogLevel::Warning, .to = path, .format = LogFormat::Json});
        log->info("too little");
        log->error("three {\"", {{"k", "v"}});
    }
    EXPECT_THAT(
        lines_of(contents(path)),
        ElementsAre(MatchesRegex(
            R"re(\{"time":"20[0-9T:.-]+Z","level":"error","message":"three \{\\"","k":"v"\})re")));
}

TEST(Log, GoesOnInANewFileAfterRotation) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("log");
    {
        const auto log = open_log({.to = path});
        log->info("before");
        log->reopen();  // nothing has moved: the same file goes on
        log->info("between");
        while (contents(path).find("between") == std::string::npos) {
            std::this_thread::yield();
        }
        std::filesystem::rename(path, path + ".1");
        log->reopen();
        log->info("after");
    }
    EXPECT_EQ(lines_of(contents(path + ".1")).size(), 2U);
    EXPECT_THAT(lines_of(contents(path)), ElementsAre(HasSubstr("info: after")));
}

TEST(Log, KeepsTheOldFileWhereTheNewOneCannotBeOpened) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("logs/log");
    std::filesystem::create_directory(directory.path("logs"));
    {
        const auto log = open_log({.to = path});
        log->info("before");
        while (contents(path).empty()) {
            std::this_thread::yield();
        }
        std::filesystem::rename(directory.path("logs"), directory.path("moved"));
        log->reopen();
        log->info("after");
    }
    EXPECT_THAT(lines_of(contents(directory.path("moved/log"))),
                ElementsAre(HasSubstr("before"), HasSubstr("error: cannot reopen the log file"),
                            HasSubstr("after")));
}

TEST(Log, SaysWhyItCouldNotBeOpenedAnewUntilItIs) {
    constexpr std::chrono::seconds kPatience{10};
    const test::TemporaryDirectory directory;
    std::filesystem::create_directory(directory.path("logs"));
    const auto log = open_log({.to = directory.path("logs/log")});
    log->reopen();
    EXPECT_EQ(log->reopen_problem_within(kPatience), "");
    std::filesystem::rename(directory.path("logs"), directory.path("moved"));
    for (int i = 0; i < 3; ++i) {
        log->reopen();
        EXPECT_THAT(log->reopen_problem_within(kPatience),
                    HasSubstr("cannot reopen the log file " + directory.path("logs/log")));
        EXPECT_THAT(log->reopen_problem(), HasSubstr("No such file or directory"));
    }
    std::filesystem::create_directory(directory.path("logs"));
    EXPECT_THAT(log->reopen_problem(), HasSubstr("lines go on")) << "no reopening was tried again";
    log->reopen();
    EXPECT_EQ(log->reopen_problem_within(kPatience), "");
    EXPECT_EQ(log->reopen_problem(), "");
}

TEST(Log, IsOpenedAnewByALineOrAQuestionOnceThatIsMended) {
    constexpr std::chrono::seconds kPatience{10};
    const test::TemporaryDirectory directory;
    const std::string folder = directory.path("logs");
    std::filesystem::create_directory(folder);
    const auto log = open_log({.to = folder + "/log"});
    for (const bool is_asked : {true, false}) {
        std::filesystem::rename(folder, directory.path("moved"));
        log->reopen();
        EXPECT_NE(log->reopen_problem_within(kPatience), "");
        for (int i = 0; i < 3; ++i) {
            log->info("goes on");
            EXPECT_NE(log->reopen_problem_now(kPatience), "");
        }
        log->wait_until_written(kPatience);  // also behind what `reopen` has flushed
        EXPECT_THAT(lines_of(contents(directory.path("moved/log"))),
                    ElementsAre(HasSubstr("error: cannot reopen"), HasSubstr("goes on"),
                                HasSubstr("goes on"), HasSubstr("goes on")))
            << "the same reason is no news";
        std::filesystem::create_directory(folder);
        if (is_asked) { EXPECT_EQ(log->reopen_problem_now(kPatience), ""); }
        log->info("in the new one");
        log->wait_until_written(kPatience);
        EXPECT_THAT(lines_of(contents(folder + "/log")),
                    ElementsAre(HasSubstr("info: the log is opened anew, after that had failed"),
                                HasSubstr("in the new one")));
        std::filesystem::remove_all(directory.path("moved"));
        std::filesystem::remove(folder + "/log");
        log->reopen();
        EXPECT_EQ(log->reopen_problem_within(kPatience), "");
    }
}

TEST(Log, SaysWhatBecomesOfLinesWhereItCannotBeOpenedAnew) {
    constexpr std::chrono::seconds kPatience{10};
    const test::TemporaryDirectory directory;
    const std::string path = directory.write("logs/log", "");
    const auto log = open_log({.to = path});
    std::filesystem::rename(path, path + ".1");
    std::filesystem::create_directory(path);
    log->reopen();
    EXPECT_THAT(log->reopen_problem_within(kPatience),
                HasSubstr("lines go on into the file that was moved away"));
    std::filesystem::remove(path + ".1");
    log->reopen();
    EXPECT_THAT(log->reopen_problem_within(kPatience),
                HasSubstr("lines are lost until then, in the file that was deleted"));
}

TEST(Log, ThatTakesNoLinesSaysSoAndIsNotWaitedForLong) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("pipe");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    {
        const auto log = open_log({.to = path});
        log->info(std::string(1 << 20, 'x'));  // more than a pipe takes
        // Only once the log's thread writes does it come too late for the request.
        pollfd arrival{.fd = reader, .events = POLLIN, .revents = 0};
        ASSERT_EQ(poll(&arrival, 1, 10'000), 1);
        log->reopen();
        EXPECT_THAT(log->reopen_problem_within(std::chrono::milliseconds(50)),
                    HasSubstr("the log takes no lines"));
    }
    close(reader);
}

TEST(Log, ThatIsNoFileIsNotOpenedAnew) {
    const auto log = open_log({.to = "stderr"});
    log->reopen();
    EXPECT_EQ(log->reopen_problem_within(std::chrono::milliseconds(0)), "");
}

TEST(Log, SaysWhichFileItCannotOpen) {
    const auto log = Log::open({.to = "/nowhere/at/all/log"});
    ASSERT_FALSE(log.ok());
    EXPECT_EQ(log.error(),
              "cannot open the log file /nowhere/at/all/log: No such file or directory");
}

/// A pipe in the file system: nearly no room, and read only when the test says so.
class Pipe {
public:
    Pipe() : path_(directory_.path("pipe")) {
        EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
        reader_ = open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        EXPECT_GE(reader_, 0);
        fcntl(reader_, F_SETPIPE_SZ, 4096);
    }
    ~Pipe() { close(reader_); }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

    /// Reads until the last writer has closed its end.
    std::string read_to_end() const {
        fcntl(reader_, F_SETFL, 0);
        std::string text;
        char chunk[4096];
        for (ssize_t octets = 0; (octets = read(reader_, chunk, sizeof chunk)) > 0;) {
            text.append(chunk, static_cast<std::size_t>(octets));
        }
        return text;
    }

private:
    test::TemporaryDirectory directory_;
    std::string path_;
    int reader_ = -1;
};

TEST(Log, CountsEveryLineThatAFullPipeCosts) {
    constexpr std::uint64_t kLines = 2000;
    const Pipe pipe;
    auto log = open_log({.to = pipe.path(), .queue_messages = 16});
    for (std::uint64_t i = 0; i < kLines; ++i) {
        log->info("line " + std::string(100, 'x'));
    }
    // The pipe holds some 30 lines, the queue 16: the others are lost whatever the threads do.
    EXPECT_GT(log->dropped_count(), kLines - 200);
    std::string text;
    std::thread reader([&] { text = pipe.read_to_end(); });
    log->info("line after");
    log.reset();
    reader.join();

    std::uint64_t seen = 0;
    std::uint64_t told = 0;
    const std::regex drops("warning: log lines were dropped.* count=([0-9]+)");
    for (const std::string& line : lines_of(text)) {
        std::smatch match;
        if (std::regex_search(line, match, drops)) {
            told += std::stoull(match[1]);
        } else {
            EXPECT_THAT(line, HasSubstr("info: line"));
            ++seen;
        }
    }
    EXPECT_EQ(seen + told, kLines + 1);
}

TEST(Log, EndsThoughNobodyReads) {
    const Pipe pipe;
    auto log = open_log({.to = pipe.path(), .queue_messages = 16});
    for (int i = 0; i < 200; ++i) {
        log->info(std::string(1000, 'x'));
    }
    log.reset();
    SUCCEED() << "without patience's end this would never be reached";
}

TEST(Log, SpinsNoCoreWhereThePipesReaderIsGone) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path("pipe");
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const int reader = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    std::signal(SIGPIPE, SIG_IGN);  // as the server does
    auto log = open_log({.to = path});
    close(reader);
    const auto before = std::clock();
    log->info("to nobody");
    log->info("to nobody");
    const auto begin = std::chrono::steady_clock::now();
    while (log->dropped_count() < 2 &&
           std::chrono::steady_clock::now() - begin < std::chrono::seconds(20)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(log->dropped_count(), 2U) << "they are lost, and it does not try for ever";
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 4);

    const int again = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    log->info("to somebody");
    log.reset();
    char text[4096];
    const ssize_t octets = read(again, text, sizeof text);
    close(again);
    ASSERT_GT(octets, 0);
    EXPECT_THAT(std::string(text, static_cast<std::size_t>(octets)),
                testing::AllOf(HasSubstr("count=2"), HasSubstr("to somebody")));
}

TEST(Log, LosesLinesButNotItsLifeWhenTheDiskIsFull) {
    auto log = open_log({.to = "/dev/full"});
    log->info("one");
    log->info("two");
    while (log->dropped_count() < 2) {
        std::this_thread::yield();
    }
    EXPECT_EQ(log->dropped_count(), 2U);
}

}  // namespace
}  // namespace meridian::server
