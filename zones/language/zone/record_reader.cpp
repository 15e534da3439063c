// Reads the names of a zone and the records under them.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/zones/schema.h"
#include "zones/language/keys/misplaced_keys.h"
#include "zones/language/records/record_set_reader.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/zone/table_names.h"
#include "zones/language/zone/table_readers.h"
#include "zones/model/checks.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/owner_index.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

/// What was written under one name besides its records. TTLs are decided when all is read: `www`
/// and `WWW` are one name.
struct OwnerDraft {
    std::optional<std::uint32_t> ttl_seconds;
    TextPosition ttl_position;
    std::vector<std::optional<std::uint32_t>> set_ttls;  // one for each of the owner's sets
    bool faulty = false;                                 // something under it could not be read
};

class RecordReader {
public:
    RecordReader(const TomlTable& file, Zone& zone, WrittenPositions& positions, Findings& findings)
        : file_(file), zone_(zone), positions_(positions), findings_(findings) {}

    void read(const TomlTable& records) {
        zone_.owners.reserve(records.entries().size());
        drafts_.reserve(records.entries().size());
        index_.reserve(records.entries().size());
        for (const TomlEntry& entry : records.entries()) {
            read_name_entry(entry);
        }
        for (std::size_t i = 0; i < drafts_.size(); ++i) {
            finish(zone_.owners[i], drafts_[i]);
        }
    }

private:
    void read_name_entry(const TomlEntry& entry);
    void read_key(const TomlEntry& entry, const TomlEntry& name, std::size_t owner);
    void read_own_key(const TomlEntry& entry, const KeyRow& row, const std::string& path,
                      std::size_t owner);
    void read_steer(const TomlEntry& entry, const std::string& key, Owner& owner);
    void read_type(const TomlEntry& entry, const TomlEntry& name, std::size_t owner);
    void report_unknown(const TomlEntry& entry, const TomlEntry& name);
    [[nodiscard]] std::string key_of(const Owner& owner) const {
        return key_path("records", relative_text(owner.name, zone_.apex));
    }
    std::size_t owner_of(const dns::Name& name, TextPosition position);
    void finish(Owner& owner, const OwnerDraft& draft);
    [[nodiscard]] std::uint32_t steered_ttl(const Owner& owner) const;
    [[nodiscard]] std::uint32_t usual_ttl(const Owner& owner, dns::Type type) const;

    const TomlTable& file_;
    Zone& zone_;
    WrittenPositions& positions_;
    Findings& findings_;
    std::vector<OwnerDraft> drafts_;                              // beside zone_.owners
    OwnerIndex index_;                                            // of zone_.owners
    std::map<std::string, std::optional<std::size_t>> services_;  // what each `steer` means
};

void RecordReader::read_name_entry(const TomlEntry& entry) {
    const std::string path = key_path("records", entry.key);
    const auto* keys = entry.value.get<TomlTable>();
    const auto top = std::ranges::find(schema::zone_keys(), entry.key, &KeyRow::key);
    const bool is_top_key = top != schema::zone_keys().end();
    if (keys != nullptr && is_top_key && holds_keys(top->kind) && !keys->empty() &&
        !(entry.key == "records" ? holds_own_record(entry) : holds_record(entry))) {
        return report_table_below(entry, file_, "records", path, findings_);
    }
    if (keys == nullptr) {
        if (is_top_key) {
            return findings_.report(diagnostics::kKeyBelowHeader, entry.key_span.at, path,
                                    {"records"});
        }
        findings_.report(diagnostics::kTypeExpected, entry.key_span.at, path,
                         {key_path("", entry.key)});
        return;
    }
    const auto name = read_owner_name(entry.key, zone_.apex, {entry.key_span.at, path}, findings_);
    if (!name) { return; }
    const std::size_t owner = owner_of(*name, entry.key_span.at);
    const std::size_t errors = findings_.error_count();
    for (const TomlEntry& below : keys->entries()) {
        read_key(below, entry, owner);
    }
    drafts_[owner].faulty |= findings_.error_count() > errors;
}

std::size_t RecordReader::owner_of(const dns::Name& name, TextPosition position) {
    const std::uint32_t name_hash = index_.prefetch(name.wire());
    if (const auto known = index_.find(zone_.owners, name.wire(), name_hash)) { return *known; }
    index_.add(name_hash);
    zone_.owners.push_back({.name = name, .position = position});
    drafts_.emplace_back();
    return zone_.owners.size() - 1;
}

void RecordReader::read_key(const TomlEntry& entry, const TomlEntry& name, std::size_t owner) {
    for (const KeyRow& row : schema::owner_keys()) {
        if (row.key == entry.key) {
            return read_own_key(entry, row, key_path("records", name.key), owner);
        }
    }
    read_type(entry, name, owner);
}

void RecordReader::read_own_key(const TomlEntry& entry, const KeyRow& row, const std::string& path,
                                std::size_t owner) {
    const std::size_t errors = findings_.error_count();
    check_key(entry, row, path, findings_);
    if (findings_.error_count() > errors) { return; }
    const std::string key = key_path(path, entry.key);
    if (entry.key == "steer") { return read_steer(entry, key, zone_.owners[owner]); }

    OwnerDraft& draft = drafts_[owner];
    if (draft.ttl_seconds) {
        return findings_.report(diagnostics::kTtlTwice, entry.key_span.at, key,
                                {line_of(draft.ttl_position)});
    }
    draft.ttl_seconds = static_cast<std::uint32_t>(seconds_of(entry.value).value_or(0));
    draft.ttl_position = entry.key_span.at;
}

void RecordReader::read_steer(const TomlEntry& entry, const std::string& key, Owner& owner) {
    const std::string& service = *entry.value.get<std::string>();
    if (owner.steer) {
        return findings_.report(diagnostics::kSteeredTwice, entry.key_span.at, key,
                                {line_of(owner.steer_position)});
    }
    owner.steer_position = entry.value.span.at;
    const auto [known, is_first] = services_.try_emplace(service);
    if (is_first) { known->second = find_service(service, owner.steer_position, zone_); }
    owner.steer = known->second;
    if (!owner.steer) {
        report_unknown_service(service, owner.steer_position, key, zone_, findings_);
    }
}

std::uint32_t RecordReader::steered_ttl(const Owner& owner) const {
    return zone_.services[*owner.steer].ttl_seconds.value_or(zone_.ttls.steered);
}

void RecordReader::read_type(const TomlEntry& entry, const TomlEntry& name, std::size_t owner) {
    const std::string key = key_path(key_path("records", name.key), entry.key);
    const auto type = dns::type_from_text(entry.key);
    if (!type) { return report_unknown(entry, name); }
    if (std::any_of(entry.key.begin(), entry.key.end(),
                    [](char letter) { return letter >= 'A' && letter <= 'Z'; })) {
        return findings_.report(diagnostics::kCapitalType, entry.key_span.at, key,
                                {quoted(dns::lower_cased(entry.key))});
    }
    if (!dns::is_data_type(*type)) {
        return findings_.report(diagnostics::kQuestionType, entry.key_span.at, key,
                                {dns::type_to_text(*type)});
    }
    for (const OwnedSet& set : zone_.owners[owner].sets) {
        if (set.records.type != *type) { continue; }
        return findings_.report(diagnostics::kTypeTwice, entry.key_span.at, key,
                                {dns::type_to_text(*type), line_of(set.position)});
    }
    WrittenSet written =
        read_record_set(entry, *type, key, zone_.owners[owner].name, zone_, findings_);
    if (!written.positions.empty()) {
        positions_.records.emplace(entry.key_span.at, std::move(written.positions));
    }
    zone_.owners[owner].sets.push_back({{*type, 0, std::move(written.records)}, entry.key_span.at});
    drafts_[owner].set_ttls.push_back(written.ttl_seconds);
}

/// `a.b.mx` without quotes is the key `b` under the name `a`.
void RecordReader::report_unknown(const TomlEntry& entry, const TomlEntry& name) {
    const std::string key = key_path(key_path("records", name.key), entry.key);
    if (const auto* below = entry.value.get<TomlTable>(); below != nullptr && !below->empty()) {
        std::string meant = name.key + "." + entry.key;
        const TomlEntry* last = &below->entries().front();
        while (last->value.get<TomlTable>() != nullptr && !last->value.get<TomlTable>()->empty() &&
               !dns::type_from_text(last->key)) {
            meant += "." + last->key;
            last = &last->value.get<TomlTable>()->entries().front();
        }
        const std::string record =
            key_path("", meant.substr(name.key.size() + 1)) + "." + last->key;
        const bool has_header = below->form == TomlForm::Header || below->form == TomlForm::Implied;
        if (!has_header && name.value.get<TomlTable>()->form == TomlForm::Header) {
            return findings_.report(diagnostics::kBehindHeaderOfName, entry.key_span.at, key,
                                    {key_path("records", name.key), record});
        }
        return findings_.report(
            diagnostics::kUnquotedDots, entry.key_span.at, key,
            {has_header ? "[records." + quoted(meant) + "]" : quoted(meant) + "." + last->key});
    }
    const std::vector<std::string>& types = schema::record_types();
    std::vector<std::string_view> candidates{"steer", "ttl"};
    candidates.insert(candidates.end(), types.begin(), types.end());
    findings_.report(
        diagnostics::kUnknownType, entry.key_span.at, key,
        {quoted(entry.key), findings_.full() ? "" : did_you_mean(entry.key, candidates)});
}

std::uint32_t RecordReader::usual_ttl(const Owner& owner, dns::Type type) const {
    // A cache must not serve the hints of HTTPS longer than the addresses that they repeat.
    if (owner.steer && type == dns::Type::HTTPS) { return steered_ttl(owner); }
    const bool address = type == dns::Type::A || type == dns::Type::AAAA;
    const bool nameserver = std::find(zone_.nameservers.begin(), zone_.nameservers.end(),
                                      owner.name) != zone_.nameservers.end();
    return type == dns::Type::NS || (address && nameserver) ? zone_.ttls.infrastructure
                                                            : zone_.ttls.fixed;
}

/// Decides TTLs: RRset, then name, then service, then `[ttl]`.
void RecordReader::finish(Owner& owner, const OwnerDraft& draft) {
    for (std::size_t i = 0; i < owner.sets.size(); ++i) {
        dns::RecordSet& set = owner.sets[i].records;
        set.ttl_seconds =
            draft.set_ttls[i].value_or(draft.ttl_seconds.value_or(usual_ttl(owner, set.type)));
        if (owner.steer && set.type == dns::Type::HTTPS && draft.set_ttls[i]) {
            findings_.report(diagnostics::kSteeredHttpsTtl, owner.sets[i].position,
                             key_of(owner) + ".https", {key_of(owner) + ".ttl"});
        }
    }
    if (owner.steer) { owner.steer_ttl_seconds = draft.ttl_seconds.value_or(steered_ttl(owner)); }
    if (owner.steer && draft.ttl_seconds) {
        check_steered_ttl(*draft.ttl_seconds, draft.ttl_position, key_of(owner) + ".ttl",
                          findings_);
    }
    if (owner.sets.empty() && !owner.steer && !draft.faulty) {
        findings_.report(diagnostics::kNameWithoutRecords, owner.position, key_of(owner));
    }
}

}  // namespace

void read_records(const TomlTable& file, Zone& zone, WrittenPositions& positions,
                  Findings& findings) {
    const TomlEntry* records = file.find("records");
    if (records == nullptr) { return; }
    const auto* table = records->value.get<TomlTable>();
    if (table == nullptr) {
        return findings.report(diagnostics::kRecordsExpected, records->value.span.at, "records");
    }
    RecordReader(file, zone, positions, findings).read(*table);
}

}  // namespace meridian::zones
