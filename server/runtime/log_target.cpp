// Writes finished log lines to stderr, stdout, a file, the journal or syslog.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_target.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "meridian/file_descriptor.h"

namespace meridian::server {

namespace {

constexpr int kPollMilliseconds = 100;            // how soon a blocked line notices `abandon`
constexpr std::size_t kChunkOctets = 4096;        // PIPE_BUF: writable means that so much fits
constexpr std::size_t kJournalOctets = 64 << 10;  // a longer line may not fit a datagram

/// Waits until writing to `descriptor` does something, be it that it fails.
bool wait_writable(int descriptor, bool abandoned_now) {
    pollfd entry{descriptor, POLLOUT, 0};
    return poll(&entry, 1, abandoned_now ? 0 : kPollMilliseconds) > 0;
}

/// Why root is not to write to a file, or give it away; empty where it may.
std::string why_refused(const struct stat& file, bool is_sheltered,
                        const std::optional<FutureOwner>& future) {
    if (geteuid() != 0) { return {}; }
    if (!is_of_ours(file, future)) { return "it belongs to " + user_text(file.st_uid); }
    if (!S_ISREG(file.st_mode)) {
        return is_sheltered ? "" : "it is no ordinary file, and others than root can have laid it";
    }
    return file.st_nlink == 1 ? "" : "it is a hard link, and has another name elsewhere";
}

/// Whether a target is an open descriptor, by its name or by a path as people give it in
/// containers: what the path leads to may be a pipe, which has no name that could be opened.
bool is_descriptor(const std::string& to, const std::string& name, int number) {
    const std::string digits = std::to_string(number);
    return to == name || to == "/dev/" + name || to == "/dev/fd/" + digits ||
           to == "/proc/self/fd/" + digits;
}

Result<FileDescriptor, std::string> open_file(const std::string& path,
                                              const std::optional<FutureOwner>& future) {
    const auto end = walk_to_end(path, MissingFolders::Refuse);
    if (!end) { return Failure{end.error()}; }
    const auto failure = [&](const std::string& why) { return Failure{path + ": " + why}; };
    FileDescriptor file(openat(
        end->folder.get(), end->name.c_str(),
        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0640));
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0) { return failure(std::strerror(errno)); }
    const std::string why = why_refused(status, end->is_sheltered, future);
    if (!why.empty()) { return failure(why); }
    if (future && S_ISREG(status.st_mode) && status.st_uid != future->user_id &&
        fchown(file.get(), future->user_id, future->group_id) != 0) {
        return failure(std::string("it cannot be handed over: ") + std::strerror(errno));
    }
    return file;
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
            // Even a descriptor in blocking mode, which stderr may share with others, never blocks
            // here: it is asked first, and given no more than it then must take.
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

class FileTarget final : public DescriptorTarget {
public:
    FileTarget(std::string path, FileDescriptor file)
        : DescriptorTarget(file.get(), false), path_(std::move(path)), file_(std::move(file)) {}

    void request_reopen() override { reopen_requested_.store(true); }

    std::string reopen_if_requested() override {
        if (!reopen_requested_.exchange(false)) { return {}; }
        auto fresh = open_file(path_, {});
        if (!fresh) { return "cannot reopen the log file " + fresh.error(); }
        file_ = std::move(fresh).value();
        set_descriptor(file_.get());
        return {};
    }

private:
    std::string path_;
    FileDescriptor file_;
    std::atomic<bool> reopen_requested_ = false;
};

/// Lines go to a daemon, and to stderr while it cannot be reached: it may be started anew at any
/// time, and no line is to be lost for that.
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

/// Speaks systemd's native journal protocol: a datagram of KEY=value lines. Our lines hold no line
/// feed, so its binary form is never needed.
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

/// glibc finds a daemon that was started anew by itself, but does not say that there is none.
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
        // Some daemons want a stream, says EPROTOTYPE: one is there.
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
    if (is_descriptor(to, "stderr", STDERR_FILENO)) {
        target = std::make_unique<DescriptorTarget>(STDERR_FILENO, false);
    } else if (is_descriptor(to, "stdout", STDOUT_FILENO)) {
        target = std::make_unique<DescriptorTarget>(STDOUT_FILENO, false);
    } else if (to == "syslog") {
        target = std::make_unique<SyslogTarget>(daemons.syslog);
    } else if (to == "journal") {
        target = std::make_unique<JournalTarget>(daemons.journal);
    } else {
        auto file = open_file(to, future);
        if (!file) { return Failure{"cannot open the log file " + file.error()}; }
        target = std::make_unique<FileTarget>(to, std::move(file).value());
    }
    return target;
}

}  // namespace meridian::server
