// Tells the operator what happens, without ever making the teller wait.
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

/// One thing worth telling apart from the sentence: `generation=3`, or a member of the JSON object.
/// A number stays one in JSON.
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

/// Log lines, each queued at once and written by a thread of its own. Where they cannot be written
/// (a full pipe, a full disk) the oldest in the queue are dropped, counted, and the count is told
/// as soon as a line gets through. What a client sent is never part of a format: text goes in as it
/// is and comes out with control characters escaped. Any thread may call; workers do not.
class Log {
public:
    /// The error names what could not be opened.
    static Result<std::unique_ptr<Log>, std::string> open(const LogSettings& settings);
    /// The same with a target that is open already: root opens it, and has no second thread.
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

    /// What is less serious is left out from now on.
    void set_level(LogLevel level);

    /// Waits until the lines so far have reached the target, for as long as `patience` at most.
    void wait_until_written(std::chrono::milliseconds patience);
    /// Opens the file anew, after it has been rotated; where that fails the old one stays in use.
    void reopen();
    /// Lines lost so far, in the queue or at the target.
    [[nodiscard]] std::uint64_t dropped_count() const;

private:
    struct State;
    explicit Log(std::unique_ptr<State> state);
    void write(LogLevel level, std::string_view message, LogFields fields);
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
