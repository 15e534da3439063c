// Writes and reads overrides, and what came of a request for one, as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/override_json.h"

#include <boost/json.hpp>
#include <string>
#include <utility>

#include "server/control/json_fields.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

object region_json(const HitRegion& region) {
    return {{"region", region.region},
            {"file", region.file},
            {"services", texts_json(region.services)},
            {"service_count", region.service_count},
            {"before", texts_json(region.before)},
            {"after", texts_json(region.after)},
            {"drained_in_file", region.is_drained_in_file},
            {"drained_line", region.drained_line}};
}

HitRegion hit_region_from_json(const object& region) {
    return {.region = text_in(region, "region"),
            .file = text_in(region, "file"),
            .services = texts_in(region, "services"),
            .service_count = number_in<std::uint64_t>(region, "service_count"),
            .before = texts_in(region, "before"),
            .after = texts_in(region, "after"),
            .is_drained_in_file = flag_in(region, "drained_in_file"),
            .drained_line = number_in<std::uint32_t>(region, "drained_line")};
}

object shares_json(const ServiceShares& shares) {
    array regions;
    for (const zones::RegionShare& share : shares.regions) {
        regions.push_back(
            object{{"region", share.region}, {"before", share.before}, {"after", share.after}});
    }
    return {{"service", shares.service}, {"zones", shares.zones}, {"regions", std::move(regions)}};
}

ServiceShares shares_from_json(const object& shares) {
    ServiceShares result{.service = text_in(shares, "service"), .zones = text_in(shares, "zones")};
    for (const value& entry : array_in(shares, "regions")) {
        if (!entry.is_object()) { continue; }
        const object& region = entry.get_object();
        result.regions.push_back({.region = text_in(region, "region"),
                                  .before = number_in<double>(region, "before"),
                                  .after = number_in<double>(region, "after")});
    }
    return result;
}

}  // namespace

object override_json(const Override& entry) {
    return {{"target", to_text(entry.target)},
            {"kind", to_text(entry.kind)},
            {"since", entry.since},
            {"until", entry.until},
            {"author", text_or_null(entry.author)},
            {"reason", text_or_null(entry.reason)},
            {"file", text_or_null(entry.file)},
            {"line", entry.line},
            {"maintenance", entry.is_maintenance}};
}

Override override_from_json(const object& object) {
    auto target = parse_override_target(text_in(object, "target"));
    return {.kind = override_kind_from_text(text_in(object, "kind")).value_or(OverrideKind::Drain),
            .target = target ? std::move(target).value() : OverrideTarget(),
            .since = number_in<std::int64_t>(object, "since"),
            .until = number_in<std::int64_t>(object, "until"),
            .author = text_in(object, "author"),
            .reason = text_in(object, "reason"),
            .file = text_in(object, "file"),
            .line = number_in<std::uint32_t>(object, "line"),
            .is_maintenance = flag_in(object, "maintenance")};
}

object override_outcome_json(const OverrideOutcome& outcome) {
    array ended;
    for (const Override& entry : outcome.ended) {
        ended.push_back(override_json(entry));
    }
    array shares;
    for (const ServiceShares& each : outcome.preview.shares) {
        shares.push_back(shares_json(each));
    }
    array in_files;
    for (const Override& entry : outcome.in_files) {
        in_files.push_back(override_json(entry));
    }
    array regions;
    for (const HitRegion& region : outcome.preview.regions) {
        regions.push_back(region_json(region));
    }
    return {{"result", to_text(outcome.result)},
            {"problem", text_or_null(outcome.problem)},
            {"begun", outcome.begun ? value(override_json(*outcome.begun)) : value(nullptr)},
            {"ended", std::move(ended)},
            {"in_files", std::move(in_files)},
            {"let_back", outcome.let_back},
            {"regions", std::move(regions)},
            {"stranded", texts_json(outcome.preview.stranded)},
            {"dependents", texts_json(outcome.preview.dependents)},
            {"dependent_count", outcome.preview.dependent_count},
            {"shares", std::move(shares)},
            {"uncounted", outcome.preview.uncounted},
            {"nameservers", texts_json(outcome.nameservers)},
            {"nameserver_count", outcome.nameserver_count},
            {"knows_itself", outcome.knows_itself},
            {"save_problem", text_or_null(outcome.save_problem)}};
}

Result<OverrideOutcome, std::string> override_outcome_from_json(const object& object) {
    const auto result = override_result_from_text(text_in(object, "result"));
    if (!result) { return Failure{std::string("the reply holds no result that is known here")}; }
    OverrideOutcome outcome{
        .result = *result,
        .problem = text_in(object, "problem"),
        .let_back = number_in<std::uint64_t>(object, "let_back"),
        .nameservers = texts_in(object, "nameservers"),
        .nameserver_count = number_in<std::uint64_t>(object, "nameserver_count"),
        .knows_itself = flag_in(object, "knows_itself"),
        .save_problem = text_in(object, "save_problem")};
    outcome.preview.stranded = texts_in(object, "stranded");
    outcome.preview.dependents = texts_in(object, "dependents");
    outcome.preview.dependent_count = number_in<std::uint64_t>(object, "dependent_count");
    outcome.preview.uncounted = number_in<std::uint64_t>(object, "uncounted");
    if (const auto begun = object_in(object, "begun"); !begun.empty()) {
        outcome.begun = override_from_json(begun);
    }
    for (const value& entry : array_in(object, "ended")) {
        if (entry.is_object()) { outcome.ended.push_back(override_from_json(entry.get_object())); }
    }
    for (const value& entry : array_in(object, "shares")) {
        if (!entry.is_object()) { continue; }
        outcome.preview.shares.push_back(shares_from_json(entry.get_object()));
    }
    for (const value& entry : array_in(object, "in_files")) {
        if (!entry.is_object()) { continue; }
        outcome.in_files.push_back(override_from_json(entry.get_object()));
    }
    for (const value& region : array_in(object, "regions")) {
        if (!region.is_object()) { continue; }
        outcome.preview.regions.push_back(hit_region_from_json(region.get_object()));
    }
    return outcome;
}

}  // namespace meridian::server
