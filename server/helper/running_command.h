// Runs one command in a process group of its own, and takes what it writes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"
#include "server/helper/command.h"

namespace meridian::server {

/// For the one thread of the helper. The command has no descriptor but /dev/null for its input and
/// a pipe for both outputs, a few variables of the environment, and "/" for its folder; no signal
/// is blocked or ignored. Whatever is left of its process group ends with it.
class RunningCommand {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// The error is an `errno`.
    static Result<RunningCommand, int> start(std::uint32_t id, const CommandLine& line,
                                             TimePoint deadline);
    RunningCommand(RunningCommand&&) = default;
    RunningCommand& operator=(RunningCommand&&) = default;

    [[nodiscard]] std::uint32_t id() const { return id_; }
    [[nodiscard]] TimePoint deadline() const { return deadline_; }
    /// What it writes to; -1 once it has closed that.
    [[nodiscard]] int output() const { return output_.get(); }
    /// Takes what is there. What is beyond kMaxCommandOutputOctets is thrown away, since a command
    /// that nothing reads from would wait for ever.
    void read_output();
    /// The outcome, once it has ended and is reaped.
    std::optional<CommandOutcome> take_end();
    /// Kills the group. Its end is still to be taken.
    void kill_group() const;

    /// Its outcome is known already: it was killed.
    bool is_answered = false;

private:
    RunningCommand(std::uint32_t id, pid_t process, FileDescriptor output, TimePoint deadline)
        : id_(id), process_(process), output_(std::move(output)), deadline_(deadline) {}

    std::uint32_t id_;
    pid_t process_;
    FileDescriptor output_;
    TimePoint deadline_;
    std::string text_;
};

}  // namespace meridian::server
