// Logs what operators set by hand, when it begins and when it ends.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/override_log.h"

#include <string>

namespace meridian::server {

namespace {

std::string text_of(OverrideKind kind) {
    switch (kind) {
        case OverrideKind::Drain:
            return "drain";
        case OverrideKind::ForceUp:
            return "force up";
        case OverrideKind::ForceDown:
            break;
    }
    return "force down";
}

}  // namespace

void log_override(const Override& entry, OverrideTurn turn, Log& log) {
    const LogFields fields{{"target", to_text(entry.target)},
                           {"until", entry.until},
                           {"author", entry.author},
                           {"reason", entry.reason}};
    switch (turn) {
        case OverrideTurn::Begins:
            return log.info(text_of(entry.kind) + " begins", fields);
        case OverrideTurn::Ends:
            return log.info(text_of(entry.kind) + " ends: it is released or replaced", fields);
        case OverrideTurn::Expires:
            return log.info(text_of(entry.kind) + " ends: its time is over", fields);
    }
}

}  // namespace meridian::server
