// Checks the control socket with clients that are polite, rude, slow and many.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "server/control/control_client.h"
#include "tests/server/path_facts.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using std::chrono::milliseconds;
using test::folder_of;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kStatus = R"({"command":"status"})";
constexpr const char* kReload = R"({"command":"reload"})";

/// A client that says what it wants, octet by octet if need be.
class Client {
public:
    explicit Client(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        connected_ =
            connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { close(socket_); }

    [[nodiscard]] bool connected() const { return connected_; }
    void say(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) { return; }
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void say_no_more() const { shutdown(socket_, SHUT_WR); }
    /// The next line with its end; what there is when the server closes, or says nothing for 5 s.
    std::string hear() {
        while (heard_.find('\n') == std::string::npos && wait(milliseconds(5'000))) {
            std::array<char, 4096> octets{};
            const ssize_t count = recv(socket_, octets.data(), octets.size(), 0);
            if (count <= 0) { break; }
            heard_.append(octets.data(), static_cast<std::size_t>(count));
        }
        const std::size_t end = heard_.find('\n');
        std::string line = heard_.substr(0, end == std::string::npos ? end : end + 1);
        heard_.erase(0, line.size());
        return line;
    }
    /// Whether the server closes within 5 s, without a word.
    bool is_closed() {
        char octet = 0;
        return wait(milliseconds(5'000)) && recv(socket_, &octet, 1, 0) <= 0;
    }

private:
    [[nodiscard]] bool wait(milliseconds patience) const {
        pollfd waiting{socket_, POLLIN, 0};
        return poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
    }
    int socket_;
    bool connected_ = false;
    std::string heard_;
};

/// A control server whose reloads end when the test says so.
class Control : public testing::Test {
protected:
    using Done = std::function<void(const ReloadOutcome&)>;

    void open(const ControlOptions& options = {}) {
        ControlHandlers handlers;
        handlers.status = [] {
            ServerStatus status;
            status.pid = 4711;
            return status;
        };
        handlers.reload = [this](bool force, const std::string&, Done done) {
            const std::lock_guard lock(mutex_);
            forced_ = force;
            waiting_.push_back(std::move(done));
        };
        auto server = ControlServer::open(folder_of(path()), path(), std::move(handlers), options);
        ASSERT_TRUE(server.ok()) << server.error();
        server_ = std::move(server).value();
        server_->start();
    }
    [[nodiscard]] std::string path() const { return directory_.path("control.sock"); }

    std::vector<Done> reloads_asked_for(std::size_t count) {
        for (int i = 0; i < 500; ++i) {
            {
                const std::lock_guard lock(mutex_);
                if (waiting_.size() >= count) { return std::exchange(waiting_, {}); }
            }
            std::this_thread::sleep_for(milliseconds(10));
        }
        ADD_FAILURE() << "no reload was asked for";
        return {};
    }
    bool is_asked_for_reload() {
        const std::lock_guard lock(mutex_);
        return !waiting_.empty();
    }
    bool forced() {
        const std::lock_guard lock(mutex_);
        return forced_;
    }

private:
    std::mutex mutex_;
    std::vector<Done> waiting_;
    bool forced_ = false;

protected:
    test::TemporaryDirectory directory_;
    std::unique_ptr<ControlServer> server_;  // ends first: its thread uses the others
};

TEST_F(Control, AnswersLineByLine) {
    open();
    Client client(path());
    client.say(std::string(kStatus) + "\n" + kStatus + "\n");
    EXPECT_THAT(client.hear(), HasSubstr("\"pid\":4711"));
    EXPECT_THAT(client.hear(), HasSubstr("\"pid\":4711"));
    client.say(R"({"comm)");
    client.say(std::string(R"(and":"status"})") + "\r\n");
    EXPECT_THAT(client.hear(), HasSubstr("\"pid\":4711"));
}

TEST_F(Control, IsForItsOwnerAlone) {
    const mode_t before = umask(0);
    open();
    umask(before);
    struct stat status{};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(Control, TellsWhatItDoesNotUnderstand) {
    open();
    Client client(path());
    const std::string deep(60'000, '[');
    for (const std::string_view line :
         {"", "rubbish", "{}", "[]", "null", R"({"command":7})", R"({"command":"stop"})",
          "\xff\xfe", R"({"command":"status"}{})", deep.c_str()}) {
        client.say(std::string(line) + "\n");
        EXPECT_THAT(client.hear(), StartsWith("{\"error\":")) << line;
    }
    client.say(std::string("\0\0\n", 3));
    EXPECT_THAT(client.hear(), StartsWith("{\"error\":"));
    client.say(std::string(kStatus) + "\n");
    EXPECT_THAT(client.hear(), HasSubstr("\"pid\":4711")) << "it goes on";
}

TEST_F(Control, DoesNothingThatItUnderstandsByHalf) {
    open();
    Client client(path());
    const auto told = [&](const std::string& line) {
        client.say(line + "\n");
        return client.hear();
    };
    for (const std::string value : {R"("yes")", R"("true")", "1", "0", "null", "[]", "[true]"}) {
        EXPECT_EQ(told(R"({"command":"reload","force":)" + value + "}"),
                  "{\"error\":\"member \\\"force\\\": expected true or false\"}\n")
            << value;
    }
    for (const std::string value : {"7", "null", "true", R"("")", R"("meridian.toml")", "[]"}) {
        for (const std::string command : {"status", "reload"}) {
            EXPECT_THAT(told(R"({"command":")" + command + R"(","configuration":)" + value + "}"),
                        HasSubstr("expected the absolute path of a meridian.toml"))
                << value;
        }
    }
    EXPECT_THAT(told(R"({"command":"reload","forse":true})"),
                HasSubstr(R"(has no member \"forse\"; did you mean \"force\"?)"));
    EXPECT_THAT(told(R"({"command":"status","force":true})"), HasSubstr("has no member"));
    EXPECT_THAT(told(R"({"command":"relaod"})"), HasSubstr(R"(did you mean \"reload\"?)"));
    EXPECT_THAT(told(R"({"command":["reload"]})"), HasSubstr(R"(expected a member \"command\")"));
    EXPECT_THAT(told(R"({"Command":"reload"})"), HasSubstr(R"(expected a member \"command\")"));
    EXPECT_THAT(told("{\"command\":\"\x7f\xc2\x9b\"}"),
                testing::Not(testing::ContainsRegex("\x7f|\xc2\x9b")));
    EXPECT_FALSE(is_asked_for_reload());
}

TEST_F(Control, AnswersForItsOwnConfigurationAlone) {
    const std::string ours = directory_.write("meridian.toml", "");
    const std::string second = directory_.write("second.toml", "");
    const std::string link = directory_.path("link.toml");
    std::filesystem::create_symlink(ours, link);
    open({.configuration = ours});
    const auto ask = [&](const std::string& command, const std::string& meant) {
        return ask_control(path(),
                           R"({"command":")" + command + R"(","configuration":")" + meant + "\"}",
                           milliseconds(5'000))
            .value();
    };
    for (const std::string& same : {ours, link, directory_.path("./meridian.toml")}) {
        EXPECT_THAT(ask("status", same), HasSubstr("4711")) << same;
    }
    for (const std::string& other : {second, directory_.path("gone.toml"), std::string("/")}) {
        for (const std::string command : {"status", "reload"}) {
            EXPECT_EQ(ask(command, other), "{\"error\":\"this server runs with " + ours +
                                               ", not with " + other +
                                               "; --socket asks whichever server listens there\"}");
        }
    }
    EXPECT_FALSE(is_asked_for_reload());
    server_.reset();
    open();
    EXPECT_THAT(ask("status", second), HasSubstr("runs without a meridian.toml, not with"));
    EXPECT_THAT(ask_control(path(), kStatus, milliseconds(5'000)).value(), HasSubstr("4711"));
}

TEST_F(Control, HangsUpOnALineThatDoesNotEnd) {
    open();
    Client client(path());
    client.say(std::string(kMaxControlLineOctets + 1, ' '));
    EXPECT_EQ(client.hear(), "{\"error\":\"the line is too long\"}\n");
    EXPECT_TRUE(client.is_closed());
    Client next(path());
    next.say(std::string(kMaxControlLineOctets - 100, ' ') + kStatus + "\n");
    EXPECT_THAT(next.hear(), HasSubstr("\"pid\":4711")) << "a long line is none too long";
}

TEST_F(Control, HangsUpOnClientsThatSayNothing) {
    open({.patience = milliseconds(50)});
    Client silent(path());
    EXPECT_TRUE(silent.is_closed());
    Client halting(path());
    halting.say("{\"command\":");
    EXPECT_TRUE(halting.is_closed());
}

TEST_F(Control, AnswersWhoHasClosedItsSideOnly) {
    open();
    Client client(path());
    client.say(std::string(kStatus) + "\n");
    client.say_no_more();
    EXPECT_THAT(client.hear(), HasSubstr("\"pid\":4711"));
    EXPECT_TRUE(client.is_closed());
}

TEST_F(Control, GivesTheRoomOfTheLongestSilentToTheNext) {
    open({.max_connections = 3});
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<Client>(path()));
        clients.back()->say(std::string(kStatus) + "\n");
        EXPECT_THAT(clients.back()->hear(), HasSubstr("4711"));
    }
    clients[0]->say(std::string(kStatus) + "\n");  // now the second is the longest silent one
    EXPECT_THAT(clients[0]->hear(), HasSubstr("4711"));
    Client next(path());
    next.say(std::string(kStatus) + "\n");
    EXPECT_THAT(next.hear(), HasSubstr("4711"));
    EXPECT_TRUE(clients[1]->is_closed());
    for (const std::size_t i : {0U, 2U}) {
        clients[i]->say(std::string(kStatus) + "\n");
        EXPECT_THAT(clients[i]->hear(), HasSubstr("4711")) << i;
    }
}

TEST_F(Control, SurvivesACrowd) {
    open();
    for (int round = 0; round < 20; ++round) {
        std::vector<std::unique_ptr<Client>> crowd;
        for (std::size_t i = 0; i < 3 * kMaxControlConnections; ++i) {
            crowd.push_back(std::make_unique<Client>(path()));
            EXPECT_TRUE(crowd.back()->connected());
        }
        crowd.back()->say(std::string(kStatus) + "\n");
        EXPECT_THAT(crowd.back()->hear(), HasSubstr("4711"));
    }
}

TEST_F(Control, AnswersAReloadWhenItIsDone) {
    open();
    Client client(path());
    client.say("{\"command\":\"reload\",\"force\":true}\n");
    const auto reloads = reloads_asked_for(1);
    ASSERT_EQ(reloads.size(), 1U);
    EXPECT_TRUE(forced());
    EXPECT_THAT(ask_control(path(), kStatus, milliseconds(5'000)).value(), HasSubstr("4711"))
        << "others are answered in the meantime";
    reloads[0]({.result = ReloadResult::Partly, .generation = 7, .milliseconds = 12});
    EXPECT_EQ(
        client.hear(),
        "{\"result\":\"partly\",\"generation\":7,\"milliseconds\":12,\"diagnostics\":[],"
        "\"added\":[],\"changed\":[],\"removed\":[],\"database\":null,\"needs_restart\":[]}\n");
}

TEST_F(Control, WaitsForAReloadLongerThanForAClient) {
    open({.patience = milliseconds(30)});
    Client client(path());
    client.say(std::string(kReload) + "\n");
    const auto reloads = reloads_asked_for(1);
    ASSERT_EQ(reloads.size(), 1U);
    std::this_thread::sleep_for(milliseconds(100));
    reloads[0]({.result = ReloadResult::Unchanged});
    EXPECT_THAT(client.hear(), StartsWith("{\"result\":\"unchanged\""));
}

TEST_F(Control, RefusesMoreThanWaitForReloads) {
    open({.max_connections = 2});
    Client first(path());
    first.say(std::string(kReload) + "\n");
    Client second(path());
    second.say(std::string(kReload) + "\n");
    const auto reloads = reloads_asked_for(2);
    Client third(path());
    EXPECT_THAT(third.hear(), HasSubstr("too many connections"));
    EXPECT_TRUE(third.is_closed());
    for (const Done& done : reloads) {
        done({.result = ReloadResult::Reloaded});
    }
    EXPECT_THAT(first.hear(), StartsWith("{\"result\":\"reloaded\""));
    EXPECT_THAT(second.hear(), StartsWith("{\"result\":\"reloaded\""));
}

TEST_F(Control, MayBeGoneBeforeTheReloadIsDone) {
    open();
    std::vector<Done> reloads;
    {
        const Client client(path());
        client.say(std::string(kReload) + "\n");
        reloads = reloads_asked_for(1);
    }
    Client waiting(path());
    waiting.say(std::string(kReload) + "\n");
    for (Done& done : reloads_asked_for(1)) {
        reloads.push_back(std::move(done));
    }
    ASSERT_EQ(reloads.size(), 2U);
    reloads[0]({.result = ReloadResult::Reloaded});  // the client is gone
    server_.reset();
    reloads[1]({.result = ReloadResult::Reloaded});
    EXPECT_EQ(waiting.hear(), "");
}

TEST_F(Control, ReplacesADeadSocketAndNothingElse) {
    open();
    const std::string dead = directory_.path("dead.sock");
    std::filesystem::create_hard_link(path(), dead);
    server_.reset();
    std::filesystem::rename(dead, path());
    EXPECT_THAT(ask_control(path(), kStatus, milliseconds(1'000)).error().text,
                HasSubstr("any more"));
    open();
    EXPECT_TRUE(ask_control(path(), kStatus, milliseconds(5'000)).ok());
    server_.reset();

    directory_.write("control.sock", "mine");
    const auto refused = ControlServer::open(folder_of(path()), path(), {});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error(), path() + ": something else is there");
    EXPECT_TRUE(std::filesystem::is_regular_file(path()));
}

TEST_F(Control, LiesDeeperThanAnAddressCanSay) {
    const std::string deep = directory_.path(std::string(90, 'd') + "/" + std::string(90, 'e'));
    std::filesystem::create_directories(deep);
    ControlHandlers handlers;
    handlers.status = [] { return ServerStatus{}; };
    const std::string long_path = deep + "/control.sock";
    auto server = ControlServer::open(folder_of(long_path), long_path, std::move(handlers));
    ASSERT_TRUE(server.ok()) << server.error();
    (*server)->start();
    EXPECT_TRUE(std::filesystem::is_socket(deep + "/control.sock"));
    EXPECT_TRUE(ask_control(deep + "/control.sock", kStatus, milliseconds(5'000)).ok());
    const auto nowhere = ask_control(deep + "/none/control.sock", kStatus, milliseconds(100));
    EXPECT_THAT(nowhere.error().text, HasSubstr("No such file or directory"));
    const std::string name(200, 's');
    const std::string longer = deep + "/" + name;
    EXPECT_THAT(ControlServer::open(folder_of(longer), longer, {}).error(), HasSubstr("too long"));
}

TEST_F(Control, AClientWaitsNoLongerThanItSays) {
    open();
    EXPECT_THAT(ask_control(path(), kReload, milliseconds(50)).error().text,
                HasSubstr("no answer within 50 ms"));
    EXPECT_TRUE(ask_control(path(), kReload, milliseconds(50)).error().is_silence);
    EXPECT_TRUE(ask_control(directory_.path("none"), kStatus, milliseconds(50)).error().is_silence);
    EXPECT_THAT(ask_control(directory_.path("none"), kStatus, milliseconds(50)).error().text,
                HasSubstr("is it running"));
}

}  // namespace
}  // namespace meridian::server
