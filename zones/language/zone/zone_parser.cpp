// Parses a zone file into the model, before the rules of the DNS are applied to it.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/zone_parser.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/schema.h"
#include "zones/language/master/master_file.h"
#include "zones/language/master/master_records.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/text/named_path.h"
#include "zones/language/zone/health_joiner.h"
#include "zones/language/zone/probed_host.h"
#include "zones/language/zone/shared_tables.h"
#include "zones/language/zone/table_readers.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/name_finder.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

/// The zone's name in `text`, unless no zone can have it.
std::optional<dns::Name> read_apex(std::string_view text, TextPosition at, Findings& findings) {
    const std::string key = at.line > 0 ? "zone" : "";
    auto apex = read_absolute_name(text, {at, key}, findings);
    if (apex && apex->is_wildcard()) {
        findings.report(diagnostics::kWildcardZone, at, key);
        return {};
    }
    return apex;
}

/// The names under `zone`: one, or several that the file describes alike.
std::vector<ApexName> read_apexes(const TomlTable& file, Findings& findings) {
    std::vector<ApexName> apexes;
    if (file.find("zone") == nullptr) { return apexes; }  // reported as missing
    const std::vector<const TomlValue*> items = file.list("zone");
    if (items.size() > kMaxZonesPerFile) {
        findings.report(diagnostics::kTooManyZoneNames, file.find("zone")->value.span.at, "zone",
                        {std::to_string(items.size()), std::to_string(kMaxZonesPerFile)});
        return apexes;
    }
    std::map<dns::Name, TextPosition> seen;
    for (const TomlValue* item : items) {
        const auto* text = item->get<std::string>();
        if (text == nullptr) { continue; }
        const TextPosition at = item->span.at;
        if (report_several_zones(*text, {at, "zone"}, findings)) { continue; }
        auto apex = read_apex(*text, at, findings);
        if (!apex) { continue; }
        const auto [first, is_new] = seen.emplace(*apex, at);
        if (is_new) {
            apexes.push_back({std::move(*apex), at});
        } else {
            findings.report(diagnostics::kZoneNamedTwice, at, "zone",
                            {quoted(*text), std::to_string(first->second.line)});
        }
    }
    return apexes;
}

/// Whether each that is named could be read and is named once.
bool read_nameservers(const TomlTable& file, Zone& zone, Findings& findings) {
    const TomlEntry* entry = file.find("nameservers");
    if (entry == nullptr) { return true; }
    zone.nameservers_position = entry->value.span.at;
    std::vector<const TomlValue*> items = file.list("nameservers");
    if (items.size() > kMaxNameservers) {
        findings.report(diagnostics::kTooManyNameservers, entry->value.span.at, "nameservers",
                        {std::to_string(kMaxNameservers), std::to_string(items.size())});
        items.resize(kMaxNameservers);  // looking for twins takes time that grows with the square
    }
    for (const TomlValue* item : items) {
        const auto* text = item->get<std::string>();
        if (text == nullptr) { continue; }
        const KeyPosition where{item->span.at, "nameservers"};
        if (report_several_names(*text, where, findings)) { continue; }
        auto name = read_nameserver(*text, zone.apex, where, findings);
        if (!name) { continue; }
        if (std::find(zone.nameservers.begin(), zone.nameservers.end(), *name) !=
            zone.nameservers.end()) {
            findings.report(diagnostics::kNameserverTwice, item->span.at, "nameservers",
                            {quoted(*text)});
            continue;
        }
        zone.nameservers.push_back(std::move(*name));
        zone.nameserver_positions.push_back(item->span.at);
    }
    return zone.nameservers.size() == items.size();
}

void read_master_files(const TomlTable& file, MasterReader& reader) {
    const TomlEntry* entry = file.find("records_from");
    if (entry == nullptr) { return; }
    for (const TomlValue* item : file.list("records_from")) {
        const auto* name = item->get<std::string>();
        if (name != nullptr) { reader.read_named(*name, item->span.at, "records_from"); }
    }
}

/// Reports keys whose records the master file has as well: one of the two would be ignored.
void check_apex_once(const TomlTable& file, const MasterRecords& records, const Zone& zone,
                     Findings& findings) {
    const auto refuse = [&](const TomlEntry* entry, const std::string& key,
                            const std::optional<OwnedSet>& set) {
        if (entry == nullptr || !set) { return; }
        const TextPosition at = entry->key_span.at;
        findings.report(diagnostics::kApexInBoth, at, key,
                        {dns::type_to_text(set->records.type), line_of(zone, set->position, at)});
    };
    refuse(file.find("nameservers"), "nameservers", records.nameservers());
    refuse(file.find("soa"), "soa", records.soa());
    refuse(file.find("contact"), "contact", records.soa());
    const TomlTable* ttl = file.table("ttl");
    if (ttl != nullptr) { refuse(ttl->find("negative"), "ttl.negative", records.soa()); }
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
        findings.report(diagnostics::kContactTooLong, {}, "contact");
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
    // A secondary that cannot retry before it expires gives up at the first outage (RFC 1912 §2.2).
    const bool is_sound = is_sound_duration(*table, "refresh") &&
                          is_sound_duration(*table, "retry") && is_sound_duration(*table, "expire");
    if (is_sound && soa.expire <= std::uint64_t{soa.refresh} + soa.retry) {
        findings.report(diagnostics::kExpiresEarly, file.find("soa")->key_span.at, "soa");
    }
}

/// The library called `name`. None after a diagnostic.
std::shared_ptr<const Library> library_at(const ZoneText& source, const std::string& name,
                                          TextPosition at, Findings& findings) {
    const auto path = resolve_path({}, name);
    if (!path) {
        findings.report(*path.error(), at, "use", {quoted(name)});
        return nullptr;
    }
    if (!source.read_library) {
        findings.report(diagnostics::kNoOtherFiles, at, "use");
        return nullptr;
    }
    auto library = source.read_library(*path);
    if (!library) {
        findings.report(diagnostics::kUnreadableFile, at, "use", {library.error()});
        return nullptr;
    }
    return std::move(library).value();
}

void read_libraries(const ZoneText& source, ZoneFile& zone_file) {
    Findings& findings = zone_file.findings;
    for (const TomlValue* item : zone_file.document.root.list("use")) {
        const auto* name = item->get<std::string>();
        if (name == nullptr) { continue; }
        const TextPosition at = item->span.at;
        auto library = library_at(source, *name, at, findings);
        if (library == nullptr) {
            zone_file.libraries_sound = false;
            continue;
        }
        const auto known = std::ranges::find_if(
            zone_file.libraries, [&](const auto& used) { return used.library == library; });
        if (known != zone_file.libraries.end()) {
            findings.report(diagnostics::kLibraryUsedTwice, at, "use",
                            {quoted(*name), std::to_string(known->used_at.line)});
            continue;
        }
        const std::uint32_t number =
            findings.add_file(library->file, library->text, FileKind::Library);
        if (has_errors(library->diagnostics)) { zone_file.libraries_sound = false; }
        zone_file.libraries.push_back({std::move(library), number, at});
    }
}

/// A zone without a record so far.
Zone empty_zone(const ZoneText& source, const ApexName& apex, const Findings& findings) {
    Zone zone;
    zone.file = source.file;
    zone.other_files = findings.other_files();
    zone.apex = apex.name;
    zone.apex_position = apex.at;
    return zone;
}

/// Signing leaves RRSIG at the apex; DNSKEY, CDS or CDNSKEY alone may stand in an unsigned zone.
void note_signatures(const OwnerIndex& index, Zone& zone) {
    const auto apex = index.find(zone.owners, zone.apex.wire());
    if (!apex) { return; }
    const OwnedSet* signatures = find_set(zone.owners[*apex], dns::Type::RRSIG);
    if (signatures != nullptr) { zone.signed_at = signatures->position; }
}

void append(FileTexts& texts, FileTexts more) {
    std::ranges::move(more, std::back_inserter(texts));
}

bool is_master_file(const ZoneText& source) {
    return !source.apex.empty() || source.file.ends_with(kMasterFileEnding);
}

Result<ZoneFile, Diagnostics> open_master_zone(const ZoneText& source) {
    std::string_view name = source.apex;
    if (name.empty()) {
        name = source.file;
        name.remove_prefix(name.rfind('/') + 1);
        name.remove_suffix(kMasterFileEnding.size());
    }
    Findings findings(source.file, {});
    auto apex = read_apex(name, {}, findings);
    if (!apex) { return Failure{findings.take()}; }
    return ZoneFile{{}, {{std::move(*apex), {}}}, std::move(findings)};
}

void report_missing_soa(const Zone& zone, const std::optional<dns::Name>& likely_apex,
                        Findings& findings) {
    const std::string apex = zone.apex.to_text();
    if (!likely_apex) { return findings.report(diagnostics::kNoSoa, {}, {}, {apex}); }
    const std::string likely = likely_apex->to_text();
    findings.report(diagnostics::kNamedForAnotherZone, {}, {}, {apex, likely, likely});
}

/// Each zone of a file has names of its own: a host that followed from them would be checked once
/// for each zone, at the same addresses.
HostRequirement host_requirement(const std::vector<ApexName>& apexes) {
    if (apexes.size() < 2) { return {}; }
    return {"each zone of this file steers names of its own",
            probed_host_of(apexes.front().name).value_or("www.beigel.example")};
}

std::optional<ParsedZone> parse_master_zone(const ZoneText& source, Zone zone, ZoneFile& file) {
    Findings& findings = file.findings;
    MasterRecords records(zone, findings);
    MasterReader reader(zone, source.read_file, records, findings);
    reader.read_text(source.file, source.text, source.apex.empty());
    records.hand_over_apex(zone);
    if (findings.error_count() == 0 && !records.soa()) {
        report_missing_soa(zone, reader.likely_apex(), findings);
    }
    if (findings.error_count() == 0 && !records.nameservers()) {
        findings.report(diagnostics::kNoNs, {}, {}, {zone.apex.to_text()});
    }
    OwnerIndex index = records.hand_over(zone);
    note_signatures(index, zone);
    append(file.texts, reader.take_texts());
    if (zone.nameservers.empty()) { return {}; }
    return ParsedZone{std::move(zone), std::move(index), records.positions(), true};
}

}  // namespace

Result<ZoneFile, Diagnostics> open_zone_file(const ZoneText& source) {
    if (is_master_file(source)) { return open_master_zone(source); }
    auto read = read_toml(source.file, source.text);
    if (!read) { return Failure{std::move(read).error()}; }
    ZoneFile result{std::move(read).value(), {}, Findings(source.file, {})};
    result.findings = Findings(source.file, result.document.lines);
    Findings& findings = result.findings;
    const TomlTable& file = result.document.root;
    if (file.find("zone") == nullptr && is_library(file)) { return result; }
    check_keys(file, schema::zone_keys(), "", {}, findings);
    result.apexes = read_apexes(file, findings);
    if (result.apexes.empty()) { return Failure{findings.take()}; }
    result.tables =
        read_shared_tables(file, source.file, host_requirement(result.apexes), findings);
    result.tables_sound = findings.error_count() == 0;
    read_libraries(source, result);
    return result;
}

std::optional<ParsedZone> parse_zone(const ZoneText& source, const ApexName& apex,
                                     ZoneFile& zone_file) {
    Findings& findings = zone_file.findings;
    Zone zone = empty_zone(source, apex, findings);
    if (is_master_file(source)) { return parse_master_zone(source, std::move(zone), zone_file); }
    const TomlTable& file = zone_file.document.root;
    const std::size_t errors = findings.error_count();
    const WrittenHealths healths =
        join_tables(zone_file.tables, zone_file.libraries, zone, findings);
    const bool policies_sound = zone_file.tables_sound && findings.error_count() == errors;
    MasterRecords master(zone, findings);
    MasterReader reader(zone, source.read_file, master, findings);
    read_master_files(file, reader);
    check_apex_once(file, master, zone, findings);
    WrittenPositions positions;
    if (!master.nameservers()) {
        positions.nameservers_whole = read_nameservers(file, zone, findings);
    }
    master.hand_over_apex(zone);
    const bool has_nameservers = !zone.nameservers.empty();
    if (!has_nameservers && findings.error_count() == 0) {  // so `records_from` is there
        findings.report(diagnostics::kNoNsInMasterFiles, file.find("records_from")->key_span.at,
                        "records_from");
    }
    if (has_nameservers && !master.soa()) { read_soa(file, source.default_serial, zone, findings); }

    read_records(file, zone, positions, findings);
    OwnerIndex index = master.hand_over(zone);
    const auto& of_master = master.positions().records;
    positions.records.insert(of_master.begin(), of_master.end());
    note_signatures(index, zone);
    append(zone_file.texts, reader.take_texts());
    if (policies_sound) { join_health(healths, source.commands.get(), zone, findings); }
    if (!has_nameservers) { return {}; }
    return ParsedZone{std::move(zone), std::move(index), std::move(positions), policies_sound};
}

}  // namespace meridian::zones
