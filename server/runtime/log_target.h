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
#include "server/state/trusted_path.h"

namespace meridian::server {

/// Severities of syslog (RFC 5424 §6.2.1), which the journal shares.
enum class LogPriority : int { Error = 3, Warning = 4, Info = 6, Debug = 7 };

/// Where lines end. One thread writes and reopens; any may call `abandon`.
class LogTarget {
public:
    virtual ~LogTarget() = default;
    /// Writes one line, which comes without its end. False when it was lost. It may wait for a
    /// reader, but not after `abandon`.
    virtual bool write(LogPriority priority, std::string_view line) = 0;
    /// Stops waiting for a reader, because the process is about to end.
    virtual void abandon() { abandoned_.store(true); }
    /// Whether it is a file, which has to be opened again after it was moved away.
    [[nodiscard]] virtual bool is_reopened() const { return false; }
    /// On the writing thread: opens the file again. Returns why that failed, and lines still go to
    /// the old file then. Empty if it succeeded.
    virtual std::string reopen() { return {}; }
    /// On the writing thread: a line to log about the target itself, since the last call. Or empty.
    virtual std::string take_notice() { return {}; }
    /// Whether the receiver adds the time to each line, so that the line needs none.
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

/// Opens "stderr", "stdout", "journal", "syslog" or a file to append to. While the journal or the
/// syslog daemon cannot be reached, lines go to stderr, with the priority in front as systemd reads
/// it, and a line says so.
///
/// A file is opened by the rules of log_file.h, now and by each `reopen`, so that no link of
/// another user leads the lines elsewhere. Root hands it over to `future`, the user that the
/// process becomes.
Result<std::unique_ptr<LogTarget>, std::string> open_log_target(
    const std::string& to, const std::optional<FutureOwner>& future = {},
    const LogDaemons& daemons = {});

/// Why open_log_target would refuse `to`, in the same words, without making, opening or handing
/// over anything. Empty if it would not.
std::string why_log_is_refused(const std::string& to, const std::optional<FutureOwner>& future);

/// Why the user of the calling thread cannot make the log file again after it was moved away, in
/// words that name user and folder. Empty if that works, or if the log is no ordinary file.
std::string why_not_made_anew(const std::string& to);

/// Why other users than root and that of the calling thread can replace the log file, in words that
/// name the folder. Empty if they cannot, or if the log is no file.
std::string why_log_is_exposed(const std::string& to);

}  // namespace meridian::server
