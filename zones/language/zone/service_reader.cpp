// Reads the tables of services.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "meridian/zones/key_rows.h"
#include "zones/language/zone/address_reader.h"
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
        service.health = read_health(*table, path, HealthOf::Service, host, findings);
        tables.services.push_back(std::move(service));
    }
}

}  // namespace meridian::zones
