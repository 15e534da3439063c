// Reads the journal from the state directory, and passes over what is damaged.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal_reading.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "meridian/limits.h"
#include "server/state/state_lines.h"

namespace meridian::server {
namespace {

constexpr std::string_view kTitle = "meridian journal 1\n";
constexpr std::size_t kMaxSegmentOctets = kMaxJournalStateOctets + 2 * kMaxJournalSegmentOctets;

}  // namespace

/// Lines have the time at which something turned, and those of a state older ones than the lines
/// before them; what counts is where a line stands.
JournalState JournalReading::state_at(std::int64_t time) const {
    JournalState state;
    for (const JournalEntry& entry : entries) {
        if (!entry.is_state && entry.at > time) { break; }
        if (entry.at <= time) { state.apply(entry); }
    }
    return state;
}

std::int64_t JournalReading::begin() const {
    const auto first = std::ranges::find(entries, false, &JournalEntry::is_state);
    return first == entries.end() ? 0 : first->at;
}

std::string journal_title() {
    return std::string(kTitle);
}

bool read_journal_segment(std::string_view text, JournalReading& reading) {
    if (!text.starts_with(kTitle)) { return false; }
    text.remove_prefix(kTitle.size());
    while (!text.empty()) {
        const bool is_whole = text.find('\n') != std::string_view::npos;
        const std::string_view line = take_until(text, '\n');
        if (line.empty()) { continue; }  // ends a line that was cut off
        auto entry = is_whole ? parse_journal_line(line) : std::nullopt;
        if (entry) {
            reading.entries.push_back(std::move(*entry));
        } else {
            ++reading.damaged_lines;
        }
    }
    return true;
}

std::vector<std::string> journal_segments(const StateDirectory& state) {
    std::vector<std::string> names = state.list({});
    std::erase_if(names, [](const std::string& name) { return !name.starts_with(kJournalFiles); });
    std::ranges::sort(names);  // their numbers have as many digits
    return names;
}

JournalReading read_journal(const StateDirectory& state) {
    JournalReading reading;
    for (const std::string& name : journal_segments(state)) {
        const auto file = state.read(name, kMaxSegmentOctets);
        if (!file && file.error().kind == FileFailure::Missing) { continue; }  // removed meanwhile
        reading.is_there = true;
        if (!file) {
            reading.problems.push_back(file.error().text);
        } else if (!read_journal_segment(file->text, reading)) {
            reading.problems.push_back(state.path() + "/" + name +
                                       ": it is damaged, or of another version of Meridian");
        }
    }
    const bool is_known = reading.is_there || state.path().empty();
    reading.is_forbidden =
        !is_known && faccessat(AT_FDCWD, state.path().c_str(), R_OK | X_OK, AT_EACCESS) != 0 &&
        errno == EACCES;
    return reading;
}

}  // namespace meridian::server
