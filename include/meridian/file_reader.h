// Opens the files that operators name, and reads them piece by piece.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian {

enum class FileFailure : std::uint8_t {
    Missing,
    Unreadable,  ///< No permission, no ordinary file, or an error of the disk.
    TooLarge,
};

struct FileError {
    FileFailure kind{};
    std::string text;    ///< In words, naming the path: "cannot read PATH: REASON".
    std::string reason;  ///< The same without the path: "it is longer than 4 MiB".
};

/// Opens every file that an operator names: zones, libraries, master files, databases, worlds,
/// meridian.toml, copies. It checks type and size before it reads anything: a pipe would block its
/// reader for ever, a device may never end or may act when it is opened, and a sparse file of a
/// terabyte takes no room on the disk. It does not map the file into memory, because truncating a
/// mapped file kills the process.
class FileReader {
public:
    /// Fails for anything but an ordinary file, and for a file longer than `limit_octets`.
    static Result<FileReader, FileError> open(const std::string& path, std::uint64_t limit_octets);
    /// Opens a file in a folder that is open; `path` is for errors. Fails for a symbolic link, too.
    static Result<FileReader, FileError> open_in(int folder, const std::string& name,
                                                 const std::string& path,
                                                 std::uint64_t limit_octets);

    [[nodiscard]] std::uint64_t octets() const { return octets_; }     ///< When it was opened.
    [[nodiscard]] std::int64_t modified() const { return modified_; }  ///< Unix seconds.
    /// For a system call that moves octets by itself; it must take at most octets() of them.
    [[nodiscard]] int descriptor() const { return descriptor_.get(); }

    /// Reads up to as many octets as `into` has room for; 0 at the end of the file. A file that
    /// grew beyond the limit since it was opened is refused like one that was too long from the
    /// start.
    Result<std::size_t, FileError> read_some(std::span<std::uint8_t> into);
    /// Fills `into`; false when the file has fewer octets, or they cannot be read.
    bool read(std::span<std::uint8_t> into);

private:
    static Result<FileReader, FileError> take(FileReader file);
    FileReader(int descriptor, std::string path, std::uint64_t limit_octets)
        : descriptor_(descriptor), path_(std::move(path)), limit_octets_(limit_octets) {}
    static FileError error_of(const std::string& path, int number);
    static FileError error_of(const std::string& path, FileFailure kind, std::string reason);
    static FileError too_large(const std::string& path, std::uint64_t limit_octets);
    static FileError no_file(const std::string& path, mode_t mode);

    // O_NONBLOCK: the path may become a pipe after the check, and to open a pipe without a writer
    // would wait for ever.
    static constexpr int kOpening = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

    FileDescriptor descriptor_;
    std::string path_;
    std::uint64_t limit_octets_ = 0;
    std::uint64_t read_octets_ = 0;
    std::uint64_t octets_ = 0;
    std::int64_t modified_ = 0;
};

inline FileError FileReader::error_of(const std::string& path, FileFailure kind,
                                      std::string reason) {
    return {kind, "cannot read " + path + ": " + reason, std::move(reason)};
}

inline FileError FileReader::error_of(const std::string& path, int number) {
    const bool is_missing = number == ENOENT || number == ENOTDIR;
    return error_of(path, is_missing ? FileFailure::Missing : FileFailure::Unreadable,
                    std::strerror(number));
}

inline FileError FileReader::too_large(const std::string& path, std::uint64_t limit_octets) {
    std::string limit = std::to_string(limit_octets) + " octets";
    for (const auto& [bits, unit] : {std::pair{30, " GiB"}, {20, " MiB"}, {10, " KiB"}}) {
        if (limit_octets == 0 || limit_octets % (std::uint64_t{1} << bits) != 0) { continue; }
        limit = std::to_string(limit_octets >> bits) + unit;
        break;
    }
    return error_of(path, FileFailure::TooLarge, "it is longer than " + limit);
}

inline FileError FileReader::no_file(const std::string& path, mode_t mode) {
    const char* what = S_ISDIR(mode)    ? "a directory"
                       : S_ISFIFO(mode) ? "a named pipe"
                       : S_ISSOCK(mode) ? "a socket"
                                        : "a device";
    return error_of(path, FileFailure::Unreadable,
                    std::string("it is no ordinary file but ") + what);
}

inline Result<FileReader, FileError> FileReader::open(const std::string& path,
                                                      std::uint64_t limit_octets) {
    // The check comes before the opening: opening rewinds a tape, starts a watchdog, and makes the
    // writer of a pipe believe that it has a reader.
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) { return Failure{error_of(path, errno)}; }
    if (!S_ISREG(status.st_mode)) { return Failure{no_file(path, status.st_mode)}; }
    return take(FileReader(::open(path.c_str(), kOpening), path, limit_octets));
}

inline Result<FileReader, FileError> FileReader::open_in(int folder, const std::string& name,
                                                         const std::string& path,
                                                         std::uint64_t limit_octets) {
    return take(
        FileReader(::openat(folder, name.c_str(), kOpening | O_NOFOLLOW), path, limit_octets));
}

inline Result<FileReader, FileError> FileReader::take(FileReader file) {
    struct stat status{};
    if (!file.descriptor_.valid() || ::fstat(file.descriptor(), &status) != 0) {
        return Failure{error_of(file.path_, errno)};
    }
    if (!S_ISREG(status.st_mode)) { return Failure{no_file(file.path_, status.st_mode)}; }
    file.octets_ = static_cast<std::uint64_t>(status.st_size);
    file.modified_ = status.st_mtim.tv_sec;
    if (file.octets_ > file.limit_octets_) {
        return Failure{too_large(file.path_, file.limit_octets_)};
    }
    return file;
}

inline Result<std::size_t, FileError> FileReader::read_some(std::span<std::uint8_t> into) {
    for (;;) {
        const ssize_t octets = ::read(descriptor(), into.data(), into.size());
        if (octets < 0 && errno == EINTR) { continue; }
        if (octets < 0) { return Failure{error_of(path_, errno)}; }
        read_octets_ += static_cast<std::uint64_t>(octets);
        if (read_octets_ > limit_octets_) { return Failure{too_large(path_, limit_octets_)}; }
        return static_cast<std::size_t>(octets);
    }
}

inline bool FileReader::read(std::span<std::uint8_t> into) {
    while (!into.empty()) {
        const auto octets = read_some(into);
        if (!octets || *octets == 0) { return false; }
        into = into.subspan(*octets);
    }
    return true;
}

}  // namespace meridian
