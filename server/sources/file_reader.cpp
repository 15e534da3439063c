// Reads an ordinary file piece by piece.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/file_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "meridian/geo/octet_hash.h"

namespace meridian::server {

namespace {

// O_NONBLOCK: opening a pipe nobody writes to would wait for ever.
constexpr int kOpening = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr std::size_t kHashedOctets = std::size_t{256} << 10;  // stays in the cache

FileError error_of(const std::string& path, int number) {
    const auto kind =
        number == ENOENT || number == ENOTDIR ? FileFailure::Missing : FileFailure::Unreadable;
    return {kind, "cannot read " + path + ": " + std::strerror(number)};
}

}  // namespace

Result<FileReader, FileError> FileReader::open(const std::string& path) {
    return take(::open(path.c_str(), kOpening), path);
}

Result<FileReader, FileError> FileReader::open_in(int folder, const std::string& name,
                                                  const std::string& path) {
    return take(openat(folder, name.c_str(), kOpening | O_NOFOLLOW), path);
}

Result<FileReader, FileError> FileReader::take(int descriptor, const std::string& path) {
    FileReader file(descriptor, path);
    struct stat status{};
    if (file.descriptor_ < 0 || fstat(file.descriptor_, &status) != 0) {
        return Failure{error_of(path, errno)};
    }
    if (!S_ISREG(status.st_mode)) {
        return Failure{
            FileError{FileFailure::Unreadable, "cannot read " + path + ": it is no ordinary file"}};
    }
    file.octets_ = static_cast<std::uint64_t>(status.st_size);
    file.modified_ = status.st_mtim.tv_sec;
    return file;
}

FileReader::FileReader(FileReader&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      octets_(other.octets_),
      modified_(other.modified_) {}

FileReader& FileReader::operator=(FileReader&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    octets_ = other.octets_;
    modified_ = other.modified_;
    return *this;
}

FileReader::~FileReader() {
    if (descriptor_ >= 0) { close(descriptor_); }
}

Result<std::size_t, FileError> FileReader::read_some(std::span<std::uint8_t> into) {
    for (;;) {
        const ssize_t octets = ::read(descriptor_, into.data(), into.size());
        if (octets >= 0) { return static_cast<std::size_t>(octets); }
        if (errno != EINTR) { return Failure{error_of(path_, errno)}; }
    }
}

bool FileReader::read(std::span<std::uint8_t> into) {
    while (!into.empty()) {
        const auto octets = read_some(into);
        if (!octets || *octets == 0) { return false; }
        into = into.subspan(*octets);
    }
    return true;
}

Result<Digest, FileError> hash_file(const std::string& path) {
    auto file = FileReader::open(path);
    if (!file) { return Failure{file.error()}; }
    geo::OctetHash hash;
    std::vector<std::uint8_t> piece(kHashedOctets);
    for (;;) {
        const auto octets = file->read_some(piece);
        if (!octets) { return Failure{octets.error()}; }
        if (*octets == 0) { return hash.digest(); }
        hash.add(std::span(piece).first(*octets));
    }
}

}  // namespace meridian::server
