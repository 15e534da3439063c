// Describes what is known of the health of services, for status, logs and explanations.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/zones/live_table.h"
#include "server/health/overrides.h"

namespace meridian::server {

/// A certificate that is this close to its end should have been renewed: those of 90 days mostly
/// are 30 days before it, and shorter ones are exchanged within days.
constexpr int kCertificateEndsSoonDays = 7;

// Points in time are unix seconds, 0 where there is none; a text is empty where there is none.

/// An address of a region, and what its checks say.
struct AddressHealth {
    std::string address = {};
    std::string state = {};       ///< "up", "down", "pending", "unknown".
    std::string reason = {};      ///< Of the last failure while it is not up, or while checks fail.
    std::int64_t since = 0;       ///< When the state began.
    std::int64_t last = 0;        ///< When the last result came.
    std::uint32_t successes = 0;  ///< In a row; one of the two is 0.
    std::uint32_t failures = 0;
    std::int64_t hold_until = 0;               ///< It is not up again before, while it is down.
    bool stale = false;                        ///< Results have stopped; the state is an old one.
    std::optional<int> certificate_days = {};  ///< Until it ends; none where none was seen.
    std::string why_none = {};  ///< Why its latest check had no result; empty: it had one.
    friend bool operator==(const AddressHealth&, const AddressHealth&) = default;
};

/// One family of a region of a service.
struct FamilyHealth {
    zones::Rung rung = zones::Rung::None;
    std::int64_t since = 0;
    std::string reason = {};  ///< Where it is down for another one: "db is down there".
    bool in_panic = false;    ///< It counts as up all the same (`min_regions`).
    friend bool operator==(const FamilyHealth&, const FamilyHealth&) = default;
};

struct RegionHealth {
    std::string service = {};  ///< Or the policy where names are steered by that.
    std::string region = {};
    std::string file = {};  ///< That defines the region.
    std::array<FamilyHealth, 2> families = {};
    std::vector<AddressHealth> addresses = {};  ///< Those that are checked.
    bool has_probes = false;                    ///< They are checked instead of what is answered.
    bool has_families = true;  ///< Else it answers a name or nothing, and has the first of them.
    friend bool operator==(const RegionHealth&, const RegionHealth&) = default;
};

/// Why a service does not simply answer from regions that are up.
enum class AlarmKind : std::uint8_t {
    Latched,        ///< No region is up: those answer that wait to be released,
    BelowMinimum,   ///< those that are below their minimum,
    Drained,        ///< those that are drained,
    LastResort,     ///< the last resort,
    AsIfUp,         ///< or all, as if they were up.
    Panic,          ///< Fewer are up than `min_regions`: all count as up.
    FamiliesSplit,  ///< Clients may get IPv4 and IPv6 from different regions. No problem by itself.
    ChangedCheckFails,  ///< A check was changed, and fails wherever the one before passed: what was
                        ///< up counts as up.
};

struct ServiceAlarm {
    std::string service = {};
    std::string file = {};  ///< That defines its first region.
    AlarmKind kind{};
    std::string family = {};  ///< "IPv4" or "IPv6"; empty for both, and for services of CNAMEs.
    friend auto operator<=>(const ServiceAlarm&, const ServiceAlarm&) = default;
};

/// An address that is checked for the sake of this server's own way.
struct SelfTestHealth {
    std::string address = {};  ///< With its port.
    Family family = Family::V4;
    bool is_known = false;    ///< Whether a result has come.
    std::string reason = {};  ///< Of its last failure; empty: it answers.
    friend bool operator==(const SelfTestHealth&, const SelfTestHealth&) = default;
};

struct OverrideStatus {
    Override entry = {};
    bool matches_nothing = false;  ///< Of what is served now.
    bool is_planned = false;       ///< It has not begun.
    friend bool operator==(const OverrideStatus&, const OverrideStatus&) = default;
};

struct HealthStatus {
    /// Those that are checked, by service; then those of other services for which something was set
    /// by hand, which have no addresses here, and 0 for since when they stand there.
    std::vector<RegionHealth> regions = {};
    std::vector<ServiceAlarm> alarms = {};       ///< Each once, in order.
    std::vector<OverrideStatus> overrides = {};  ///< The windows that come next included.
    std::uint64_t later_windows = 0;             ///< Those beyond that.
    std::vector<std::string> blind = {};  ///< Families in which this server is blind: "IPv4".
    /// Families that have addresses to check, and that this server has no way to.
    std::vector<std::string> out_of_reach = {};
    std::uint64_t target_count = 0;
    std::vector<SelfTestHealth> self_tests = {};
    /// What operators have to mend before some checks give results again, in words.
    std::vector<std::string> problems = {};
    std::vector<std::string> warnings = {};  ///< What may be a mistake, in words.
    friend bool operator==(const HealthStatus&, const HealthStatus&) = default;
};

/// "up", "latched", "below-minimum", "drained", "lacks-dependency", "down", "drained-down",
/// "down-by-hand", "none"
std::string_view to_text(zones::Rung rung);
std::optional<zones::Rung> rung_from_text(std::string_view text);

/// "latched", "below-minimum", "drained", "last-resort", "as-if-up", "panic", "families-split",
/// "changed-check-fails"
std::string_view to_text(AlarmKind kind);
std::optional<AlarmKind> alarm_kind_from_text(std::string_view text);
/// The service and its family, as "api over IPv4".
std::string subject_of(const ServiceAlarm& alarm);
/// What it means, in words.
std::string_view cause_of(AlarmKind kind);

/// Whether it gets no clients, or nothing new is known of it.
bool has_problem(const AddressHealth& address);
/// Whether an operator took the region out in a family: nothing is to be mended there.
bool is_out_by_hand(zones::Rung rung);
/// Whether it is not up, and that is not the operator's own wish.
bool has_problem(const FamilyHealth& family);
/// Whether the operator has something to mend: such a family, or results that stopped. One address
/// of several that is down is none yet.
bool has_problem(const RegionHealth& region);
bool has_problem(const ServiceAlarm& alarm);
bool has_problem(const HealthStatus& status);

/// An address came to be up, down or pending for one of its checks, or is checked no more.
struct AddressTurn {
    std::string address;  ///< Or the name of a host.
    std::string check;    ///< The digest of address and check.
    std::string region;   ///< One that it belongs to.
    std::string state;    ///< As in AddressHealth, or "none".
    std::string reason;   ///< Of the last failure, where it is not up.
};

/// A region of a service came to stand on another rung; Rung::None: it is checked no more.
struct RegionTurn {
    std::string service;
    std::string region;
    std::string file;
    std::size_t family = 0;
    zones::Rung rung{};
    std::string reason;  ///< The first failure of its addresses.
};

}  // namespace meridian::server
