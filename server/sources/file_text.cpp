// Reads a file whole, before anything looks at it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace meridian::server {

namespace {

/// Closes itself.
struct OpenFile {
    int descriptor = -1;
    explicit OpenFile(int opened) : descriptor(opened) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (descriptor >= 0) { close(descriptor); }
    }
};

FileError error_of(const std::string& path, int number) {
    const auto kind =
        number == ENOENT || number == ENOTDIR ? FileFailure::Missing : FileFailure::Unreadable;
    return {kind, "cannot read " + path + ": " + std::strerror(number)};
}

}  // namespace

std::string stamp_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) { return {}; }
    return std::to_string(status.st_dev) + ' ' + std::to_string(status.st_ino) + ' ' +
           std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + ' ' +
           std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_ctim.tv_sec) +
           ' ' + std::to_string(status.st_ctim.tv_nsec);
}

Result<FileText, FileError> read_file(const std::string& path, std::size_t limit_octets) {
    // O_NONBLOCK: opening a pipe nobody writes to would wait for ever.
    const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.descriptor < 0) { return Failure{error_of(path, errno)}; }
    struct stat status{};
    if (fstat(file.descriptor, &status) != 0) { return Failure{error_of(path, errno)}; }
    if (!S_ISREG(status.st_mode)) {
        return Failure{
            FileError{FileFailure::Unreadable, "cannot read " + path + ": it is no ordinary file"}};
    }

    FileText result;
    result.modified = status.st_mtim.tv_sec;
    if (status.st_size > 0) {  // a hint: the file may grow meanwhile
        result.text.reserve(std::min(static_cast<std::size_t>(status.st_size), limit_octets));
    }
    char chunk[65536];
    for (;;) {
        const ssize_t octets = read(file.descriptor, chunk, sizeof chunk);
        if (octets < 0 && errno == EINTR) { continue; }
        if (octets < 0) { return Failure{error_of(path, errno)}; }
        if (octets == 0) { return result; }
        result.text.append(chunk, static_cast<std::size_t>(octets));
        if (result.text.size() > limit_octets) {
            return Failure{
                FileError{FileFailure::TooLarge,
                          path + " is longer than " + std::to_string(limit_octets >> 10) + " KiB"}};
        }
    }
}

}  // namespace meridian::server
