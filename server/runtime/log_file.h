// Opens the log's file, at the start and anew, and says who can get in the way.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"
#include "server/state/trusted_path.h"

namespace meridian::server {

/// Opens the file to append to it, or makes it. It has no second name. It is an ordinary file, or
/// one that only trusted users can have put there. Root gives it to `rules.future`. The error is in
/// words, with the path.
Result<FileDescriptor, std::string> open_log_file(const std::string& path, const PathRules& rules);

/// Whether `path` leads to the open `file`, and open_log_file would not refuse it.
bool is_log_file(const std::string& path, const PathRules& rules, const FileDescriptor& file);

/// Why open_log_file would refuse `path`, in the same words, without making, opening or handing
/// over anything. Empty if it would not.
std::string why_log_file_is_refused(const std::string& path, const PathRules& rules);

/// Why the user of the calling thread cannot make the log file again after it was moved away, in
/// words that name user and folder. Empty if that works, or if the log is no ordinary file.
std::string why_log_file_stays_away(const std::string& path);

/// The folder on the way in which other users than root and that of the calling thread can replace
/// the log file, in words. Empty if there is none.
std::string why_log_file_is_exposed(const std::string& path);

/// The first folder on the way that the calling thread cannot enter; empty if there is none.
std::string closed_folder(const std::string& path);

}  // namespace meridian::server
