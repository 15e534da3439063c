// Reads an ordinary file piece by piece.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "meridian/fingerprint.h"
#include "meridian/result.h"

namespace meridian::server {

enum class FileFailure : std::uint8_t {
    Missing,
    Unreadable,  ///< No permission, no ordinary file, an error of the disk.
    TooLarge,
};

struct FileError {
    FileFailure kind{};
    std::string text;  ///< In words, naming the path.
};

/// Not mapped into memory: a mapped file that somebody cuts kills the process.
class FileReader {
public:
    /// A device or a pipe, which might never end, is refused.
    static Result<FileReader, FileError> open(const std::string& path);
    /// The same in a folder that is open. `path` is for errors. A symbolic link is refused, too.
    static Result<FileReader, FileError> open_in(int folder, const std::string& name,
                                                 const std::string& path);
    FileReader(FileReader&& other) noexcept;
    FileReader& operator=(FileReader&& other) noexcept;
    ~FileReader();

    [[nodiscard]] std::uint64_t octets() const { return octets_; }     ///< When it was opened.
    [[nodiscard]] std::int64_t modified() const { return modified_; }  ///< Unix seconds.

    /// Up to as many octets as `into` has room for; 0 at the end of the file.
    Result<std::size_t, FileError> read_some(std::span<std::uint8_t> into);
    /// Fills `into`; false when there are fewer octets, or they cannot be read.
    bool read(std::span<std::uint8_t> into);

private:
    static Result<FileReader, FileError> take(int descriptor, const std::string& path);
    FileReader(int descriptor, std::string path)
        : descriptor_(descriptor), path_(std::move(path)) {}

    int descriptor_ = -1;
    std::string path_;
    std::uint64_t octets_ = 0;
    std::int64_t modified_ = 0;
};

/// A hash of all that a file holds; see geo::OctetHash.
Result<Digest, FileError> hash_file(const std::string& path);

}  // namespace meridian::server
