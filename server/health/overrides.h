// Describes what operators set by hand: which regions are drained, or forced up or down.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/clock.h"
#include "meridian/result.h"
#include "server/health/health_plan.h"

namespace meridian::server {

enum class OverrideKind : std::uint8_t {
    Drain,      ///< No clients while another region is up.
    ForceUp,    ///< As if all checks passed.
    ForceDown,  ///< No clients while another region is up or drained.
};
/// "drain", "force-up", "force-down"
std::string_view to_text(OverrideKind kind);
std::optional<OverrideKind> override_kind_from_text(std::string_view text);

/// Which regions, services and addresses an override is about. Each part is a pattern, in which `*`
/// stands for any text, so it also matches what is added later.
struct OverrideTarget {
    std::string file = {};  ///< The end of a path, from a slash on; empty: any file.
    std::string region = "*";
    std::string service = "*";
    std::string address = "*";
    friend bool operator==(const OverrideTarget&, const OverrideTarget&) = default;

    [[nodiscard]] bool is_one_address() const { return address != "*"; }
};

/// Reads REGION, REGION/SERVICE or REGION/SERVICE/ADDRESS, perhaps behind FILE and a colon. A FILE
/// ends in ".toml", or holds no slash. The error is in words.
Result<OverrideTarget, std::string> parse_override_target(std::string_view text);
/// The shortest text that reads as this.
std::string to_text(const OverrideTarget& target);

/// Whether the pattern stands for the text.
bool matches(std::string_view pattern, std::string_view text);
/// Whether the target is about this region of this service, or about an address of it.
bool matches(const OverrideTarget& target, std::string_view service, const zones::Region& region);
/// Whether all that `narrow` is about lies within `wide`, as far as the texts show.
bool covers(const OverrideTarget& wide, const OverrideTarget& narrow);

/// An end that no setting of the date moves.
struct BootEnd {
    std::int64_t seconds = 0;  ///< Since the machine began; 0: none.
    std::string boot_id = {};  ///< Of the start of the machine that is meant.
    friend bool operator==(const BootEnd&, const BootEnd&) = default;
};

struct Override {
    OverrideKind kind = OverrideKind::Drain;
    OverrideTarget target = {};
    std::int64_t since = 0;  ///< Unix seconds.
    std::int64_t until = 0;  ///< Unix seconds; 0: until it is released.
    std::string author = {};
    std::string reason = {};  ///< One line; may be empty.
    /// That it stands in (`server.overrides`, or the one of its region); empty: a command set it.
    std::string file = {};
    std::uint32_t line = 0;       ///< There.
    bool is_maintenance = false;  ///< A window of the region's own table.
    BootEnd boot_end = {};        ///< Of what a command set with an end.
    friend bool operator==(const Override&, const Override&) = default;

    [[nodiscard]] bool is_from_file() const { return !file.empty(); }
};

/// What time it is, for ends.
struct EndTime {
    std::int64_t date = 0;        ///< Unix seconds.
    bool is_date_trusted = true;  ///< Else nothing ends by the date.
    BootEnd since_boot = {};
};
EndTime end_time(const Clock& clock);

/// Puts an override into the list. One of the same target that it contradicts gives way: a drain
/// replaces a drain, a force a force of either kind. Returns those that gave way. Those of a file
/// stay beside it.
std::vector<Override> put(std::vector<Override>& overrides, Override added);
/// Takes out those that `target` covers, and returns them. Those of a file stay.
std::vector<Override> release(std::vector<Override>& overrides, const OverrideTarget& target);
/// Those of a file that `target` covers.
std::vector<Override> covered_in_files(const std::vector<Override>& overrides,
                                       const OverrideTarget& target);
/// What a command set, which is saved for the next start.
std::vector<Override> without_files(std::vector<Override> overrides);

/// The windows of all regions, as drains of one region each, soonest first.
std::vector<Override> windows_of(const HealthPlan& plan);
/// Whether they are one window, wherever it stands in its file.
bool is_same_window(const Override& left, const Override& right);

/// What another version of the file changes, or time.
struct FileChange {
    std::vector<Override> begun;
    std::vector<Override> ended;
};
/// Puts those of the file into the place of what it had before. Those that are the same, wherever
/// they stand in the file, begin and end nothing; those whose end has come are left out.
FileChange replace_in_file(std::vector<Override>& overrides, std::vector<Override> of_file,
                           const EndTime& now);
/// Takes out those whose end has come, and returns them. What a command set ends by the time since
/// boot, and by the date where another start of the machine is meant.
std::vector<Override> expire(std::vector<Override>& overrides, const EndTime& now);
/// Gives those of a command, whose end is a date alone, one that later settings of the date do not
/// move; and all of them the date of that end by the clock as it is.
void pin_ends(std::vector<Override>& overrides, const EndTime& now);

/// What overrides, and the file of the region, make of one region of a service.
struct HandState {
    bool is_drained = false;
    bool is_forced_up = false;  ///< All addresses.
    bool is_forced_down = false;
    struct Addresses {
        std::uint64_t drained = 0;  ///< Bit i is the region's i-th address of the family.
        std::uint64_t forced_up = 0;
        std::uint64_t forced_down = 0;
        friend bool operator==(const Addresses&, const Addresses&) = default;
    };
    std::array<Addresses, 2> addresses{};  ///< By family.
    friend bool operator==(const HandState&, const HandState&) = default;
};

/// None of it: no override is about the region, and it is active in its file.
HandState hand_state_of(const std::vector<Override>& overrides, std::string_view service,
                        const zones::Region& region);

}  // namespace meridian::server
