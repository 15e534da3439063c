// Writes and reads the explanation of an answer as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/explanation_json.h"

#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "server/control/json_fields.h"
#include "server/control/status_json.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

double rounded_km(double km) {
    return std::round(km * 10) / 10;
}

object place_json(const zones::Verdict& verdict) {
    object place{{"known", verdict.place_known},   {"country", verdict.country},
                 {"continent", verdict.continent}, {"subdivision", verdict.subdivision},
                 {"city", verdict.city},           {"source", verdict.place_source}};
    if (verdict.place_known) {
        place["latitude"] = verdict.at.latitude;
        place["longitude"] = verdict.at.longitude;
    }
    place["accuracy_km"] = nullptr;
    if (verdict.accuracy_km != 0) { place["accuracy_km"] = verdict.accuracy_km; }
    return place;
}

void read_place(const object& place, zones::Verdict& verdict) {
    verdict.place_known = flag_in(place, "known");
    verdict.country = text_in(place, "country");
    verdict.continent = text_in(place, "continent");
    verdict.subdivision = text_in(place, "subdivision");
    verdict.city = text_in(place, "city");
    verdict.place_source = text_in(place, "source");
    verdict.at = {number_in<double>(place, "latitude"), number_in<double>(place, "longitude")};
    verdict.accuracy_km = number_in<std::uint16_t>(place, "accuracy_km");
}

array regions_json(const zones::Verdict& verdict) {
    array regions;
    for (const zones::ConsideredRegion& region : verdict.regions) {
        object entry{
            {"name", region.name}, {"chosen", region.chosen}, {"by_class", region.by_class}};
        if (verdict.place_known) { entry["distance_km"] = rounded_km(region.distance_km); }
        entry["file"] = text_or_null(region.file);
        if (!region.left_out.empty()) { entry["left_out"] = texts_json(region.left_out); }
        if (!region.note.empty()) { entry["note"] = region.note; }
        regions.push_back(std::move(entry));
    }
    return regions;
}

void read_regions(const object& from, zones::Verdict& verdict) {
    for (const value& entry : array_in(from, "regions")) {
        if (!entry.is_object()) { continue; }
        const object& region = entry.get_object();
        verdict.regions.push_back({.name = text_in(region, "name"),
                                   .file = text_in(region, "file"),
                                   .distance_km = number_in<double>(region, "distance_km"),
                                   .chosen = flag_in(region, "chosen"),
                                   .by_class = flag_in(region, "by_class"),
                                   .note = text_in(region, "note"),
                                   .left_out = texts_in(region, "left_out")});
    }
}

value split_json(const zones::Verdict& verdict) {
    if (verdict.split.empty()) { return nullptr; }
    array shares;
    for (const zones::BlockShare& part : verdict.split) {
        shares.push_back(object{{"region", text_or_null(part.region)}, {"share", part.share}});
    }
    return object{{"by_majority", verdict.split_by_majority}, {"shares", std::move(shares)}};
}

void read_split(const object& split, zones::Verdict& verdict) {
    verdict.split_by_majority = flag_in(split, "by_majority");
    for (const value& entry : array_in(split, "shares")) {
        if (!entry.is_object()) { continue; }
        verdict.split.push_back({text_in(entry.get_object(), "region"),
                                 number_in<double>(entry.get_object(), "share")});
    }
}

void add_steering(const Explanation& explanation, object& root) {
    const zones::Verdict& verdict = explanation.verdict;
    root["policy"] = verdict.policy;
    root["service"] = text_or_null(verdict.service);
    root["identity"] = verdict.identity;
    root["identity_reason"] = verdict.identity_reason;
    root["embedded"] = text_or_null(verdict.embedded);
    root["prefix"] = verdict.prefix;
    root["place"] = place_json(verdict);
    root["database"] = database_json(explanation.database, explanation.now);
    root["regions"] = regions_json(verdict);
    root["exact_ranks"] = verdict.exact_ranks;
    root["decision"] = zones::to_text(verdict.decision);
    root["default_order"] = texts_json(verdict.default_order);
    root["runner_up"] = text_or_null(verdict.runner_up);
    root["margin_km"] = nullptr;
    if (verdict.margin_km) { root["margin_km"] = rounded_km(*verdict.margin_km); }
    root["split"] = split_json(verdict);
    root["from_last_resort"] = verdict.from_last_resort;
    root["other_family"] = nullptr;
    if (!verdict.split_family.empty()) {
        root["other_family"] =
            object{{"family", verdict.split_family}, {"region", verdict.split_region}};
    }
}

void read_steering(const object& root, Explanation& explanation) {
    zones::Verdict& verdict = explanation.verdict;
    verdict.policy = text_in(root, "policy");
    verdict.service = text_in(root, "service");
    verdict.identity = text_in(root, "identity");
    verdict.identity_reason = text_in(root, "identity_reason");
    verdict.embedded = text_in(root, "embedded");
    verdict.prefix = text_in(root, "prefix");
    read_place(object_in(root, "place"), verdict);
    explanation.database = database_from_json(object_in(root, "database"));
    read_regions(root, verdict);
    verdict.exact_ranks = number_in<std::size_t>(root, "exact_ranks");
    verdict.decision =
        zones::decision_from_text(text_in(root, "decision")).value_or(zones::Decision::None);
    verdict.default_order = texts_in(root, "default_order");
    verdict.runner_up = text_in(root, "runner_up");
    const value* margin = root.if_contains("margin_km");
    if (margin != nullptr && margin->is_number()) {
        verdict.margin_km = number_in<double>(root, "margin_km");
    }
    read_split(object_in(root, "split"), verdict);
    verdict.from_last_resort = flag_in(root, "from_last_resort");
    verdict.split_family = text_in(object_in(root, "other_family"), "family");
    verdict.split_region = text_in(object_in(root, "other_family"), "region");
}

}  // namespace

object explanation_json(const Explanation& explanation) {
    const zones::Verdict& verdict = explanation.verdict;
    object root{{"name", explanation.name},
                {"type", explanation.type},
                {"resolver", explanation.resolver},
                {"resolver_is_assumed", explanation.resolver_is_assumed},
                {"zone", verdict.zone},
                {"serial", verdict.serial},
                {"file", text_or_null(verdict.file)},
                {"owner", verdict.owner},
                {"rcode", verdict.rcode},
                {"steered", verdict.steered},
                {"differences", texts_json(explanation.differences)},
                {"now", explanation.now}};
    if (verdict.steered) { add_steering(explanation, root); }
    root["answer"] = texts_json(verdict.answer);
    root["ttl_seconds"] = verdict.ttl_seconds;
    root["scope_bits"] = nullptr;
    if (verdict.scope_bits) { root["scope_bits"] = *verdict.scope_bits; }
    root["scope"] = text_or_null(verdict.scope);
    root["alias_target"] = text_or_null(verdict.alias_target);
    root["alias_is_here"] = verdict.alias_is_here;
    return root;
}

Result<Explanation, std::string> explanation_from_json(const object& object) {
    if (!object.contains("rcode")) { return Failure{std::string("the reply is no explanation")}; }
    Explanation explanation{.name = text_in(object, "name"),
                            .type = text_in(object, "type"),
                            .resolver = text_in(object, "resolver"),
                            .resolver_is_assumed = flag_in(object, "resolver_is_assumed"),
                            .now = number_in<std::int64_t>(object, "now"),
                            .differences = texts_in(object, "differences")};
    zones::Verdict& verdict = explanation.verdict;
    verdict.zone = text_in(object, "zone");
    verdict.serial = number_in<std::uint32_t>(object, "serial");
    verdict.file = text_in(object, "file");
    verdict.owner = text_in(object, "owner");
    verdict.rcode = text_in(object, "rcode");
    verdict.steered = flag_in(object, "steered");
    if (verdict.steered) { read_steering(object, explanation); }
    verdict.answer = texts_in(object, "answer");
    verdict.ttl_seconds = number_in<std::uint32_t>(object, "ttl_seconds");
    const value* scope = object.if_contains("scope_bits");
    if (scope != nullptr && scope->is_number()) {
        verdict.scope_bits = number_in<std::uint8_t>(object, "scope_bits");
    }
    verdict.scope = text_in(object, "scope");
    verdict.alias_target = text_in(object, "alias_target");
    verdict.alias_is_here = flag_in(object, "alias_is_here");
    return explanation;
}

}  // namespace meridian::server
