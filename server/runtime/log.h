// Writes log lines for the operator, without delaying the threads that log.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "meridian/result.h"

namespace meridian::server {

class LogTarget;

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };
enum class LogFormat : std::uint8_t { Text, Json };

struct LogSettings {
    LogLevel level = LogLevel::Info;
    std::string to = "stderr";  ///< "stderr", "stdout", "journal", "syslog" or a file's path.
    LogFormat format = LogFormat::Text;
    std::size_t queue_messages = 4096;  ///< Beyond these the oldest is dropped.
};

/// A value beside the sentence: `generation=3`, or a member of the JSON object. A number stays a
/// number in JSON.
struct LogField {
    LogField(std::string_view its_key, std::string its_value)
        : key(its_key), value(std::move(its_value)) {}
    LogField(std::string_view its_key, std::integral auto number)
        : key(its_key), value(std::to_string(number)), is_number(true) {}

    std::string_view key;
    std::string value;
    bool is_number = false;
};
using LogFields = std::initializer_list<LogField>;

/// Queues log lines, which a thread of its own writes. If they cannot be written (a full pipe, a
/// full disk), the oldest lines in the queue are dropped and counted. The count is logged as soon
/// as a line can be written. Text of a client is never used as a format, and its control characters
/// are escaped. Any thread may call; workers do not.
class Log {
public:
    /// The error names what could not be opened.
    static Result<std::unique_ptr<Log>, std::string> open(const LogSettings& settings);
    /// The same with an open target: a root process opens it before it has a second thread.
    static Result<std::unique_ptr<Log>, std::string> start(const LogSettings& settings,
                                                           std::unique_ptr<LogTarget> target);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    /// Writes what is queued, for a second at most.
    ~Log();

    void debug(std::string_view message, LogFields fields = {});
    void info(std::string_view message, LogFields fields = {});
    void warning(std::string_view message, LogFields fields = {});
    void error(std::string_view message, LogFields fields = {});

    /// Less serious lines are left out from now on.
    void set_level(LogLevel level);

    /// Waits until the lines so far have reached the target, for as long as `patience` at most.
    void wait_until_written(std::chrono::milliseconds patience);
    /// Opens the file again before the next line, after it has been rotated. If that fails, the old
    /// file stays in use, and each later line tries again.
    void reopen();
    /// Why the last reopening failed, until one succeeds; else empty.
    [[nodiscard]] std::string reopen_problem() const;
    /// The same, after another try where the last one failed: the operator may have mended it.
    [[nodiscard]] std::string reopen_problem_now(std::chrono::milliseconds patience);
    /// The same, after the pending `reopen`: waits for it, at most for `patience`.
    [[nodiscard]] std::string reopen_problem_within(std::chrono::milliseconds patience);
    /// Lines lost so far, in the queue or at the target.
    [[nodiscard]] std::uint64_t dropped_count() const;

private:
    struct State;
    explicit Log(std::unique_ptr<State> state);
    void write(LogLevel level, std::string_view message, LogFields fields);
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
