// Explains the answer that one client gets.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

#include "meridian/clock.h"
#include "meridian/zones/verdict.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/sources/served_data.h"

namespace meridian::server {

namespace {

using zones::Verdict;
using zones::VerdictQuestion;

// What resolvers send of a client's address (RFC 7871 §11.1).
constexpr std::uint8_t kUsualV4Bits = 24;
constexpr std::uint8_t kUsualV6Bits = 56;

std::optional<IpPrefix> client_subnet_of(const std::string& text) {
    if (text.find('/') != std::string::npos) { return IpPrefix::parse(text); }
    const auto address = IpAddress::parse(text);
    if (!address) { return {}; }
    const std::uint8_t bits = address->is_v4() ? kUsualV4Bits : kUsualV6Bits;
    return IpPrefix{address->masked(bits), bits};
}

/// None, with the complaint printed, when an argument makes no sense.
std::optional<VerdictQuestion> question_of(const WhyOptions& options) {
    VerdictQuestion question;
    const auto name = dns::Name::parse(options.name, dns::Name());
    if (!name) {
        print_error(options.name +
                    " is no domain name: " + std::string(dns::describe(name.error())));
        return {};
    }
    const auto type = dns::type_from_text(options.type);
    if (!type) {
        print_error(options.type + " is no RR type");
        return {};
    }
    question.name = *name;
    question.type = *type;
    if (options.client.empty() && options.resolver.empty()) {
        print_error("whose answer? give --client, --resolver or both");
        return {};
    }
    if (!options.client.empty()) {
        question.client_subnet = client_subnet_of(options.client);
        if (!question.client_subnet) {
            print_error("--client " + options.client +
                        " is no address, and no prefix whose bits beyond its length are zero");
            return {};
        }
        // Without a resolver of its own, the client asks through one that is where it is.
        question.peer = question.client_subnet->address;
    }
    if (!options.resolver.empty()) {
        const auto resolver = IpAddress::parse(options.resolver);
        if (!resolver) {
            print_error("--resolver " + options.resolver + " is no address");
            return {};
        }
        question.peer = *resolver;
    }
    return question;
}

std::string place_text(const Verdict& verdict) {
    std::string text;
    for (const std::string* part :
         {&verdict.city, &verdict.subdivision, &verdict.country, &verdict.continent}) {
        if (part->empty()) { continue; }
        if (!text.empty()) { text += ", "; }
        text += *part;
    }
    if (!verdict.place_known) { return text.empty() ? "unknown" : text + " (no coordinates)"; }
    if (!text.empty()) { text += "; "; }
    return text + coordinates_text(verdict.at) + " (" + verdict.place_source + ")";
}

void print_row(std::string_view title, const std::string& text) {
    std::printf("%-10.*s %s\n", static_cast<int>(title.size()), title.data(), text.c_str());
}

void print_regions(const Verdict& verdict) {
    std::size_t width = 0;
    for (const auto& region : verdict.regions) {
        width = std::max(width, region.name.size());
    }
    const bool colour = wants_colour(STDOUT_FILENO);
    bool first = true;
    for (const auto& region : verdict.regions) {
        char distance[32] = "          -";
        if (verdict.place_known) {
            std::snprintf(distance, sizeof distance, "%8.0f km", region.distance_km);
        }
        std::string row = region.name + std::string(width - region.name.size(), ' ') + distance;
        if (region.chosen) { row += "  chosen"; }
        if (!region.note.empty()) { row += "  " + region.note; }
        if (region.chosen && colour) { row = "\033[1m" + row + "\033[0m"; }
        print_row(first ? "regions" : "", row);
        first = false;
    }
}

void print_table(const Verdict& verdict, const VerdictQuestion& question) {
    print_row("question", question.name.to_text() + " " + dns::type_to_text(question.type));
    print_row("zone", verdict.zone.empty() ? "none here holds this name" : verdict.zone);
    if (!verdict.owner.empty()) { print_row("name", verdict.owner); }
    if (verdict.steered) {
        print_row("client", verdict.identity + (verdict.identity_reason.empty()
                                                    ? ""
                                                    : ", because " + verdict.identity_reason));
        if (!verdict.prefix.empty()) { print_row("prefix", verdict.prefix); }
        print_row("place", place_text(verdict));
        print_row("policy", verdict.policy);
        print_regions(verdict);
    }
    print_row("rcode", verdict.rcode);
    if (verdict.answer.empty()) { print_row("answer", "no records"); }
    for (std::size_t i = 0; i < verdict.answer.size(); ++i) {
        print_row(i == 0 ? "answer" : "", verdict.answer[i]);
    }
    if (!verdict.answer.empty()) { print_row("ttl", std::to_string(verdict.ttl_seconds) + " s"); }
    print_row("scope", verdict.scope_bits ? "/" + std::to_string(*verdict.scope_bits)
                                          : "none, the query has no client subnet");
}

boost::json::object place_json(const Verdict& verdict) {
    boost::json::object place{
        {"known", verdict.place_known},   {"country", verdict.country},
        {"continent", verdict.continent}, {"subdivision", verdict.subdivision},
        {"city", verdict.city},           {"source", verdict.place_source}};
    if (verdict.place_known) {
        place["latitude"] = verdict.at.latitude;
        place["longitude"] = verdict.at.longitude;
    }
    return place;
}

void print_json(const Verdict& verdict, const VerdictQuestion& question) {
    boost::json::object root{{"name", question.name.to_text()},
                             {"type", dns::type_to_text(question.type)},
                             {"zone", verdict.zone},
                             {"owner", verdict.owner},
                             {"rcode", verdict.rcode},
                             {"steered", verdict.steered}};
    if (verdict.steered) {
        root["policy"] = verdict.policy;
        root["identity"] = verdict.identity;
        root["identity_reason"] = verdict.identity_reason;
        root["prefix"] = verdict.prefix;
        root["place"] = place_json(verdict);
        boost::json::array regions;
        for (const auto& region : verdict.regions) {
            boost::json::object entry{{"name", region.name}, {"chosen", region.chosen}};
            if (verdict.place_known) {
                // 100 m is more than any geo database knows.
                entry["distance_km"] = std::round(region.distance_km * 10) / 10;
            }
            if (!region.note.empty()) { entry["note"] = region.note; }
            regions.push_back(std::move(entry));
        }
        root["regions"] = std::move(regions);
    }
    root["answer"] = boost::json::array(verdict.answer.begin(), verdict.answer.end());
    root["ttl_seconds"] = verdict.ttl_seconds;
    root["scope_bits"] = nullptr;
    if (verdict.scope_bits) { root["scope_bits"] = *verdict.scope_bits; }
    std::cout << json_line(root) << '\n';
}

}  // namespace

int why(const WhyOptions& options) {
    const auto question = question_of(options);
    if (!question) { return kExitCannotRun; }
    const auto settings = settings_or_complaint(options.config_file);
    if (!settings) { return kExitWrong; }

    const SystemClock clock;
    ServedData data({settings->zones_directory, settings->databases},
                    StateDirectory::open_to_read(settings->state_places), clock);
    const LoadReport report = data.load();
    if (!report.snapshot) {
        print_diagnostics(report.diagnostics);
        if (!report.database_error.empty()) {
            print_error("geo database: " + report.database_error);
        }
        return kExitWrong;
    }
    const Verdict verdict = zones::explain(*report.snapshot, *question);
    if (options.json) {
        print_json(verdict, *question);
    } else {
        print_table(verdict, *question);
    }
    return verdict.answer.empty() ? kExitWrong : kExitOk;
}

}  // namespace meridian::server
