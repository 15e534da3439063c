// Appends lines to the segments of the journal, and begins and removes segments.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal_segments.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "server/journal/journal_reading.h"
#include "server/state/state_lines.h"

namespace meridian::server {
namespace {

/// The name behind `name`, which may be empty.
std::string name_behind(std::string_view name) {
    std::uint32_t number = 0;
    if (name.starts_with(kJournalFiles)) {
        number = parse_number<std::uint32_t>(name.substr(kJournalFiles.size())).value_or(0);
    }
    std::string digits = std::to_string(number + 1);
    digits.insert(0, kJournalDigits - std::min(kJournalDigits, digits.size()), '0');
    return std::string(kJournalFiles) + digits;
}

std::string lines_of(const std::vector<JournalEntry>& entries) {
    std::string lines;
    for (const JournalEntry& entry : entries) {
        lines += journal_line(entry);
    }
    return lines;
}

}  // namespace

Result<Unit, std::string> JournalSegments::use(StateDirectory state, const JournalState& now,
                                               std::int64_t time) {
    state_ = std::move(state);
    name_.clear();
    octets_ = 0;
    if (!state_.saves()) { return Unit{}; }
    find_last();
    return name_.empty() ? begin_segment({}, now, time) : Unit{};
}

void JournalSegments::find_last() {
    const std::vector<std::string> names = journal_segments(state_);
    if (names.empty()) { return; }
    name_ = names.back();
    // Of a long one nothing is read: the next line begins another.
    const auto file = state_.read(name_, kMaxJournalSegmentOctets);
    if (!file || !file->text.starts_with(journal_title())) { return; }
    octets_ = file->text.size();
    limit_octets_ = kMaxJournalSegmentOctets;
    ends_in_line_feed_ = file->text.ends_with('\n');
}

Result<Unit, std::string> JournalSegments::append(const std::vector<JournalEntry>& entries,
                                                  const JournalState& state) {
    if (!state_.saves()) { return Unit{}; }
    const std::string lines = lines_of(entries);
    if (octets_ == 0 || octets_ + lines.size() > limit_octets_) {
        return begin_segment(lines, state, entries.front().at);
    }
    const std::string text = (ends_in_line_feed_ ? "" : "\n") + lines;
    auto appended = state_.append_unsynced(name_, text, octets_);
    // A file that was removed, or that others wrote to, is left behind.
    if (!appended && state_.octets_of(name_) != octets_) {
        return begin_segment(lines, state, entries.front().at);
    }
    if (!appended) { return appended; }
    octets_ += text.size();
    ends_in_line_feed_ = true;
    return Unit{};
}

Result<Unit, std::string> JournalSegments::begin_segment(const std::string& lines,
                                                         const JournalState& state,
                                                         std::int64_t time) {
    const std::string name = name_behind(name_);
    // What held in segments that are gone, or cannot be read, holds no more.
    const JournalEntry afresh{.is_state = true, .at = time};
    const std::string head = journal_title() + journal_line(afresh) + lines_of(state.entries());
    auto written = state_.write(name, head + lines);
    if (!written) { return written; }
    name_ = name;
    octets_ = head.size() + lines.size();
    limit_octets_ = head.size() + kMaxJournalSegmentOctets;
    ends_in_line_feed_ = true;
    remove_old();
    return Unit{};
}

void JournalSegments::remove_old() const {
    std::vector<std::string> names = journal_segments(state_);
    while (names.size() > kMaxJournalSegments) {
        state_.remove(names.front());
        names.erase(names.begin());
    }
}

}  // namespace meridian::server
