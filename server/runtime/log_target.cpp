// Writes finished log lines to stderr, a file, the journal or syslog.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_target.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace meridian::server {

namespace {

constexpr const char* kJournalSocket = "/run/systemd/journal/socket";
constexpr int kPollMilliseconds = 100;      // how soon a blocked line notices `abandon`
constexpr std::size_t kChunkOctets = 4096;  // PIPE_BUF: writable means that so much fits

/// Waits until `descriptor` takes more; false once the target is abandoned or broken.
bool wait_writable(int descriptor, bool abandoned_now) {
    pollfd entry{descriptor, POLLOUT, 0};
    const int ready = poll(&entry, 1, abandoned_now ? 0 : kPollMilliseconds);
    return ready > 0 && (entry.revents & (POLLERR | POLLNVAL)) == 0;
}

int open_file(const std::string& path) {
    return open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
                0640);
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
    FileTarget(std::string path, int descriptor)
        : DescriptorTarget(descriptor, false), path_(std::move(path)) {}
    ~FileTarget() override { close(descriptor()); }

    void request_reopen() override { reopen_requested_.store(true); }

    std::string reopen_if_requested() override {
        if (!reopen_requested_.exchange(false)) { return {}; }
        const int fresh = open_file(path_);
        if (fresh < 0) {
            return "cannot reopen the log file " + path_ + ": " + std::strerror(errno);
        }
        // dup3 keeps the number, which hand_over may be using on another thread.
        const bool changed_over = dup3(fresh, descriptor(), O_CLOEXEC) >= 0;
        close(fresh);
        return changed_over ? "" : "cannot change over to the new log file " + path_;
    }

    void hand_over(std::uint32_t user_id, std::uint32_t group_id) override {
        // Where it fails the file stays as it is, and reopening will tell.
        [[maybe_unused]] const int done = fchown(descriptor(), user_id, group_id);
    }

private:
    std::string path_;
    std::atomic<bool> reopen_requested_ = false;
};

/// Speaks systemd's native journal protocol: a datagram of KEY=value lines. Our lines hold no line
/// feed, so its binary form is never needed.
class JournalTarget final : public LogTarget {
public:
    explicit JournalTarget(int socket) : socket_(socket) {}
    ~JournalTarget() override { close(socket_); }

    bool write(LogPriority priority, std::string_view line) override {
        text_ = "SYSLOG_IDENTIFIER=meridian\nPRIORITY=";
        text_ += std::to_string(static_cast<int>(priority)) + "\nMESSAGE=";
        text_.append(line);
        text_ += '\n';
        while (send(socket_, text_.data(), text_.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
            if (errno != EAGAIN && errno != EINTR) { return false; }
            if (abandoned()) { return false; }
            wait_writable(socket_, false);
        }
        return true;
    }
    bool keeps_time() const override { return true; }

private:
    int socket_;
    std::string text_;
};

class SyslogTarget final : public LogTarget {
public:
    SyslogTarget() { openlog("meridian", LOG_PID | LOG_NDELAY, LOG_DAEMON); }
    ~SyslogTarget() override { closelog(); }

    bool write(LogPriority priority, std::string_view line) override {
        if (abandoned()) { return false; }
        syslog(static_cast<int>(priority), "%.*s", static_cast<int>(line.size()), line.data());
        return true;
    }
    bool keeps_time() const override { return true; }
};

/// A socket connected to the journal, or -1.
int connect_journal() {
    const int journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (journal < 0) { return -1; }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, kJournalSocket, sizeof address.sun_path - 1);
    if (connect(journal, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close(journal);
        return -1;
    }
    return journal;
}

}  // namespace

Result<std::unique_ptr<LogTarget>, std::string> open_log_target(const std::string& to) {
    std::unique_ptr<LogTarget> target;
    if (to == "stderr") {
        target = std::make_unique<DescriptorTarget>(STDERR_FILENO, false);
    } else if (to == "syslog") {
        target = std::make_unique<SyslogTarget>();
    } else if (to == "journal") {
        const int journal = connect_journal();
        if (journal >= 0) {
            target = std::make_unique<JournalTarget>(journal);
        } else {
            target = std::make_unique<DescriptorTarget>(STDERR_FILENO, true);
        }
    } else {
        const int file = open_file(to);
        if (file < 0) {
            return Failure{"cannot open the log file " + to + ": " + std::strerror(errno)};
        }
        target = std::make_unique<FileTarget>(to, file);
    }
    return target;
}

}  // namespace meridian::server
