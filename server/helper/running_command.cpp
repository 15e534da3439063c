// Runs one command in a process group of its own, and takes what it writes.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/running_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>
#include <vector>

#include "meridian/limits.h"

namespace meridian::server {

namespace {

/// The same for all commands, whatever the server was started with: secrets of its environment go
/// no further.
constexpr std::array<const char*, 2> kEnvironment{
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};

/// How a command is started. Nothing of it fails but for want of memory.
class Spawn {
public:
    explicit Spawn(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        posix_spawn_file_actions_addchdir_np(&actions_, "/");
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~Spawn() {
        posix_spawnattr_destroy(&attributes_);
        posix_spawn_file_actions_destroy(&actions_);
    }
    Spawn(const Spawn&) = delete;
    Spawn& operator=(const Spawn&) = delete;

    /// Returns 0 or an `errno`.
    int start(const CommandLine& line, pid_t& process) {
        std::vector<char*> arguments;
        for (const std::string& argument : line) {
            arguments.push_back(const_cast<char*>(argument.c_str()));  // as the function wants it
        }
        arguments.push_back(nullptr);
        std::vector<char*> environment;
        for (const char* variable : kEnvironment) {
            environment.push_back(const_cast<char*>(variable));
        }
        environment.push_back(nullptr);
        return posix_spawn(&process, line.front().c_str(), &actions_, &attributes_,
                           arguments.data(), environment.data());
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

Result<RunningCommand, int> RunningCommand::start(std::uint32_t id, const CommandLine& line,
                                                  TimePoint deadline) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) { return Failure{errno}; }
    FileDescriptor output(ends[0]);
    const FileDescriptor written(ends[1]);
    fcntl(output.get(), F_SETFL, O_NONBLOCK);  // ours alone: the command may wait for room
    pid_t process = 0;
    if (const int error = Spawn(written.get()).start(line, process); error != 0) {
        return Failure{error};
    }
    return RunningCommand(id, process, std::move(output), deadline);
}

void RunningCommand::read_output() {
    std::array<char, 16384> octets;
    // Once: others have their turn before an endless writer has another.
    const ssize_t count = read(output_.get(), octets.data(), octets.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) { return; }
    if (count <= 0) { return output_.reset(); }
    const std::size_t room = kMaxCommandOutputOctets - text_.size();
    text_.append(octets.data(), std::min(room, static_cast<std::size_t>(count)));
}

std::optional<CommandOutcome> RunningCommand::take_end() {
    siginfo_t state{};
    const int options = WEXITED | WNOHANG | WNOWAIT;
    if (waitid(P_PID, static_cast<id_t>(process_), &state, options) != 0) {
        return CommandOutcome{CommandEnd::NotStarted, errno, {}};
    }
    if (state.si_pid == 0) { return {}; }
    // Before it is reaped, since until then no other group can have its number.
    kill_group();
    waitpid(process_, nullptr, 0);
    if (output_.valid()) { read_output(); }
    const bool exited = state.si_code == CLD_EXITED;
    return CommandOutcome{exited ? CommandEnd::Exited : CommandEnd::Killed, state.si_status,
                          std::move(text_)};
}

void RunningCommand::kill_group() const {
    kill(-process_, SIGKILL);
}

}  // namespace meridian::server
