// Describes one change of what the server answers by, as a line of the journal.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::server {

enum class JournalKind : std::uint8_t {
    Start,     ///< A process begins: nothing of what stood before holds.
    Stop,      ///< It ends, and was asked to.
    Target,    ///< An address turned for one of its checks.
    Region,    ///< A region of a service came to stand on another rung.
    Override,  ///< A drain or a force begins or ends.
    Release,   ///< Regions that fell and waited for it may come back.
    Reload,    ///< Files were read again.
    Zone,      ///< Another version of a zone is served.
    Database,  ///< Another geo database is used.
    Alarm,     ///< Something that `status` calls a problem begins or ends.
    Lost,      ///< The disk took no lines for so long that some are missing.
};
/// "start", "stop", "target", ...
std::string_view to_text(JournalKind kind);
std::optional<JournalKind> journal_kind_from_text(std::string_view text);

/// A text is empty where there is none.
struct JournalEntry {
    JournalKind kind = JournalKind::Start;
    /// It repeats what already held when a segment, or a process, began.
    bool is_state = false;
    std::int64_t at = 0;       ///< Unix seconds.
    std::int64_t until = 0;    ///< The end of an override in unix seconds; 0: none.
    std::string subject = {};  ///< An address, a region, the target of an override, a zone, ...
    std::string state = {};    ///< What it came to: "down", "drain", a serial, "reloaded", ...
    std::string before = {};   ///< What it was, where that is known.
    std::string detail = {};   ///< Of a target the digest of its check, of a region its family,
                               ///< of an override whether it is maintenance.
    std::string region = {};   ///< That the address belongs to.
    std::string service = {};
    std::string file = {};
    std::string author = {};
    std::string cause = {};  ///< The reason of a failure, or the one that the operator gave.
    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

// States of overrides that have ended.
inline constexpr std::string_view kReleased = "released";
inline constexpr std::string_view kExpired = "expired";
// The detail of one that is a window of its region's file.
inline constexpr std::string_view kMaintenance = "maintenance";
// Of alarms.
inline constexpr std::string_view kAlarmBegins = "on";
inline constexpr std::string_view kAlarmEnds = "off";

/// A line with its digest and its line feed. Control characters in texts become spaces, and longer
/// texts than kMaxJournalFieldOctets are cut.
std::string journal_line(const JournalEntry& entry);

/// The digest of a text, a tab, and the text: a line without its line feed.
std::string digested(const std::string& text);

/// The same back, from a line without its line feed; none where the line is damaged.
std::optional<JournalEntry> parse_journal_line(std::string_view line);

}  // namespace meridian::server
