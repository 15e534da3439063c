// Knows which changes of the journal still hold: what is down, set by hand, or alarming.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "server/journal/journal_entry.h"

namespace meridian::server {

/// The whole state at one point of the journal. What is up, and not set by hand, is not in it.
class JournalState {
public:
    void apply(const JournalEntry& entry);
    /// The entries that made it so, marked as state, by kind and subject.
    [[nodiscard]] std::vector<JournalEntry> entries() const;

private:
    using Key = std::tuple<JournalKind, std::string, std::string, std::string, std::string>;
    std::map<Key, JournalEntry> holds_;
};

}  // namespace meridian::server
