// Writes finished log lines to stderr, stdout, a file, the journal or syslog.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "meridian/result.h"
#include "server/sources/trusted_path.h"

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
    virtual void abandon() { abandoned_.store(true); }
    virtual void request_reopen() {}
    /// On the writing thread: does what `request_reopen` asked for. Returns what to tell of it,
    /// empty when nothing went wrong.
    virtual std::string reopen_if_requested() { return {}; }
    /// On the writing thread: what the target has to tell of itself since it was asked last.
    virtual std::string take_notice() { return {}; }
    /// Whether whoever receives the line keeps the time, so that the line need not.
    [[nodiscard]] virtual bool keeps_time() const { return false; }

protected:
    [[nodiscard]] bool abandoned() const { return abandoned_.load(); }

private:
    std::atomic<bool> abandoned_ = false;
};

/// Where daemons listen for log lines.
struct LogDaemons {
    std::string journal = "/run/systemd/journal/socket";
    std::string syslog = "/dev/log";
};

/// Opens "stderr", "stdout", "journal", "syslog" or a file to append to. While there is no journal
/// or no syslog daemon, which is told, stderr stands in, with the priority in front of each line
/// as systemd reads it.
///
/// Root opens the file by walk_to_end and hands it over to `future`, whom the process becomes.
/// Where others can have laid the file it has to be an ordinary one, and anywhere root's or that
/// user's, with no second name elsewhere: a link must not have root write to what is not the log,
/// or give it away.
Result<std::unique_ptr<LogTarget>, std::string> open_log_target(
    const std::string& to, const std::optional<FutureOwner>& future = {},
    const LogDaemons& daemons = {});

}  // namespace meridian::server
