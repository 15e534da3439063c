// Parses a zone file into the model, before the rules of the DNS are applied to it.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone_parser.h"

#include <algorithm>
#include <utility>

#include "meridian/zones/toml_document.h"
#include "zones/language/record_reader.h"
#include "zones/language/region_reader.h"
#include "zones/language/schema.h"
#include "zones/language/zone_names.h"

namespace meridian::zones {
namespace {

std::uint32_t seconds_at(const TomlTable& table, std::string_view key, std::uint32_t fallback) {
    const TomlEntry* entry = table.find(key);
    const auto seconds = entry == nullptr ? std::nullopt : seconds_of(entry->value);
    return seconds ? static_cast<std::uint32_t>(*seconds) : fallback;
}

/// Whether `zone.apex` could be read.
bool read_apex(const TomlTable& file, Zone& zone, Findings& findings) {
    const TomlEntry* entry = file.find("zone");
    if (entry == nullptr) { return false; }  // told as missing
    const TextPosition at = entry->value.span.at;
    if (entry->value.kind() == TomlKind::Array) {
        findings.error(at, "zone", "several names for one zone are not supported yet",
                       "write one name, such as zone = \"beigel.example\"");
        return false;
    }
    const auto* text = entry->value.get<std::string>();
    if (text == nullptr) {
        findings.error(at, "zone",
                       "expected a string, found " + std::string(describe(entry->value.kind())));
        return false;
    }
    auto apex = read_absolute_name(*text, {at, "zone"}, findings);
    if (!apex) { return false; }
    if (apex->is_wildcard()) {
        findings.error(at, "zone", "a zone cannot begin with a wildcard");
        return false;
    }
    zone.apex = std::move(*apex);
    return true;
}

bool read_nameservers(const TomlTable& file, Zone& zone, Findings& findings) {
    const TomlEntry* entry = file.find("nameservers");
    if (entry == nullptr) { return false; }
    zone.nameservers_position = entry->value.span.at;
    for (const TomlValue* item : file.list("nameservers")) {
        const auto* text = item->get<std::string>();
        if (text == nullptr) { continue; }
        auto name = read_name(*text, zone.apex, {item->span.at, "nameservers"}, findings);
        if (!name) { continue; }
        if (std::find(zone.nameservers.begin(), zone.nameservers.end(), *name) !=
            zone.nameservers.end()) {
            findings.error(item->span.at, "nameservers", quoted(*text) + " is named twice");
            continue;
        }
        zone.nameservers.push_back(std::move(*name));
    }
    return !zone.nameservers.empty();
}

void read_ttls(const TomlTable& file, Ttls& ttls) {
    const TomlTable* table = file.table("ttl");
    if (table == nullptr) { return; }
    ttls.steered = seconds_at(*table, "steered", ttls.steered);
    ttls.degraded = seconds_at(*table, "degraded", ttls.degraded);
    ttls.fixed = seconds_at(*table, "static", ttls.fixed);
    ttls.infrastructure = seconds_at(*table, "infrastructure", ttls.infrastructure);
    ttls.negative = seconds_at(*table, "negative", ttls.negative);
}

void read_contact(const TomlTable& file, Zone& zone, Findings& findings) {
    if (const std::string* contact = file.text("contact")) {
        const TextPosition at = file.find("contact")->value.span.at;
        const auto mailbox = read_mailbox(*contact, {at, "contact"}, findings);
        if (mailbox) { zone.soa.mailbox = *mailbox; }
        return;
    }
    auto mailbox = zone.apex.child("hostmaster");
    if (mailbox) {
        zone.soa.mailbox = std::move(mailbox).value();
    } else {
        findings.error({}, "contact", "hostmaster@ZONE is too long a name here",
                       "give a contact of your own");
    }
}

void read_soa(const TomlTable& file, std::uint32_t default_serial, Zone& zone, Findings& findings) {
    Soa& soa = zone.soa;
    soa.primary = zone.nameservers.front();
    soa.serial = default_serial;
    read_contact(file, zone, findings);
    const TomlTable* table = file.table("soa");
    if (table == nullptr) { return; }
    if (const std::string* primary = table->text("primary")) {
        const TextPosition at = table->find("primary")->value.span.at;
        const auto name = read_name(*primary, zone.apex, {at, "soa.primary"}, findings);
        if (name) { soa.primary = *name; }
    }
    soa.refresh = seconds_at(*table, "refresh", soa.refresh);
    soa.retry = seconds_at(*table, "retry", soa.retry);
    soa.expire = seconds_at(*table, "expire", soa.expire);
    if (const auto serial = table->integer("serial")) {
        soa.serial = static_cast<std::uint32_t>(*serial);
    }
    // RFC 1912 §2.2: a secondary that cannot retry before it expires gives up at the first outage.
    if (soa.expire <= std::uint64_t{soa.refresh} + soa.retry) {
        findings.warning(file.find("soa")->key_span.at, "soa",
                         "secondaries drop the zone before they have tried again",
                         "`expire` should exceed `refresh` and `retry` together");
    }
}

}  // namespace

Result<ParsedZone, Diagnostics> parse_zone(const ZoneText& source) {
    auto read = read_toml(source.file, source.text);
    if (!read) { return Failure{std::move(read).error()}; }
    const TomlTable& file = read->root;

    Zone zone;
    zone.file = source.file;
    zone.lines = std::move(read->lines);
    Findings findings(source.file, zone.lines);
    check_keys(file, schema::zone_keys(), "", {}, findings);
    if (!read_apex(file, zone, findings)) { return Failure{findings.take()}; }
    const bool has_nameservers = read_nameservers(file, zone, findings);
    if (has_nameservers) { read_soa(file, source.default_serial, zone, findings); }
    read_ttls(file, zone.ttls);

    read_regions(file, zone, findings);
    read_policies(file, zone, findings);
    const bool policies_sound = findings.error_count() == 0;
    read_records(file, zone, findings);
    if (!has_nameservers) { return Failure{findings.take()}; }
    return ParsedZone{std::move(zone), std::move(findings), policies_sound};
}

}  // namespace meridian::zones
