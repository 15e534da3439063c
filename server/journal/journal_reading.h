// Reads the journal from the state directory, and passes over what is damaged.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/journal/journal_entry.h"
#include "server/journal/journal_state.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// What the segments hold, the oldest line first.
struct JournalReading {
    std::vector<JournalEntry> entries = {};
    std::size_t damaged_lines = 0;
    std::vector<std::string> problems = {};  ///< A sentence for each segment that cannot be read.
    bool is_there = false;                   ///< There is a segment.
    bool is_forbidden = false;               ///< This user may not see whether there is one.

    /// What held at a time: the state of the last line up to it.
    [[nodiscard]] JournalState state_at(std::int64_t time) const;
    /// When the first line was written; 0: there is none.
    [[nodiscard]] std::int64_t begin() const;
};

/// The text that a segment begins with.
std::string journal_title();
/// Appends what a segment holds. False where the text is no segment of this form; what was cut off
/// by the end of a process counts as one damaged line.
bool read_journal_segment(std::string_view text, JournalReading& reading);

/// The segments in the directory, the oldest first.
std::vector<std::string> journal_segments(const StateDirectory& state);
JournalReading read_journal(const StateDirectory& state);

}  // namespace meridian::server
