// Writes and reads the index of the texts that were served last.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "server/sources/guards.h"
#include "server/state/saved_texts.h"

namespace meridian::server {

/// The saved texts of a zone file, and a summary of its zones.
struct SavedFile {
    SavedText text;
    std::vector<SavedText> named;
    std::vector<ZoneSummary> zones;
    bool is_of_this_process =
        false;  ///< It has written the texts, so it knows that they are there.

    /// Whether the index has the same of both.
    friend bool operator==(const SavedFile& left, const SavedFile& right) {
        return left.text == right.text && left.named == right.named && left.zones == right.zones;
    }
};

/// By path.
using SavedFiles = std::map<std::string, SavedFile>;

/// The saved version of a file, or null.
inline const SavedFile* find_saved(const SavedFiles& files, const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? nullptr : &found->second;
}

/// A file name with a line feed or a tab does not fit a line of the index.
bool fits_a_line(const std::string& path);

/// The lines of these files, and back again. False where one makes no sense, or a file is among
/// `files` already.
std::string last_good_lines(const SavedFiles& files);
bool parse_last_good_lines(std::string_view lines, SavedFiles& files);

/// The text of the index, and back again; the error says what is wrong with it.
std::string last_good_text(const SavedFiles& files);
Result<SavedFiles, std::string> parse_last_good(std::string_view text);

}  // namespace meridian::server
