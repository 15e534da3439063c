// Reads what is checked instead of the addresses of a service.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/probe_reader.h"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "meridian/limits.h"
#include "zones/language/zone/probed_host.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// What one text names; none after a diagnostic.
std::optional<ProbePoint> read_point(const std::string& text, const KeyPosition& where,
                                     Findings& findings) {
    if (const auto address = IpAddress::parse(text)) {
        const std::string_view why = why_not_probed(*address);
        if (why.empty()) { return ProbePoint{.address = *address}; }
        findings.report(diagnostics::kNeverProbed, where.at, where.key, {quoted(text), why});
        return {};
    }
    auto host = read_probed_host(text, where, findings);
    if (!host) { return {}; }
    return ProbePoint{.host_name = std::move(*host)};
}

std::vector<ProbePoint> read_points(const TomlTable& regions, const TomlEntry& entry,
                                    const std::string& key, Findings& findings) {
    std::vector<ProbePoint> points;
    const std::vector<const TomlValue*> items = regions.list(entry.key);
    if (items.size() > kMaxRegionAddresses) {
        findings.report(diagnostics::kTooManyProbePoints, entry.key_span.at, key,
                        {std::to_string(items.size()), std::to_string(kMaxRegionAddresses)});
        return points;
    }
    std::map<std::string, TextPosition> seen;
    for (const TomlValue* item : items) {
        const auto* text = item->get<std::string>();
        if (text == nullptr) { continue; }
        const TextPosition at = item->span.at;
        auto point = read_point(*text, {at, key}, findings);
        if (!point) { continue; }
        const auto [first, is_new] = seen.try_emplace(point->to_text(), at);
        if (is_new) {
            points.push_back(std::move(*point));
        } else {
            findings.report(diagnostics::kAddressTwice, at, key,
                            {quoted(*text), "line " + std::to_string(first->second.line)});
        }
    }
    return points;
}

/// What says something of answers, in a service that is never answered.
void report_without_answers(const TomlTable& table, const std::string& path, Findings& findings) {
    for (const std::string_view key : {"ttl", "families", "last_resort"}) {
        const TomlEntry* entry = table.find(key);
        if (entry == nullptr) { continue; }
        findings.report(diagnostics::kNoEffectOfProbes, entry->key_span.at, key_path(path, key),
                        {"`" + std::string(key) + "`"});
    }
}

}  // namespace

void read_probes(const TomlTable& table, const std::string& path, WrittenService& service,
                 Findings& findings) {
    const TomlTable* regions = table.table("probe");
    if (regions == nullptr) { return; }
    const std::string key = key_path(path, "probe");
    if (regions->empty()) {
        return findings.report(diagnostics::kProbesOfNoRegion, table.find("probe")->key_span.at,
                               key);
    }
    for (const TomlEntry& entry : regions->entries()) {
        service.probes.push_back(
            {{entry.key, entry.key_span.at},
             read_points(*regions, entry, key_path(key, entry.key), findings)});
    }
    service.is_probed_only = table.find("addresses") == nullptr && table.find("cname") == nullptr;
    if (service.is_probed_only) { report_without_answers(table, path, findings); }
}

}  // namespace meridian::zones
