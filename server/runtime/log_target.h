// Writes finished log lines to stderr, a file, the journal or syslog.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "meridian/result.h"

namespace meridian::server {

/// Severities of syslog (RFC 5424 §6.2.1), which the journal shares.
enum class LogPriority : int { Error = 3, Warning = 4, Info = 6, Debug = 7 };

/// Where lines end. One thread writes; any may call `abandon` and `request_reopen`.
class LogTarget {
public:
    virtual ~LogTarget() = default;
    /// Writes one line, which comes without its end. False when it was lost. It may wait for a
    /// reader, but not after `abandon`.
    virtual bool write(LogPriority priority, std::string_view line) = 0;
    /// Stops waiting for whom it may concern: the process is about to end.
    void abandon() { abandoned_.store(true); }
    virtual void request_reopen() {}
    /// On the writing thread: does what `request_reopen` asked for. Returns what to tell of it,
    /// empty when nothing went wrong.
    virtual std::string reopen_if_requested() { return {}; }
    /// Gives a file to a user, before the process becomes that user and anybody writes.
    virtual void hand_over(std::uint32_t, std::uint32_t) {}
    /// Whether whoever receives the line keeps the time, so that the line need not.
    [[nodiscard]] virtual bool keeps_time() const { return false; }

protected:
    [[nodiscard]] bool abandoned() const { return abandoned_.load(); }

private:
    std::atomic<bool> abandoned_ = false;
};

/// Opens "stderr", "journal", "syslog" or a file to append to. Where there is no journal, stderr
/// with the priority in front of each line, as systemd reads it, stands in.
Result<std::unique_ptr<LogTarget>, std::string> open_log_target(const std::string& to);

}  // namespace meridian::server
