// Starts the process that runs commands for the server.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/helper_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "server/helper/helper_loop.h"

namespace meridian::server {

namespace {

/// All but the socket: the standard ones, too, since a pipe that this process writes to is to end
/// with it, and not with the helper.
void close_others(unsigned socket) {
    const int nothing = open("/dev/null", O_RDWR);
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (nothing >= 0) { dup2(nothing, number); }
    }
    if (socket > STDERR_FILENO + 1) { close_range(STDERR_FILENO + 1, socket - 1, 0); }
    close_range(socket + 1, ~0U, 0);
}

[[noreturn]] void be_helper(int socket, const std::vector<CommandLine>& commands,
                            const std::function<bool()>& become) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    prctl(PR_SET_NAME, "meridian-helper");
    close_others(static_cast<unsigned>(socket));
    if (become()) { run_helper(FileDescriptor(socket), commands); }
    _exit(0);  // nothing of the server's is to end here
}

}  // namespace

Result<FileDescriptor, std::string> start_helper(const std::vector<CommandLine>& commands,
                                                 const std::function<bool()>& become) {
    std::array<int, 2> ends{};
    const auto failure = [] {
        return Failure{"no process for commands can be started: " +
                       std::generic_category().message(errno)};
    };
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failure();
    }
    FileDescriptor ours(ends[0]);
    const FileDescriptor of_helper(ends[1]);
    const pid_t process = fork();
    if (process < 0) { return failure(); }
    if (process == 0) { be_helper(of_helper.get(), commands, become); }
    fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    return ours;
}

}  // namespace meridian::server
