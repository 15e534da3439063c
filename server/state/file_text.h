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

/// A text that is shared by the parser and by the saving for the next start.
using SharedText = std::shared_ptr<const std::string>;

struct FileText {
    std::string text;
    std::int64_t modified = 0;  ///< Unix seconds.
};

/// The state of a file: its device, inode, size and times. A changed text has another state, even
/// if a program set the time of modification back, since no program can set the time of change.
/// Empty if there is no file.
std::string file_state_of(const std::string& path);
std::string file_state_in(const struct stat& status);

/// Whether the last change is long enough ago for `state`, as `file_state_of` gave it before the
/// file is read, to show each later change of the text. It is not where the file changed less than
/// 2 s ago: it may change once more within the same tick of the clock that gives its times.
bool has_rested(const std::string& state);
/// Whether the clock of the file system is that of this machine. On another one `stat` may also see
/// changes late.
bool is_on_local_file_system(const std::string& path);

/// Reads an ordinary file of at most `limit_octets`; see FileReader.
Result<FileText, FileError> read_file(const std::string& path, std::size_t limit_octets);
/// The same for a file that is open, and called `path`.
Result<FileText, FileError> read_file(FileReader file);

}  // namespace meridian::server
