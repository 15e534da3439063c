// Locks a state directory against other servers.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "server/state/file_modes.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

constexpr std::size_t kMostLockOctets = 16 << 20;  // a quarter of a million locks
constexpr int kTries = 16;  // no accident removes it more often between two steps
constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr const char* kName = kLockFile.data();

/// Made by this process, so it may be handed over without a check of what it is.
FileDescriptor make(const FileDescriptor& folder, const std::optional<FutureOwner>& future) {
    FileDescriptor file(openat(folder.get(), kName, kFlags | O_CREAT | O_EXCL, kPrivateFile));
    if (!file.valid()) { return file; }
    [[maybe_unused]] int outcome = fchmod(file.get(), kPrivateFile);  // whatever the umask
    if (future) { outcome = fchown(file.get(), future->user_id, future->group_id); }
    return file;
}

/// Why an existing file may not be our lock; empty if it may.
std::string why_refused(const struct stat& status, const std::optional<FutureOwner>& future) {
    if (S_ISLNK(status.st_mode)) { return "is a symbolic link"; }
    if (!S_ISREG(status.st_mode)) { return "is no ordinary file"; }
    if (!is_by_trusted_user(status, future)) { return "belongs to " + user_text(status.st_uid); }
    if (status.st_nlink > 1) { return "is a hard link, and has another name elsewhere"; }
    return {};
}

std::string sentence(const std::string& why) {
    return std::string(kLockFile) + " in it " + why + "; remove it while no server runs";
}

/// The same of the file that is open. Makes it unreadable for
/// others, if it belongs to the owner of the directory.
std::string why_refused(const FileDescriptor& folder, const FileDescriptor& file,
                        const std::optional<FutureOwner>& future) {
    struct stat top{};
    struct stat status{};
    if (fstat(folder.get(), &top) != 0 || fstat(file.get(), &status) != 0) {
        return std::strerror(errno);
    }
    std::string why = why_refused(status, future);
    if (why.empty() && status.st_uid == top.st_uid) {
        [[maybe_unused]] const int outcome = fchmod(file.get(), kPrivateFile);
    }
    return why;
}

/// The process of a line of /proc/locks (proc_locks(5)), if that is a lock by flock on `file`; else
/// 0.
int holder_in(const std::string& line, const struct stat& file) {
    int process = 0;
    unsigned device_major = 0;
    unsigned device_minor = 0;
    unsigned long inode = 0;
    const int read = std::sscanf(line.c_str(), "%*d: FLOCK %*s %*s %d %x:%x:%lu", &process,
                                 &device_major, &device_minor, &inode);
    const bool is_it = read == 4 && device_major == major(file.st_dev) &&
                       device_minor == minor(file.st_dev) && inode == file.st_ino;
    return is_it ? process : 0;
}

}  // namespace

std::string StateLock::look_ahead(const FileDescriptor& folder,
                                  const std::optional<FutureOwner>& future) {
    struct stat status{};
    if (fstatat(folder.get(), kName, &status, AT_SYMLINK_NOFOLLOW) != 0) { return {}; }
    const std::string why = why_refused(status, future);
    return why.empty() ? why : sentence(why);
}

Result<StateLock, std::string> StateLock::take(const FileDescriptor& folder,
                                               const std::optional<FutureOwner>& future) {
    for (int i = 0; i < kTries; ++i) {
        StateLock lock;
        lock.file_ = make(folder, future);
        if (!lock.file_.valid() && errno != EEXIST) {
            return Failure{std::string(std::strerror(errno))};
        }
        if (!lock.file_.valid()) {
            if (const std::string why = look_ahead(folder, future); !why.empty()) {
                return Failure{why};
            }
            lock.file_ = FileDescriptor(openat(folder.get(), kName, kFlags));
            if (!lock.file_.valid() && errno == ENOENT) { continue; }
            const std::string why = lock.file_.valid()
                                        ? why_refused(folder, lock.file_, future)
                                        : std::string("cannot be opened: ") + std::strerror(errno);
            if (!why.empty()) { return Failure{sentence(why)}; }
        }
        // A file system without locks is no reason to save nothing.
        if (flock(lock.file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            return Failure{std::string("another server uses it")};
        }
        if (lock.is_in(folder)) { return lock; }
    }
    return Failure{sentence("is removed again and again")};
}

bool StateLock::is_in(const FileDescriptor& folder) const {
    struct stat held{};
    struct stat there{};
    if (!file_.valid() || fstat(file_.get(), &held) != 0) { return false; }
    return fstatat(folder.get(), kName, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

int state_lock_holder(const std::string& path) {
    struct stat file{};
    if (stat((path + "/" + kName).c_str(), &file) != 0) { return 0; }
    const auto locks = read_file("/proc/locks", kMostLockOctets);
    if (!locks) { return 0; }
    std::istringstream lines(locks->text);
    for (std::string line; std::getline(lines, line);) {
        if (const int process = holder_in(line, file); process > 0) { return process; }
    }
    return 0;
}

void StateLock::give(const FutureOwner& owner) const {
    struct stat status{};
    if (fstat(file_.get(), &status) != 0 || status.st_uid != 0) { return; }
    [[maybe_unused]] const int outcome = fchown(file_.get(), owner.user_id, owner.group_id);
}

}  // namespace meridian::server
