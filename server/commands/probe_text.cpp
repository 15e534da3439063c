// Says how the checks of addresses went, in lines or as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/probe_text.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <optional>
#include <string_view>

#include "server/commands/report.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using Duration = ProbeReport::Duration;

/// "0.3 ms", "12 ms"
std::string time_text(Duration duration) {
    const double milliseconds = static_cast<double>(duration.count()) / 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), milliseconds < 10 ? "%.1f ms" : "%.0f ms",
                  milliseconds);
    return text.data();
}

void add(std::string& text, std::string_view part) {
    if (!text.empty()) { text += ", "; }
    text += part;
}

void add_time(std::string& text, std::string_view what, const std::optional<Duration>& duration) {
    if (duration) { add(text, std::string(what) + ' ' + time_text(*duration)); }
}

std::string certificate_end(int days) {
    return "certificate ends in " + std::to_string(days) + (days == 1 ? " day" : " days");
}

/// "connect 0.2 ms, TLS 3.1 ms, reply 0.4 ms, 503, certificate ends in 58 days"
std::string details_of(const ProbeReport& report) {
    std::string text;
    add_time(text, "connect", report.connect);
    add_time(text, "TLS", report.tls);
    add_time(text, "reply", report.first_octet);
    if (report.status != 0) { add(text, "status " + std::to_string(report.status)); }
    if (report.certificate_days) { add(text, certificate_end(*report.certificate_days)); }
    return text;
}

/// "passes", or why not.
std::string outcome_of(const std::optional<CheckResult>& result, const std::string& why_none) {
    if (!result) { return "no result: " + why_none; }
    return result->passed() ? "passes" : "FAILS: " + result->text;
}

value time_json(const std::optional<Duration>& duration) {
    return duration ? value(duration->count()) : value(nullptr);
}

object check_json(const ProbeReport& report, const zones::HealthCheck& check) {
    return {{"check", check_name(check)},
            {"result",
             report.result ? value(report.result->passed() ? "pass" : "fail") : value(nullptr)},
            {"reason", report.result ? report.result->text : report.why_none},
            {"connect", time_json(report.connect)},
            {"tls", time_json(report.tls)},
            {"reply", time_json(report.first_octet)},
            {"total", report.total.count()},
            {"status", report.status == 0 ? value(nullptr) : value(report.status)},
            {"certificate_days",
             report.certificate_days ? value(*report.certificate_days) : value(nullptr)}};
}

}  // namespace

std::string name_of(const ProbedAddress& address) {
    if (!address.has_address) { return address.host; }
    const std::string text = address.target->address.to_string();
    return address.host.empty() ? text : address.host + " (" + text + ")";
}

std::string probe_text(const std::vector<ProbedAddress>& addresses) {
    std::size_t region_width = 0;
    std::size_t address_width = 0;
    for (const ProbedAddress& each : addresses) {
        region_width = std::max(region_width, each.region.size());
        address_width = std::max(address_width, name_of(each).size());
    }
    std::string text;
    std::string service;
    for (const ProbedAddress& each : addresses) {
        if (each.service != service || text.empty()) {
            service = each.service;
            text += service + '\n';
        }
        const std::string head = "  " + padded(each.region, region_width) + "  " +
                                 padded(name_of(each), address_width) + "  ";
        text += head + outcome_of(each.report.result, each.report.why_none);
        const bool is_alone = each.target->checks.size() == 1;
        for (std::size_t i = 0; i < each.report.checks.size(); ++i) {
            const auto& report = each.report.checks[i];
            if (!report) { continue; }
            const std::string details = details_of(*report);
            if (is_alone) {
                text += details.empty() ? "" : " (" + details + ")";
                continue;
            }
            text += "\n" + std::string(head.size(), ' ') + check_name(each.target->checks[i]) +
                    ": " + outcome_of(report->result, report->why_none) +
                    (details.empty() ? "" : " (" + details + ")");
        }
        text += '\n';
    }
    return text;
}

std::string probe_json(const std::vector<ProbedAddress>& addresses) {
    array all;
    for (const ProbedAddress& each : addresses) {
        array checks;
        for (std::size_t i = 0; i < each.report.checks.size(); ++i) {
            const auto& report = each.report.checks[i];
            if (report) { checks.push_back(check_json(*report, each.target->checks[i])); }
        }
        const auto& result = each.report.result;
        all.push_back(
            object{{"service", each.service},
                   {"region", each.region},
                   {"host", each.host.empty() ? value(nullptr) : value(each.host)},
                   {"address",
                    each.has_address ? value(each.target->address.to_string()) : value(nullptr)},
                   {"result", result ? value(result->passed() ? "pass" : "fail") : value(nullptr)},
                   {"reason", result ? result->text : each.report.why_none},
                   {"checks", std::move(checks)}});
    }
    return boost::json::serialize(all);
}

}  // namespace meridian::server
