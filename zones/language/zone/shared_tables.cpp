// Reads the tables of a file that zones can share.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/shared_tables.h"

#include <algorithm>
#include <span>

#include "meridian/zones/schema.h"
#include "zones/language/zone/table_readers.h"
#include "zones/model/checks.h"

namespace meridian::zones {
namespace {

bool is_among(std::string_view key, std::span<const KeyRow> rows) {
    return std::ranges::find(rows, key, &KeyRow::key) != rows.end();
}

void read_ttls(const TomlTable& file, SharedTables& tables, Findings& findings) {
    const TomlTable* table = file.table("ttl");
    if (table == nullptr) { return; }
    tables.ttls_position = file.find("ttl")->key_span.at;
    Ttls& ttls = tables.ttls.emplace();
    ttls.steered = seconds_at(*table, "steered", ttls.steered);
    const TomlEntry* steered = table->find("steered");
    if (steered != nullptr && is_sound_duration(*table, "steered")) {
        check_steered_ttl(ttls.steered, steered->value.span.at, "ttl.steered", findings);
    }
    ttls.degraded = seconds_at(*table, "degraded", ttls.degraded);
    ttls.fixed = seconds_at(*table, "static", ttls.fixed);
    ttls.infrastructure = seconds_at(*table, "infrastructure", ttls.infrastructure);
    ttls.negative = seconds_at(*table, "negative", ttls.negative);
}

}  // namespace

bool is_zones_own(std::string_view key) {
    return is_among(key, schema::zone_keys()) && !is_among(key, schema::library_keys());
}

bool is_library(const TomlTable& file) {
    const auto has = [&](auto predicate) {
        return std::ranges::any_of(file.entries(), predicate, &TomlEntry::key);
    };
    return !has(is_zones_own) &&
           has([](std::string_view key) { return is_among(key, schema::library_keys()); });
}

SharedTables read_shared_tables(const TomlTable& file, const std::string& file_name,
                                const HostRequirement& host, Findings& findings) {
    SharedTables tables;
    read_regions(file, file_name, tables, findings);
    read_policies(file, tables);
    read_services(file, host, tables, findings);
    read_ttls(file, tables, findings);
    tables.health = read_health(file, "", HealthOf::Zone, host, findings);
    return tables;
}

}  // namespace meridian::zones
