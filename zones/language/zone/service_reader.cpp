// Reads the tables of services.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/zones/key_rows.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/zone/address_reader.h"
#include "zones/language/zone/probe_reader.h"
#include "zones/language/zone/table_readers.h"
#include "zones/model/checks.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

void read_ttl(const TomlTable& table, const std::string& path, WrittenService& service,
              Findings& findings) {
    const TomlEntry* ttl = table.find("ttl");
    if (ttl == nullptr || !is_sound_duration(table, "ttl")) { return; }
    service.ttl_seconds = seconds_at(table, "ttl", 0);
    check_steered_ttl(*service.ttl_seconds, ttl->value.span.at, key_path(path, "ttl"), findings);
}

/// Reports `addresses` without a region: the service would have the addresses of all regions.
bool report_no_region(const TomlTable& table, const TomlTable& regions, const std::string& key,
                      Findings& findings) {
    if (!regions.empty()) { return false; }
    findings.report(diagnostics::kServiceOfNoRegion, table.find("addresses")->key_span.at, key);
    return true;
}

/// Addresses may be those of other services as well: several behind one balancer are usual.
void read_parts(const TomlTable& table, const std::string& path, WrittenService& service,
                Findings& findings) {
    const TomlTable* regions = table.table("addresses");
    if (regions == nullptr) { return; }
    const std::string key = key_path(path, "addresses");
    if (report_no_region(table, *regions, key, findings)) { return; }
    AddressReader addresses(diagnostics::kTooManyServiceAddresses, findings);
    for (const TomlEntry& entry : regions->entries()) {
        service.parts.push_back(
            {{entry.key, entry.key_span.at},
             addresses.read(*regions, entry.key, entry.key, key_path(key, entry.key))});
    }
}

/// Reports an address where a service of CNAMEs needs a name, which it would be taken for; false
/// for any other text.
bool report_address(const std::string& text, const KeyPosition& where, Findings& findings) {
    if (!IpAddress::parse(text)) { return false; }
    findings.report(diagnostics::kAddressAsAlias, where.at, where.key, {quoted(text)});
    return true;
}

/// Reads `cname.REGION`, beside which there are no addresses.
void read_targets(const TomlTable& table, const std::string& path, WrittenService& service,
                  Findings& findings) {
    const TomlTable* regions = table.table("cname");
    if (regions == nullptr) { return; }
    const TextPosition at = table.find("cname")->key_span.at;
    const std::string key = key_path(path, "cname");
    if (regions->empty()) { return findings.report(diagnostics::kCnamesOfNoRegion, at, key); }
    for (const std::string_view other : {"addresses", "families"}) {
        if (table.find(other) == nullptr) { continue; }
        findings.report(other == "addresses" ? diagnostics::kCnamesBesideAddresses
                                             : diagnostics::kNoEffectBesideCnames,
                        table.find(other)->key_span.at, key_path(path, other),
                        {"`" + std::string(other) + "`"});
    }
    const TomlEntry* health = table.find("health");
    if (health != nullptr && table.find("probe") == nullptr) {
        findings.report(diagnostics::kHealthOfCnames, health->key_span.at,
                        key_path(path, "health"));
    }
    for (const TomlEntry& entry : regions->entries()) {
        const auto* target = entry.value.get<std::string>();
        if (target == nullptr) { continue; }
        if (report_address(*target, {entry.value.span.at, key_path(key, entry.key)}, findings)) {
            continue;
        }
        service.targets.push_back({{entry.key, entry.key_span.at}, {*target, entry.value.span.at}});
    }
}

/// Addresses, or a name beside `cname`.
void read_last_resort(const TomlTable& table, const std::string& path, WrittenService& service,
                      Findings& findings) {
    const TomlEntry* entry = table.find("last_resort");
    if (entry == nullptr) { return; }
    const std::string key = key_path(path, "last_resort");
    service.last_resort_at = entry->value.span.at;
    if (table.table("cname") == nullptr) {
        AddressReader addresses(diagnostics::kLastResortTooLong, findings);
        service.last_resort = addresses.read(table, "last_resort", "last resort", key);
        return;
    }
    const std::vector<WrittenName> names = names_at(table, "last_resort");
    if (names.size() > 1) {
        return findings.report(diagnostics::kSeveralAliases, names[1].at, key,
                               {"CNAME", std::to_string(names.size())});
    }
    if (names.empty()) { return; }
    const WrittenName& name = names.front();
    if (report_address(name.name, {name.at, key}, findings)) { return; }
    service.last_resort_target = name;
}

}  // namespace

void read_services(const TomlTable& file, const HostRequirement& host, SharedTables& tables,
                   Findings& findings) {
    const TomlTable* services = file.table("services");
    if (services == nullptr) { return; }
    for (const TomlEntry& entry : services->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        const std::string path = key_path("services", entry.key);
        WrittenService service;
        service.name = entry.key;
        service.position = entry.key_span.at;
        service.policy = {"nearest", service.position};
        if (const std::string* policy = table->text("policy")) {
            service.policy = {*policy, table->find("policy")->value.span.at};
        }
        read_ttl(*table, path, service, findings);
        read_parts(*table, path, service, findings);
        read_targets(*table, path, service, findings);
        read_probes(*table, path, service, findings);
        read_last_resort(*table, path, service, findings);
        const std::string* families = table->text("families");
        service.families_together = families != nullptr && *families == "together";
        service.depends = names_at(*table, "depends");
        service.health = read_health(*table, path, HealthOf::Service, host, findings);
        tables.services.push_back(std::move(service));
    }
}

}  // namespace meridian::zones
