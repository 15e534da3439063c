// Parses a zone file into the model, before the rules of the DNS are applied to it.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone_parser.h"

#include <algorithm>
#include <utility>

#include "meridian/zones/schema.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/master_file.h"
#include "zones/language/master_records.h"
#include "zones/language/record_reader.h"
#include "zones/language/region_reader.h"
#include "zones/language/zone_names.h"
#include "zones/model/text_place.h"

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

void read_master_files(const TomlTable& file, MasterReader& reader) {
    const TomlEntry* entry = file.find("records_from");
    if (entry == nullptr) { return; }
    for (const TomlValue* item : file.list("records_from")) {
        const auto* name = item->get<std::string>();
        if (name != nullptr) { reader.read_named(*name, item->span.at, "records_from"); }
    }
}

/// Tells of the keys that a master file has made needless: of two truths one would be ignored.
void check_apex_once(const TomlTable& file, const MasterRecords& records, const Zone& zone,
                     Findings& findings) {
    const auto refuse = [&](const TomlEntry* entry, const std::string& key,
                            const std::optional<OwnedSet>& set) {
        if (entry == nullptr || !set) { return; }
        const TextPosition at = entry->key_span.at;
        findings.error(
            at, key,
            "the " + dns::type_to_text(set->records.type) +
                " records of the zone stand in a master file, too",
            "those are at " + place_of(zone, set->position, at) + "; keep one of the two places");
    };
    refuse(file.find("nameservers"), "nameservers", records.nameservers());
    refuse(file.find("soa"), "soa", records.soa());
    refuse(file.find("contact"), "contact", records.soa());
    const TomlTable* ttl = file.table("ttl");
    if (ttl != nullptr) { refuse(ttl->find("negative"), "ttl.negative", records.soa()); }
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
        soa.serial_at = table->find("serial")->value.span.at;
    }
    // RFC 1912 §2.2: a secondary that cannot retry before it expires gives up at the first outage.
    if (soa.expire <= std::uint64_t{soa.refresh} + soa.retry) {
        findings.warning(file.find("soa")->key_span.at, "soa",
                         "secondaries drop the zone before they have tried again",
                         "`expire` should exceed `refresh` and `retry` together");
    }
}

Result<ParsedZone, Diagnostics> parse_master_zone(const ZoneText& source) {
    std::string_view name = source.file;
    name.remove_prefix(name.rfind('/') + 1);
    name.remove_suffix(kMasterFileEnding.size());
    Zone zone;
    zone.file = source.file;
    Findings findings(source.file, {});
    auto apex = read_absolute_name(name, {}, findings);
    if (apex && apex->is_wildcard()) {
        findings.error({}, {}, "a zone cannot begin with a wildcard");
    }
    if (findings.error_count() > 0) { return Failure{findings.take()}; }
    zone.apex = std::move(*apex);

    MasterRecords records(zone, findings);
    MasterReader reader(zone, source.read_file, records, findings);
    reader.read_text(source.file, source.text);
    records.hand_over_apex(zone);
    if (findings.error_count() == 0 && !records.soa()) {
        findings.error({}, {}, "there is no SOA record of " + zone.apex.to_text(),
                       "the name of the file is that of the zone, and \".zone\"");
    }
    if (findings.error_count() == 0 && !records.nameservers()) {
        findings.error({}, {}, "there are no NS records of " + zone.apex.to_text(),
                       "the zone's own nameservers stand in its file");
    }
    records.hand_over(zone);
    if (zone.nameservers.empty()) { return Failure{findings.take()}; }
    return ParsedZone{std::move(zone), std::move(findings), reader.take_texts(), true};
}

}  // namespace

Result<ParsedZone, Diagnostics> parse_zone(const ZoneText& source) {
    if (source.file.ends_with(kMasterFileEnding)) { return parse_master_zone(source); }
    auto read = read_toml(source.file, source.text);
    if (!read) { return Failure{std::move(read).error()}; }
    const TomlTable& file = read->root;

    Zone zone;
    zone.file = source.file;
    zone.lines = std::move(read->lines);
    Findings findings(source.file, zone.lines);
    check_keys(file, schema::zone_keys(), "", {}, findings);
    if (!read_apex(file, zone, findings)) { return Failure{findings.take()}; }
    read_ttls(file, zone.ttls);
    MasterRecords master(zone, findings);
    MasterReader reader(zone, source.read_file, master, findings);
    read_master_files(file, reader);
    check_apex_once(file, master, zone, findings);
    if (!master.nameservers()) { read_nameservers(file, zone, findings); }
    master.hand_over_apex(zone);
    const bool has_nameservers = !zone.nameservers.empty();
    if (!has_nameservers && findings.error_count() == 0) {  // so `records_from` is there
        findings.error(file.find("records_from")->key_span.at, "records_from",
                       "no master file has NS records of the zone itself",
                       "add them there, or write `nameservers` here");
    }
    if (has_nameservers && !master.soa()) { read_soa(file, source.default_serial, zone, findings); }

    read_regions(file, zone, findings);
    read_policies(file, zone, findings);
    const bool policies_sound = findings.error_count() == 0;
    read_records(file, zone, findings);
    master.hand_over(zone);
    if (!has_nameservers) { return Failure{findings.take()}; }
    return ParsedZone{std::move(zone), std::move(findings), reader.take_texts(), policies_sound};
}

}  // namespace meridian::zones
