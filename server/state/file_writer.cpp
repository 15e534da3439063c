// Replaces a file whole, so that no reader ever sees half of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/file_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "server/state/file_modes.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kNewFileMode = 0666;  // less the umask
constexpr int kNameTries = 100;
constexpr std::size_t kSyncedAlone = 8;  // syncing more of them costs more than one syncfs
constexpr std::string_view kUnfinishedEnding = ".new";

std::string reason(const std::string& path, int number = errno) {
    return "cannot write " + path + ": " + std::strerror(number);
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
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

bool write_all(const FileDescriptor& file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t octets = write(file.get(), text.data(), text.size());
        if (octets < 0 && errno == EINTR) { continue; }
        if (octets < 0) { return false; }
        text.remove_prefix(static_cast<std::size_t>(octets));
    }
    return true;
}

/// A temporary file beside its target, deleted at the end unless it has replaced the target. Its
/// name begins with a dot, so that readers of the directory ignore it.
class FileBeside {
public:
    FileBeside(int folder, const std::string& target) : folder_(folder) {
        for (int i = 0; !file_.valid() && i < kNameTries; ++i) {
            name_ = "." + target + "." + std::to_string(getpid()) + "-" + std::to_string(i) +
                    std::string(kUnfinishedEnding);
            const int file =
                openat(folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                       kNewFileMode);
            if (file < 0 && errno != EEXIST) { break; }
            file_ = FileDescriptor(file);
        }
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;
    ~FileBeside() {
        if (file_.valid() && !in_place_) { unlinkat(folder_, name_.c_str(), 0); }
    }

    [[nodiscard]] bool is_open() const { return file_.valid(); }

    [[nodiscard]] bool write_all(std::string_view text) const {
        return server::write_all(file_, text);
    }

    [[nodiscard]] bool sync() const { return fsync(file_.get()) == 0; }

    [[nodiscard]] bool set_mode(mode_t mode) const { return fchmod(file_.get(), mode) == 0; }

    /// The mode last: a change of owner clears some of its bits.
    [[nodiscard]] bool take_after(const struct stat& old) const {
        struct stat own{};
        if (fstat(file_.get(), &own) != 0) { return false; }
        const bool same_owner = own.st_uid == old.st_uid && own.st_gid == old.st_gid;
        return (same_owner || fchown(file_.get(), old.st_uid, old.st_gid) == 0) &&
               set_mode(old.st_mode & kModeBits);
    }

    /// A link that lies there is replaced, not followed.
    [[nodiscard]] bool replace(const std::string& target) {
        in_place_ = renameat(folder_, name_.c_str(), folder_, target.c_str()) == 0;
        return in_place_;
    }

private:
    int folder_;
    std::string name_;
    FileDescriptor file_;
    bool in_place_ = false;
};

/// A descriptor of the folder. Syncing it brings new names in the folder to the disk.
FileDescriptor open_folder(const fs::path& folder) {
    return FileDescriptor(
        open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

Result<Unit, std::string> write_file_atomically(const std::string& path, std::string_view text,
                                                const std::optional<std::string>& expected_state) {
    const auto target = target_of(path);
    if (!target) { return Failure{target.error()}; }
    struct stat old{};
    const bool replaces = stat(target->c_str(), &old) == 0;
    if (replaces && !S_ISREG(old.st_mode)) {
        return Failure{"cannot write " + path + ": it is no ordinary file"};
    }
    // Replacing a file needs no permission to write to it, but an operator write-protects a file
    // for a reason.
    if (replaces && access(target->c_str(), W_OK) != 0) { return Failure{reason(path)}; }

    const FileDescriptor folder = open_folder(fs::path(*target).parent_path());
    if (!folder.valid()) { return Failure{reason(path)}; }
    const std::string name = fs::path(*target).filename().string();
    FileBeside written(folder.get(), name);
    if (!written.is_open() || !written.write_all(text)) { return Failure{reason(path)}; }
    if (!written.sync()) { return Failure{reason(path)}; }
    if (replaces && !written.take_after(old)) {
        const int number = errno;
        return Failure{reason(path, number) + " (its mode and owner could not be set)"};
    }
    if (expected_state && file_state_of(*target) != *expected_state) {
        return Failure{path + " was changed meanwhile; nothing is written"};
    }
    // Until the folder is on the disk, a crash of the machine may bring the old file back.
    if (!written.replace(name) || fsync(folder.get()) != 0) { return Failure{reason(path)}; }
    return Unit{};
}

Result<Unit, std::string> write_private_file(const PrivateFile& file, std::string_view text,
                                             Sync sync) {
    FileBeside written(file.folder, file.name);
    if (!written.is_open() || !written.set_mode(kPrivateFile) || !written.write_all(text)) {
        return Failure{reason(file.path)};
    }
    if (sync == Sync::Now && !written.sync()) { return Failure{reason(file.path)}; }
    if (!written.replace(file.name)) { return Failure{reason(file.path)}; }
    if (sync == Sync::Now && fsync(file.folder) != 0) { return Failure{reason(file.path)}; }
    return Unit{};
}

Result<Unit, std::string> append_to(const FileDescriptor& file, std::string_view text,
                                    std::uint64_t octets, const std::string& path) {
    if (write_all(file, text)) { return Unit{}; }
    Failure failure{reason(path)};
    [[maybe_unused]] const int outcome = ftruncate(file.get(), static_cast<off_t>(octets));
    return failure;
}

Result<Unit, std::string> sync_files(int folder, const std::vector<std::string>& names,
                                     const std::string& path) {
    if (names.size() > kSyncedAlone) {  // also writes what others have queued for that disk
        if (syncfs(folder) != 0) { return Failure{reason(path)}; }
        return Unit{};
    }
    for (const std::string& name : names) {
        const FileDescriptor file(
            openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (!file.valid() || fsync(file.get()) != 0) { return Failure{reason(path + "/" + name)}; }
    }
    if (fsync(folder) != 0) { return Failure{reason(path)}; }
    return Unit{};
}

std::string_view unfinished_of(std::string_view name) {
    if (!name.starts_with('.') || !name.ends_with(kUnfinishedEnding)) { return {}; }
    name.remove_prefix(1);
    name.remove_suffix(std::min(kUnfinishedEnding.size(), name.size()));
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos) { return {}; }
    const std::string_view tail = name.substr(dot + 1);
    const auto dash = tail.find('-');
    if (dash == std::string_view::npos || !is_number(tail.substr(0, dash)) ||
        !is_number(tail.substr(dash + 1))) {
        return {};
    }
    return name.substr(0, dot);
}

}  // namespace meridian::server
