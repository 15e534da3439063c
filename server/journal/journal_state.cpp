// Knows which changes of the journal still hold: what is down, set by hand, or alarming.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal_state.h"

namespace meridian::server {
namespace {

/// Whether the entry says that nothing special holds any more.
bool is_end(const JournalEntry& entry) {
    switch (entry.kind) {
        case JournalKind::Target:
        case JournalKind::Region:
            return entry.state == "up" || entry.state == "none";
        case JournalKind::Override:
            return entry.state == kReleased || entry.state == kExpired;
        case JournalKind::Alarm:
            return entry.state == kAlarmEnds;
        case JournalKind::Start:
        case JournalKind::Stop:
        case JournalKind::Release:
        case JournalKind::Reload:
        case JournalKind::Zone:
        case JournalKind::Database:
        case JournalKind::Lost:
            break;
    }
    return false;
}

bool has_state(JournalKind kind) {
    return kind == JournalKind::Target || kind == JournalKind::Region ||
           kind == JournalKind::Override || kind == JournalKind::Alarm;
}

/// A drain and a force of one target stand beside each other.
std::string detail_of(const JournalEntry& entry) {
    if (entry.kind != JournalKind::Override) { return entry.detail; }
    const std::string& what = is_end(entry) ? entry.before : entry.state;
    return what == "drain" ? "drain" : "force";
}

}  // namespace

void JournalState::apply(const JournalEntry& entry) {
    if (entry.kind == JournalKind::Start) { holds_.clear(); }
    if (!has_state(entry.kind)) { return; }
    const Key key{entry.kind, entry.subject, detail_of(entry), entry.service, entry.file};
    if (is_end(entry)) {
        holds_.erase(key);
        return;
    }
    JournalEntry& held = holds_[key];
    held = entry;
    held.is_state = true;
}

std::vector<JournalEntry> JournalState::entries() const {
    std::vector<JournalEntry> all;
    all.reserve(holds_.size());
    for (const auto& [key, entry] : holds_) {
        all.push_back(entry);
    }
    return all;
}

}  // namespace meridian::server
