// Runs commands for the server, in a process of its own.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/helper_loop.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <deque>
#include <utility>

#include "meridian/limits.h"
#include "server/helper/helper_message.h"
#include "server/helper/running_command.h"

namespace meridian::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// So many replies wait for a server that takes none; then no request is taken.
constexpr std::size_t kMaxWaitingReplies = 2 * kMaxCommandsAtOnce;

class HelperLoop {
public:
    HelperLoop(int socket, const std::vector<CommandLine>& commands)
        : socket_(socket), commands_(commands) {
        sigset_t ended;
        sigemptyset(&ended);
        sigaddset(&ended, SIGCHLD);
        sigprocmask(SIG_BLOCK, &ended, nullptr);
        ended_ = FileDescriptor(signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK));
    }

    void run() {
        while (ended_.valid() && turn()) {}
        for (const RunningCommand& command : running_) {
            command.kill_group();
        }
    }

private:
    /// False at the end of the server.
    bool turn() {
        const std::size_t polled = running_.size();
        std::vector<pollfd> waiting = waits();
        if (poll(waiting.data(), waiting.size(), time_left()) < 0 && errno != EINTR) {
            return false;
        }
        signalfd_siginfo ignored{};
        while (read(ended_.get(), &ignored, sizeof ignored) > 0) {}
        for (std::size_t i = 0; i < polled; ++i) {
            if (waiting[2 + i].revents != 0) { running_[i].read_output(); }
        }
        take_ends();
        take_deadlines();
        const bool has_request = (waiting[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
        if (has_request && !take_request()) { return false; }
        return send_replies();
    }

    /// The socket, the ends of commands, then the outputs of all of them.
    [[nodiscard]] std::vector<pollfd> waits() const {
        const bool takes_more = replies_.size() < kMaxWaitingReplies;
        const int events = (takes_more ? POLLIN : 0) | (replies_.empty() ? 0 : POLLOUT);
        std::vector<pollfd> waiting{{socket_, static_cast<short>(events), 0},
                                    {ended_.get(), POLLIN, 0}};
        for (const RunningCommand& command : running_) {
            waiting.push_back({command.output(), POLLIN, 0});
        }
        return waiting;
    }

    /// In milliseconds, as poll(2) has it.
    [[nodiscard]] int time_left() const {
        const RunningCommand* first = nullptr;
        for (const RunningCommand& command : running_) {
            const bool waits = !command.is_answered;
            if (waits && (first == nullptr || command.deadline() < first->deadline())) {
                first = &command;
            }
        }
        if (first == nullptr) { return -1; }
        const auto left = std::chrono::ceil<milliseconds>(first->deadline() - steady_clock::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }

    void take_ends() {
        for (std::size_t i = running_.size(); i-- > 0;) {
            auto outcome = running_[i].take_end();
            if (!outcome) { continue; }
            if (!running_[i].is_answered) { answer(running_[i].id(), std::move(*outcome)); }
            running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    /// A process that cannot be killed at once, as in a hung file system, holds its place until it
    /// ends, and the server knows already.
    void take_deadlines() {
        const auto now = steady_clock::now();
        for (RunningCommand& command : running_) {
            if (command.is_answered || now < command.deadline()) { continue; }
            command.kill_group();
            command.is_answered = true;
            answer(command.id(), {CommandEnd::TimedOut, 0, {}});
        }
    }

    bool take_request() {
        std::array<std::uint8_t, kMaxHelperMessageOctets> octets;
        const ssize_t count = recv(socket_, octets.data(), octets.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (count < 0) { return errno == EAGAIN || errno == EINTR; }
        if (count == 0 || static_cast<std::size_t>(count) > octets.size()) { return false; }
        const auto request = read_request(std::span(octets).first(static_cast<std::size_t>(count)));
        if (!request) { return false; }
        if (request->kind == HelperRequest::Kind::Cancel) {
            cancel(request->id);
        } else {
            start(*request);
        }
        return true;
    }

    void cancel(std::uint32_t id) {
        for (RunningCommand& command : running_) {
            if (command.id() != id || command.is_answered) { continue; }
            command.kill_group();
            command.is_answered = true;
        }
    }

    void start(const HelperRequest& request) {
        const auto refuse = [&](int error) {
            answer(request.id, {CommandEnd::NotStarted, error, {}});
        };
        if (request.command >= commands_.size()) { return refuse(ENOENT); }
        if (running_.size() >= kMaxCommandsAtOnce) { return refuse(EAGAIN); }
        const auto deadline = steady_clock::now() + milliseconds(request.timeout_milliseconds);
        auto started = RunningCommand::start(
            request.id, with_values(commands_[request.command], request.values), deadline);
        if (!started) { return refuse(started.error()); }
        running_.push_back(std::move(started).value());
    }

    void answer(std::uint32_t id, CommandOutcome outcome) {
        replies_.push_back(write_reply({id, std::move(outcome)}));
    }

    bool send_replies() {
        while (!replies_.empty()) {
            const std::vector<std::uint8_t>& reply = replies_.front();
            if (send(socket_, reply.data(), reply.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
                return errno == EAGAIN || errno == EINTR;
            }
            replies_.pop_front();
        }
        return true;
    }

    int socket_;
    const std::vector<CommandLine>& commands_;
    FileDescriptor ended_;
    std::vector<RunningCommand> running_;
    std::deque<std::vector<std::uint8_t>> replies_;
};

}  // namespace

void run_helper(const FileDescriptor& socket, const std::vector<CommandLine>& commands) {
    HelperLoop(socket.get(), commands).run();
}

}  // namespace meridian::server
