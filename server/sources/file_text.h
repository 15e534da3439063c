// Reads a file whole, before anything looks at it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "meridian/file_reader.h"
#include "meridian/result.h"

namespace meridian::server {

/// A text that several hold: whoever parses it, and whoever keeps it for the next start.
using SharedText = std::shared_ptr<const std::string>;

struct FileText {
    std::string text;
    std::int64_t modified = 0;  ///< Unix seconds.
};

/// What the file system says of a file: another text has another stamp, whatever was done to the
/// time of modification, since nobody can set the time of change. Empty: there is no file.
std::string stamp_of(const std::string& path);

/// Reads an ordinary file of at most `limit_octets`; see FileReader.
Result<FileText, FileError> read_file(const std::string& path, std::size_t limit_octets);
/// The same for a file that is open, and called `path`.
Result<FileText, FileError> read_file(FileReader file);

}  // namespace meridian::server
