// Carries out what an operator asks for by hand: a drain, a force, or the end of them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/override_request.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "meridian/date_time.h"
#include "meridian/enum_words.h"
#include "meridian/zones/diagnostic.h"
#include "server/health/health_book.h"

namespace meridian::server {
namespace {

constexpr std::array<std::string_view, 4> kResults{"done", "dry-run", "refused", "nothing"};

OverrideOutcome nothing(std::string problem) {
    return {.result = OverrideResult::Nothing, .problem = std::move(problem)};
}

/// Why a release ends nothing.
std::string nothing_to_release(const OverrideTarget& target, const HealthBook& book) {
    std::vector<std::string> targets;
    for (const Override& entry : book.overrides()) {
        if (entry.is_from_file()) { continue; }
        targets.push_back(to_text(entry.target));
    }
    std::string text = "nothing is set by hand for " + zones::quoted(to_text(target));
    if (targets.empty()) { return text; }
    const std::vector<std::string_view> views(targets.begin(), targets.end());
    return text + "; " + zones::spelling_hint(to_text(target), "set by hand", views);
}

OverrideOutcome carry_out_release(const OverrideRequest& request, HealthBook& book) {
    std::vector<Override> rest = book.overrides();
    OverrideOutcome outcome{.result = OverrideResult::Done};
    outcome.ended = release(rest, request.target);
    outcome.preview = book.preview(rest, request.target);
    outcome.preview.stranded.clear();  // a release leads back to what the checks say
    outcome.let_back = book.release_latched(request.target, request.dry_run);
    outcome.in_files = covered_in_files(rest, request.target);
    if (outcome.ended.empty() && outcome.let_back == 0) {
        outcome.result = OverrideResult::Nothing;
        outcome.problem = outcome.in_files.empty()
                              ? nothing_to_release(request.target, book)
                              : "what is set for " + zones::quoted(to_text(request.target)) +
                                    " stands in a file, and ends there";
    } else if (request.dry_run) {
        outcome.result = OverrideResult::DryRun;
    } else if (!outcome.ended.empty()) {
        book.set_overrides(std::move(rest));
    }
    return outcome;
}

/// The target within the one file that defines such regions for the zone. The error says why there
/// is no such file.
Result<OverrideTarget, std::string> within_zone(const OverrideRequest& request,
                                                const HealthPlan& plan) {
    if (request.zone_files.empty()) {
        return Failure{"no zone is called " + zones::quoted(request.zone)};
    }
    if (!request.target.file.empty()) {
        return Failure{std::string("a target with a file in front has no --zone")};
    }
    std::vector<OverrideTarget> found;
    for (const std::string& file : request.zone_files) {
        OverrideTarget target = request.target;
        target.file = file;
        if (is_about_anything(plan, target)) { found.push_back(std::move(target)); }
    }
    if (found.size() == 1) { return std::move(found.front()); }
    if (found.empty()) {
        return Failure{"zone " + request.zone + " has nothing that is " + to_text(request.target)};
    }
    return Failure{"several files of zone " + request.zone + " have it: name one, " +
                   to_text(found.front()) + " or " + to_text(found.back())};
}

/// Adds what has a region that is up at first, and loses it when a window begins while the override
/// holds; of the windows that come next.
void add_stranded_later(const HealthBook& book, const Override& begun,
                        const std::vector<Override>& next, std::int64_t now,
                        OverridePreview& preview) {
    constexpr std::size_t kMost = 20;
    if (begun.kind == OverrideKind::ForceUp) { return; }
    std::size_t looked_at = 0;
    for (const Override& window : book.windows()) {
        const bool is_within = begun.until == 0 || window.since < begun.until;
        if (window.since <= now || !is_within) { continue; }
        if (++looked_at > kMost) { return; }
        const auto stranded_with = [&](std::vector<Override> overrides) {
            overrides.push_back(window);
            return book.preview(overrides, begun.target).stranded;
        };
        const std::vector<std::string> anyway = stranded_with(book.overrides());
        for (const std::string& service : stranded_with(next)) {
            const auto has = [&](const std::vector<std::string>& known) {
                return std::ranges::find(known, service) != known.end();
            };
            if (has(anyway) || has(preview.stranded)) { continue; }
            preview.stranded.push_back(service + " in the maintenance from " +
                                       date_time_text(window.since) + " on");
        }
    }
}

}  // namespace

std::string_view to_text(OverrideResult result) {
    return kResults.at(static_cast<std::size_t>(result));
}

std::optional<OverrideResult> override_result_from_text(std::string_view text) {
    return enum_from_text<OverrideResult>(kResults, text);
}

OverrideOutcome carry_out(const OverrideRequest& request, HealthBook& book, std::int64_t now) {
    if (book.planned() == nullptr) { return nothing("nothing is served yet"); }
    if (!request.zone.empty()) {
        auto target = within_zone(request, *book.planned());
        if (!target) { return nothing(target.error()); }
        OverrideRequest narrowed = request;
        narrowed.zone.clear();
        narrowed.target = std::move(target).value();
        return carry_out(narrowed, book, now);
    }
    if (!request.kind) { return carry_out_release(request, book); }
    if (!is_about_anything(*book.planned(), request.target)) {
        return nothing(nothing_matches(*book.planned(), request.target));
    }
    std::vector<Override> next = book.overrides();
    OverrideOutcome outcome{.result = OverrideResult::Done};
    outcome.begun = Override{.kind = *request.kind,
                             .target = request.target,
                             .since = now,
                             .until = request.seconds == 0 ? 0 : now + request.seconds,
                             .author = request.author,
                             .reason = request.reason};
    if (request.seconds != 0) {
        outcome.begun->boot_end = book.since_boot();
        outcome.begun->boot_end.seconds += request.seconds;
    }
    outcome.ended = put(next, *outcome.begun);
    const auto by_command =
        std::ranges::count_if(next, [](const Override& each) { return !each.is_from_file(); });
    if (static_cast<std::size_t>(by_command) > kMaxOverrides) {
        return nothing("there are " + std::to_string(kMaxOverrides) +
                       " overrides already; release some");
    }
    outcome.preview = book.preview(next, request.target);
    add_stranded_later(book, *outcome.begun, next, now, outcome.preview);
    if (!outcome.preview.stranded.empty() && !request.force) {
        outcome.result = OverrideResult::Refused;
    } else if (request.dry_run) {
        outcome.result = OverrideResult::DryRun;
    } else {
        book.set_overrides(std::move(next));
    }
    return outcome;
}

}  // namespace meridian::server
