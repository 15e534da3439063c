// Replaces a file whole, so that nobody ever reads half of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "server/sources/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kNewFileMode = 0666;  // less the umask
constexpr mode_t kModeBits = 07777;
constexpr int kNameTries = 100;
constexpr std::size_t kSyncedAlone = 8;  // more of them cost more than all of the disk at once
constexpr std::string_view kUnfinished = ".new";

std::string reason(const std::string& path, int number = errno) {
    return "cannot write " + path + ": " + std::strerror(number);
}

/// Where a symbolic link leads to in the end; the path itself where there is no file yet.
Result<std::string, std::string> target_of(const std::string& path) {
    std::error_code error;
    const fs::file_status link = fs::symlink_status(path, error);
    if (link.type() == fs::file_type::not_found) { return path; }
    const fs::path real = fs::canonical(path, error);
    if (error) { return Failure{"cannot write " + path + ": " + error.message()}; }
    return real.string();
}

/// A file beside another one, which is gone at the end unless it has taken the other's place. Its
/// name begins with a dot: no reader of a directory takes it for one of its own.
class FileBeside {
public:
    explicit FileBeside(const std::string& path) {
        const fs::path target(path);
        for (int i = 0; descriptor_ < 0 && i < kNameTries; ++i) {
            path_ = (target.parent_path() /
                     ("." + target.filename().string() + "." + std::to_string(getpid()) + "-" +
                      std::to_string(i) + std::string(kUnfinished)))
                        .string();
            descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                               kNewFileMode);
            if (descriptor_ < 0 && errno != EEXIST) { break; }
        }
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;
    ~FileBeside() {
        if (descriptor_ < 0) { return; }
        close(descriptor_);
        if (!in_place_) { unlink(path_.c_str()); }
    }

    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

    [[nodiscard]] bool write_all(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t octets = write(descriptor_, text.data(), text.size());
            if (octets < 0 && errno == EINTR) { continue; }
            if (octets < 0) { return false; }
            text.remove_prefix(static_cast<std::size_t>(octets));
        }
        return true;
    }

    [[nodiscard]] bool sync() const { return fsync(descriptor_) == 0; }

    /// The mode last: a change of owner clears some of its bits.
    [[nodiscard]] bool take_after(const struct stat& old) const {
        struct stat own{};
        if (fstat(descriptor_, &own) != 0) { return false; }
        const bool same_owner = own.st_uid == old.st_uid && own.st_gid == old.st_gid;
        return (same_owner || fchown(descriptor_, old.st_uid, old.st_gid) == 0) &&
               fchmod(descriptor_, old.st_mode & kModeBits) == 0;
    }

    [[nodiscard]] bool replace(const std::string& path) {
        in_place_ = std::rename(path_.c_str(), path.c_str()) == 0;
        return in_place_;
    }

private:
    std::string path_;
    int descriptor_ = -1;
    bool in_place_ = false;
};

bool sync_path(const std::string& path, int flags, int (*sync)(int) = fsync) {
    const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    if (descriptor < 0) { return false; }
    const bool fine = sync(descriptor) == 0;
    close(descriptor);
    return fine;
}

/// Until then a crash of the machine may bring the old name back.
bool sync_folder(const std::string& folder) {
    return sync_path(folder.empty() ? "." : folder, O_DIRECTORY);
}

/// With all else that is on its way to that disk.
bool sync_disk_of(const std::string& folder) {
    return sync_path(folder, O_DIRECTORY, syncfs);
}

enum class Sync : bool { Later, Now };

Result<Unit, std::string> replace_file(const std::string& path, std::string_view text,
                                       const std::optional<std::string>& expected_stamp,
                                       Sync sync) {
    const auto target = target_of(path);
    if (!target) { return Failure{target.error()}; }
    struct stat old{};
    const bool replaces = stat(target->c_str(), &old) == 0;
    if (replaces && !S_ISREG(old.st_mode)) {
        return Failure{"cannot write " + path + ": it is no ordinary file"};
    }
    // A new file in its place needs no leave of the old one, but a file that is write-protected is
    // so for a reason.
    if (replaces && access(target->c_str(), W_OK) != 0) { return Failure{reason(path)}; }

    FileBeside written(*target);
    if (!written.is_open() || !written.write_all(text)) { return Failure{reason(path)}; }
    if (sync == Sync::Now && !written.sync()) { return Failure{reason(path)}; }
    if (replaces && !written.take_after(old)) {
        const int number = errno;
        return Failure{reason(path, number) + " (its mode and owner could not be kept)"};
    }
    if (expected_stamp && stamp_of(*target) != *expected_stamp) {
        return Failure{path + " was changed meanwhile; nothing is written"};
    }
    if (!written.replace(*target)) { return Failure{reason(path)}; }
    if (sync == Sync::Now && !sync_folder(fs::path(*target).parent_path())) {
        return Failure{reason(path)};
    }
    return Unit{};
}

}  // namespace

Result<Unit, std::string> write_file_atomically(const std::string& path, std::string_view text,
                                                const std::optional<std::string>& expected_stamp) {
    return replace_file(path, text, expected_stamp, Sync::Now);
}

Result<Unit, std::string> write_file_unsynced(const std::string& path, std::string_view text) {
    return replace_file(path, text, {}, Sync::Later);
}

Result<Unit, std::string> sync_files(const std::string& folder,
                                     const std::vector<std::string>& names) {
    if (names.size() > kSyncedAlone) {
        if (!sync_disk_of(folder)) { return Failure{reason(folder)}; }
        return Unit{};
    }
    for (const std::string& name : names) {
        const std::string path = (fs::path(folder) / name).string();
        if (!sync_path(path, 0)) { return Failure{reason(path)}; }
    }
    if (!sync_folder(folder)) { return Failure{reason(folder)}; }
    return Unit{};
}

bool is_unfinished(std::string_view name) {
    return name.starts_with('.') && name.ends_with(kUnfinished);
}

}  // namespace meridian::server
