// Reads a file whole, before anything looks at it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/file_text.h"

#include <sys/stat.h>

#include <array>
#include <utility>

#include "meridian/large_pages.h"

namespace meridian::server {

std::string stamp_of(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) { return {}; }
    return std::to_string(status.st_dev) + ' ' + std::to_string(status.st_ino) + ' ' +
           std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + ' ' +
           std::to_string(status.st_mtim.tv_nsec) + ' ' + std::to_string(status.st_ctim.tv_sec) +
           ' ' + std::to_string(status.st_ctim.tv_nsec);
}

Result<FileText, FileError> read_file(const std::string& path, std::size_t limit_octets) {
    auto file = FileReader::open(path, limit_octets);
    if (!file) { return Failure{file.error()}; }
    return read_file(std::move(file).value());
}

Result<FileText, FileError> read_file(FileReader file) {
    FileText result;
    result.modified = file.modified();
    // A hint: the file may grow meanwhile.
    reserve_in_large_pages(result.text, static_cast<std::size_t>(file.octets()));
    std::array<std::uint8_t, 65536> chunk{};
    for (;;) {
        const auto octets = file.read_some(chunk);
        if (!octets) { return Failure{octets.error()}; }
        if (*octets == 0) { return result; }
        result.text.append(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*octets));
    }
}

}  // namespace meridian::server
