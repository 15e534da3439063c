// Reads a file whole, before anything looks at it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/file_text.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "meridian/clock.h"
#include "meridian/huge_pages.h"

namespace meridian::server {

namespace {

constexpr std::int64_t kRestSeconds = 2;  // FAT counts time in steps of this length

constexpr std::uint32_t kXfs = 0x58465342;  // linux/magic.h lacks these two
constexpr std::uint32_t kZfs = 0x2fc12fc1;
constexpr std::array<std::uint32_t, 8> kLocalFileSystems{
    EXT4_SUPER_MAGIC, kXfs, BTRFS_SUPER_MAGIC,     TMPFS_MAGIC,
    F2FS_SUPER_MAGIC, kZfs, OVERLAYFS_SUPER_MAGIC, SQUASHFS_MAGIC};

/// The number at that place of a file state.
std::int64_t number_in(const std::string& state, int place) {
    std::size_t at = 0;
    for (int i = 0; i < place; ++i) {
        at = state.find(' ', at) + 1;
    }
    return std::strtoll(&state[at], nullptr, 10);
}

}  // namespace

bool is_on_local_file_system(const std::string& path) {
    struct statfs status{};
    if (statfs(path.c_str(), &status) != 0) { return false; }
    const auto type = static_cast<std::uint32_t>(status.f_type);
    return std::ranges::find(kLocalFileSystems, type) != kLocalFileSystems.end();
}

bool has_rested(const std::string& state) {
    if (state.empty()) { return false; }
    const std::int64_t seconds = unix_seconds(std::chrono::system_clock::now());
    // The second and the part of it of the modification, then those of the change.
    const std::int64_t newest = std::max(number_in(state, 3), number_in(state, 5));
    return newest + kRestSeconds < seconds;
}

std::string file_state_of(const std::string& path) {
    struct stat status{};
    return stat(path.c_str(), &status) == 0 ? file_state_in(status) : std::string();
}

std::string file_state_in(const struct stat& status) {
    std::string text;
    text.reserve(96);  // a look asks this of each of many thousands of files
    const auto add = [&text](auto number) {
        std::array<char, 24> digits{};
        const char* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
        if (!text.empty()) { text += ' '; }
        text.append(digits.cbegin(), end);
    };
    add(status.st_dev);
    add(status.st_ino);
    add(status.st_size);
    add(status.st_mtim.tv_sec);
    add(status.st_mtim.tv_nsec);
    add(status.st_ctim.tv_sec);
    add(status.st_ctim.tv_nsec);
    text.shrink_to_fit();  // a server keeps two for each file
    return text;
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
    reserve_in_huge_pages(result.text, static_cast<std::size_t>(file.octets()));
    std::array<std::uint8_t, 65536> chunk;  // zeros would cost as much as a small file
    for (;;) {
        const auto octets = file.read_some(chunk);
        if (!octets) { return Failure{octets.error()}; }
        result.text.append(chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(*octets));
        // A small file costs one call. One that grew since it was opened has another state.
        const bool is_whole = *octets < chunk.size() && result.text.size() >= file.octets();
        if (*octets == 0 || is_whole) { return result; }
    }
}

}  // namespace meridian::server
