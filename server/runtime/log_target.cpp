// Writes finished log lines to stderr, stdout, a file, the journal or syslog.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_target.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "meridian/file_descriptor.h"
#include "server/runtime/log_file.h"

namespace meridian::server {

namespace {

constexpr std::string_view kCannotOpen = "cannot open the log file ";
constexpr int kPollMilliseconds = 100;            // how soon a blocked line notices `abandon`
constexpr std::size_t kChunkOctets = 4096;        // PIPE_BUF: writable means that so much fits
constexpr std::size_t kJournalOctets = 64 << 10;  // a longer line may not fit a datagram

/// Waits until a write to `descriptor` succeeds or fails at once.
bool wait_writable(int descriptor, bool abandoned_now) {
    pollfd entry{descriptor, POLLOUT, 0};
    return poll(&entry, 1, abandoned_now ? 0 : kPollMilliseconds) > 0;
}

/// Whether a target is an open descriptor, by its name or by a path as used in containers. Such a
/// path may lead to a pipe, which cannot be opened by name.
bool is_descriptor(const std::string& to, const std::string& name, int number) {
    const std::string digits = std::to_string(number);
    return to == name || to == "/dev/" + name || to == "/dev/fd/" + digits ||
           to == "/proc/self/fd/" + digits;
}

bool is_stderr(const std::string& to) {
    return is_descriptor(to, "stderr", STDERR_FILENO);
}

bool is_stdout(const std::string& to) {
    return is_descriptor(to, "stdout", STDOUT_FILENO);
}

bool is_file(const std::string& to) {
    return !is_stderr(to) && !is_stdout(to) && to != "syslog" && to != "journal";
}

class DescriptorTarget : public LogTarget {
public:
    DescriptorTarget(int descriptor, bool with_priority)
        : descriptor_(descriptor), with_priority_(with_priority) {}

    bool write(LogPriority priority, std::string_view line) override {
        text_.clear();
        if (with_priority_) { text_ += "<" + std::to_string(static_cast<int>(priority)) + ">"; }
        text_.append(line);
        text_ += '\n';
        return write_all(text_);
    }

protected:
    int descriptor() const { return descriptor_.load(); }
    void set_descriptor(int descriptor) { descriptor_.store(descriptor); }

private:
    bool write_all(std::string_view text) {
        while (!text.empty()) {
            // Even a descriptor in blocking mode (other programs may share stderr) never blocks
            // here: `poll` asks first, and no more is written than it then accepts.
            const bool last_try = abandoned();
            if (!wait_writable(descriptor(), last_try)) {
                if (last_try) { return false; }
                continue;
            }
            const ssize_t written =
                ::write(descriptor(), text.data(), std::min(text.size(), kChunkOctets));
            if (written > 0) {
                text.remove_prefix(static_cast<std::size_t>(written));
            } else if (errno != EINTR && errno != EAGAIN) {
                return false;  // disk full, reader gone
            }
        }
        return true;
    }

    std::atomic<int> descriptor_;
    bool with_priority_;
    std::string text_;
};

/// Where an open file lies now, as the kernel names it even where this process may not look. Empty
/// if that is unknown.
std::string place_of(const FileDescriptor& file) {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.get()), ignored);
}

class FileTarget final : public DescriptorTarget {
public:
    FileTarget(std::string path, PathRules rules, FileDescriptor file)
        : DescriptorTarget(file.get(), false),
          path_(std::move(path)),
          rules_(rules),
          file_(std::move(file)),
          place_(place_of(file_)) {}

    bool is_reopened() const override { return true; }

    std::string reopen() override {
        if (is_where_it_was()) { return {}; }
        auto fresh = open_log_file(path_, rules_);
        if (!fresh) {
            return "cannot reopen the log file " + fresh.error() + " (as " + user_text(geteuid()) +
                   "); " + fate_of_lines();
        }
        file_ = std::move(fresh).value();
        place_ = place_of(file_);
        set_descriptor(file_.get());
        return {};
    }

private:
    /// Whether no other file is wanted, since the open one is at its path and a start takes it.
    /// Where the user may not look into the folder, the kernel says that it was not moved.
    [[nodiscard]] bool is_where_it_was() const {
        if (is_log_file(path_, rules_, file_)) { return true; }
        return !place_.empty() && place_of(file_) == place_ && !closed_folder(path_).empty();
    }
    [[nodiscard]] std::string fate_of_lines() const {
        struct stat open{};
        if (fstat(file_.get(), &open) == 0 && open.st_nlink == 0) {
            return "lines are lost until then, in the file that was deleted";
        }
        const bool is_moved = place_.empty() || place_of(file_) != place_;
        return is_moved ? "lines go on into the file that was moved away"
                        : "lines go on into the file that was open before";
    }

    std::string path_;
    PathRules rules_;
    FileDescriptor file_;
    std::string place_;  ///< When it was opened.
};

/// Lines go to a daemon, and to stderr while it cannot be reached. The daemon may restart at any
/// time, and no line is lost meanwhile.
class DaemonTarget : public LogTarget {
public:
    explicit DaemonTarget(std::string name) : name_(std::move(name)) {}

    bool write(LogPriority priority, std::string_view line) override {
        if (send(priority, line)) {
            is_away_ = false;
            return true;
        }
        if (!is_away_) {
            notice_ = name_ + " cannot be reached, so the log goes to stderr until it can: " +
                      std::strerror(errno);
        }
        is_away_ = true;
        return stderr_.write(priority, line);
    }
    void abandon() override {
        LogTarget::abandon();
        stderr_.abandon();
    }
    std::string take_notice() override { return std::exchange(notice_, {}); }

protected:
    /// Sends a line. False where the daemon is not there; errno says why.
    virtual bool send(LogPriority priority, std::string_view line) = 0;

private:
    std::string name_;
    std::string notice_;
    bool is_away_ = false;
    DescriptorTarget stderr_{STDERR_FILENO, true};
};

/// A datagram socket connected to a daemon, or none; errno says why.
FileDescriptor connect_to(const std::string& path) {
    FileDescriptor opened(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const bool is_connected =
        opened.valid() &&
        connect(opened.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return is_connected ? std::move(opened) : FileDescriptor();
}

/// Speaks the native journal protocol of systemd: a datagram of KEY=value lines. Our lines have no
/// line feed, so its binary form is never needed.
class JournalTarget final : public DaemonTarget {
public:
    explicit JournalTarget(const std::string& path)
        : DaemonTarget("the journal (" + path + ")"),
          path_(path),
          socket_(connect_to(path)),
          keeps_time_(socket_.valid()) {}

    /// What stands in for a journal that is not there at the start does not.
    bool keeps_time() const override { return keeps_time_; }

protected:
    bool send(LogPriority priority, std::string_view line) override {
        text_ = "SYSLOG_IDENTIFIER=meridian\nPRIORITY=";
        text_ += std::to_string(static_cast<int>(priority)) + "\nMESSAGE=";
        text_.append(line.substr(0, kJournalOctets));
        text_ += '\n';
        if (socket_.valid() && send_text()) { return true; }
        if (abandoned()) { return false; }
        socket_ = connect_to(path_);  // the journal may be another by now
        return socket_.valid() && send_text();
    }

private:
    bool send_text() {
        while (::send(socket_.get(), text_.data(), text_.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
            if ((errno != EAGAIN && errno != EINTR) || abandoned()) { return false; }
            wait_writable(socket_.get(), false);
        }
        return true;
    }

    std::string path_;
    FileDescriptor socket_;
    bool keeps_time_;
    std::string text_;
};

/// glibc reconnects to a daemon that was restarted, but does not report that there is none.
class SyslogTarget final : public DaemonTarget {
public:
    explicit SyslogTarget(const std::string& path)
        : DaemonTarget("the syslog daemon (" + path + ")"),
          path_(path),
          keeps_time_(connect_to(path).valid() || errno == EPROTOTYPE) {
        openlog("meridian", LOG_PID | LOG_NDELAY, LOG_DAEMON);
    }
    ~SyslogTarget() override { closelog(); }

    bool keeps_time() const override { return keeps_time_; }

protected:
    bool send(LogPriority priority, std::string_view line) override {
        // EPROTOTYPE: the daemon is there, but wants a stream.
        const bool is_there = connect_to(path_).valid() || errno == EPROTOTYPE;
        if (abandoned() || !is_there) { return false; }
        syslog(static_cast<int>(priority), "%.*s", static_cast<int>(line.size()), line.data());
        return true;
    }

private:
    std::string path_;
    bool keeps_time_;
};

}  // namespace

Result<std::unique_ptr<LogTarget>, std::string> open_log_target(
    const std::string& to, const std::optional<FutureOwner>& future, const LogDaemons& daemons) {
    std::unique_ptr<LogTarget> target;
    if (is_stderr(to)) {
        target = std::make_unique<DescriptorTarget>(STDERR_FILENO, false);
    } else if (is_stdout(to)) {
        target = std::make_unique<DescriptorTarget>(STDOUT_FILENO, false);
    } else if (to == "syslog") {
        target = std::make_unique<SyslogTarget>(daemons.syslog);
    } else if (to == "journal") {
        target = std::make_unique<JournalTarget>(daemons.journal);
    } else {
        const PathRules rules = rules_of_start(future, Trusted::RootAndSelf);
        auto file = open_log_file(to, rules);
        if (!file) { return Failure{std::string(kCannotOpen) + file.error()}; }
        target = std::make_unique<FileTarget>(to, rules, std::move(file).value());
    }
    return target;
}

std::string why_log_is_refused(const std::string& to, const std::optional<FutureOwner>& future) {
    if (!is_file(to)) { return {}; }
    const std::string why =
        why_log_file_is_refused(to, rules_of_start(future, Trusted::RootAndSelf));
    return why.empty() ? why : std::string(kCannotOpen) + why;
}

std::string why_not_made_anew(const std::string& to) {
    return is_file(to) ? why_log_file_stays_away(to) : "";
}

std::string why_log_is_exposed(const std::string& to) {
    return is_file(to) ? why_log_file_is_exposed(to) : "";
}

}  // namespace meridian::server
