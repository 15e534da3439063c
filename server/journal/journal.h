// Appends changes to the journal in the state directory, on a thread of its own.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "meridian/clock.h"
#include "server/journal/journal_entry.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// A line for each change, in segments of some 4 MiB, of which the last eight stay. Each begins
/// with the whole state, so what is left explains itself when older ones are gone. Lines reach the
/// system at once, so they survive the end of the process, and the disk when the system writes
/// them: a power cut may cost those of the last half minute.
///
/// Who notes a change waits for no disk. While the disk takes no lines they wait here, and beyond
/// kMaxJournalWaiting the oldest are dropped, which a line says later.
class Journal {
public:
    /// Called on the journal's thread, when a problem is new; empty: it is mended.
    using NoteProblem = std::function<void(const std::string& problem)>;

    Journal(const Clock& clock, NoteProblem note_problem);
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();  ///< Stops.

    /// Writes there from now on; nothing is written where it does not save. Any thread.
    void use(StateDirectory state);
    /// An entry without a time is of now. Any thread.
    void note(JournalEntry entry);
    /// Writes what waits, tries that once, and ends the thread.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
