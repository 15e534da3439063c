// Describes what is known of a target in a form that outlives the process.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/saved_verdict.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "meridian/enum_words.h"
#include "meridian/octet_hash.h"

namespace meridian::server {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::string_view, 4> kStates{"unknown", "pending", "up", "down"};

void add_text(OctetHash& hash, std::string_view text) {
    hash.add_number(text.size());
    hash.add(text);
}

std::int64_t date_of(VerdictRecord::TimePoint when, const Clock& clock) {
    return unix_seconds(clock.wall()) - duration_cast<seconds>(clock.steady() - when).count();
}

/// A date in the future, or of long ago, is as good as none.
VerdictRecord::TimePoint time_of(std::int64_t date, const Clock& clock) {
    const std::int64_t ago = std::clamp<std::int64_t>(unix_seconds(clock.wall()) - date, 0,
                                                      seconds(std::chrono::hours(24)).count());
    return clock.steady() - seconds(ago);
}

void add_check(OctetHash& hash, const zones::HealthCheck& check) {
    hash.add_number(static_cast<std::uint64_t>(check.kind));
    hash.add_number(check.port);
    for (const std::string_view text :
         {std::string_view(check.host), std::string_view(check.path),
          std::string_view(check.method), std::string_view(check.body)}) {
        add_text(hash, text);
    }
    hash.add_number(check.headers.size());
    for (const auto& [name, value] : check.headers) {
        add_text(hash, name);
        add_text(hash, value);
    }
    hash.add_number(check.status.size());
    for (const std::uint16_t status : check.status) {
        hash.add_number(status);
    }
    add_text(hash, check.question.name.lower_cased().to_text());
    hash.add_number(static_cast<std::uint64_t>(check.question.type));
    hash.add_number(static_cast<std::uint64_t>(check.question.rcode));
    add_text(hash, check.question.answer);
    if (zones::asks_the_address(check.kind)) { return; }  // digests of these are older
    for (const std::string_view text :
         {std::string_view(check.file.name), std::string_view(check.file.named_by),
          std::string_view(check.command), std::string_view(check.place.service),
          std::string_view(check.place.region)}) {
        add_text(hash, text);
    }
}

}  // namespace

std::string_view to_text(TargetState state) {
    return kStates.at(static_cast<std::size_t>(state));
}

std::optional<TargetState> target_state_from_text(std::string_view text) {
    return enum_from_text<TargetState>(kStates, text);
}

Digest target_digest(const Target& target) {
    OctetHash hash;
    add_text(hash, target.label());
    hash.add_number(static_cast<std::uint64_t>(target.need));
    for (const zones::HealthCheck& check : target.checks) {
        add_check(hash, check);
    }
    return hash.digest();
}

SavedVerdict save(const Target& target, const VerdictRecord& record, const Clock& clock) {
    const auto hold =
        std::clamp<std::int64_t>(record.hold.count(), 0, std::numeric_limits<std::uint32_t>::max());
    return {.target = target_digest(target),
            .state = record.state,
            .since = date_of(record.since, clock),
            .last_result = record.last_result ? date_of(*record.last_result, clock) : 0,
            .last_fall = record.last_fall ? date_of(*record.last_fall, clock) : 0,
            .hold_milliseconds = static_cast<std::uint32_t>(hold),
            .reason = record.reason};
}

std::optional<VerdictRecord> restore(const SavedVerdict& saved, const Clock& clock) {
    const std::int64_t age = unix_seconds(clock.wall()) - saved.last_result;
    if (saved.last_result == 0 || age < 0 || age > seconds(kVerdictsHold).count()) { return {}; }
    VerdictRecord record{.state = saved.state,
                         .since = time_of(saved.since, clock),
                         .reason = saved.reason,
                         .hold = milliseconds(saved.hold_milliseconds)};
    if (saved.last_fall != 0) { record.last_fall = time_of(saved.last_fall, clock); }
    return record;
}

}  // namespace meridian::server
