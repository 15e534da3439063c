// Finds out for a test about a path: its mode, and the folder that it is in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "meridian/file_descriptor.h"

namespace meridian::test {

inline mode_t mode_of(const std::string& path) {
    struct stat status{};
    EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

/// Opened.
inline FileDescriptor folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return FileDescriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace meridian::test
