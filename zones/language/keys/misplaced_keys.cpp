// Recognises keys and records that stand behind the wrong header.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/keys/misplaced_keys.h"

#include <algorithm>
#include <array>

#include "meridian/dns/types.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// A set of records may be in braces; a table that has other keys is none.
bool is_record_set(const TomlValue& value) {
    if (value.kind() == TomlKind::Text || value.kind() == TomlKind::Array) { return true; }
    const auto* braces = value.get<TomlTable>();
    return braces != nullptr &&
           (braces->find("data") != nullptr || braces->find("rdata") != nullptr);
}

/// The name that the header of a record gives, such as "www.shop" of [www.shop]; empty where the
/// record has no header.
std::string header_of(const TomlEntry& entry) {
    const auto* table = entry.value.get<TomlTable>();
    if (table == nullptr) { return {}; }
    if (table->form == TomlForm::Header) { return entry.key; }
    if (table->form != TomlForm::Implied || table->empty()) { return {}; }
    const std::string below = header_of(table->entries().front());
    return below.empty() ? below : entry.key + "." + below;
}

}  // namespace

bool holds_keys(Kind kind) {
    return kind == Kind::Table || kind == Kind::NamedTables || kind == Kind::TableArray ||
           kind == Kind::Records;
}

bool holds_own_record(const TomlEntry& entry) {
    const auto* keys = entry.value.get<TomlTable>();
    return keys != nullptr && std::ranges::any_of(keys->entries(), [](const TomlEntry& below) {
               const bool is_type = below.key == "steer" || dns::type_from_text(below.key);
               return is_type && is_record_set(below.value);
           });
}

bool holds_record(const TomlEntry& entry) {
    const auto* keys = entry.value.get<TomlTable>();
    return keys != nullptr &&
           (holds_own_record(entry) || std::ranges::any_of(keys->entries(), holds_record));
}

void report_table_below(const TomlEntry& entry, const TomlTable& top, std::string_view path,
                        const std::string& key, Findings& findings) {
    const TomlEntry* there = top.find(entry.key);
    const std::string header = "[" + entry.key + "]";
    if (there != nullptr && path == entry.key) {
        findings.report(diagnostics::kHeaderRepeated, entry.key_span.at, key,
                        {header, quoted(entry.key + ".")});
    } else if (there != nullptr) {
        findings.report(
            diagnostics::kTableBelowHeader, entry.key_span.at, key,
            {header, path,
             "move it to the others, at line " + std::to_string(there->key_span.at.line)});
    } else {
        findings.report(
            diagnostics::kTableBelowHeader, entry.key_span.at, key,
            {header, path,
             "a header holds until the next one: write " + header + " and the keys below it"});
    }
}

void MisplacedKeys::start_at(const TomlTable& top, std::span<const KeyRow> rows) {
    top_ = &top;
    rows_ = rows;
}

bool MisplacedKeys::report(const TomlEntry& entry, std::span<const KeyRow> rows,
                           const std::string& key) {
    if (top_ == nullptr) { return false; }
    const std::size_t own = key_path("", entry.key).size();
    const std::string path = key.size() > own ? key.substr(0, key.size() - own - 1) : "";
    return report_top_key(entry, key, path) || report_record(entry, key, path) ||
           report_in_service(entry, rows, key);
}

/// `path` is the table that has the entry; empty for the top.
bool MisplacedKeys::report_top_key(const TomlEntry& entry, const std::string& key,
                                   const std::string& path) {
    if (path.empty()) { return false; }
    const auto row = std::ranges::find(rows_, entry.key, &KeyRow::key);
    if (row == rows_.end() || row->status == Status::NotSupportedYet) { return false; }
    if (entry.value.get<TomlTable>() != nullptr && holds_keys(row->kind)) {
        report_table_below(entry, *top_, path, key, findings_);
        return true;
    }
    if (holds_keys(row->kind) || top_->find(entry.key) != nullptr) { return false; }
    findings_.report(diagnostics::kKeyBelowHeader, entry.key_span.at, key, {path});
    reported_below_.push_back(row->key);
    return true;
}

/// Reports a record outside of [records], the first in each table; false for what is none.
bool MisplacedKeys::report_record(const TomlEntry& entry, const std::string& key,
                                  const std::string& path) {
    const auto records = std::ranges::find(rows_, Kind::Records, &KeyRow::kind);
    if (records == rows_.end() || !holds_record(entry)) { return false; }
    const std::array meant{records->key};
    if (!nearest_spelling(entry.key, meant).empty()) { return false; }  // [record]
    // Each header is rewritten; a move takes all that stands there along.
    const std::string header = header_of(entry);
    if (header.empty() && !reported_records_in_.insert(path).second) { return true; }
    const TomlEntry* there = top_->find(records->key);
    findings_.report(diagnostics::kRecordElsewhere, entry.key_span.at, key,
                     {path.empty() ? "at the top of the file" : "one of [" + path + "]",
                      !header.empty()    ? "write [records." + key_path("", header) + "]"
                      : there != nullptr ? "move it below [records], at line " +
                                               std::to_string(there->key_span.at.line)
                                         : "write [records] in front of it"});
    return true;
}

/// Reports a key of policies, and a region whose addresses are meant, in the table of a service.
bool MisplacedKeys::report_in_service(const TomlEntry& entry, std::span<const KeyRow> rows,
                                      const std::string& key) {
    const auto services = std::ranges::find(rows_, "services", &KeyRow::key);
    const auto policies = std::ranges::find(rows_, "policies", &KeyRow::key);
    if (services == rows_.end() || policies == rows_.end() ||
        services->rows.data() != rows.data()) {
        return false;
    }
    if (std::ranges::find(policies->rows, entry.key, &KeyRow::key) != policies->rows.end()) {
        findings_.report(diagnostics::kKeyOfPolicy, entry.key_span.at, key, {quoted(entry.key)});
        return true;
    }
    const TomlTable* regions = top_->table("regions");
    const auto* table = entry.value.get<TomlTable>();
    const bool is_region = regions != nullptr && regions->find(entry.key) != nullptr;
    if (!is_region && (table == nullptr || table->find("addresses") == nullptr)) { return false; }
    findings_.report(diagnostics::kRegionBelowService, entry.key_span.at, key,
                     {quoted(entry.key), key_path("addresses", entry.key)});
    return true;
}

bool MisplacedKeys::is_reported_below(const KeyRow& row) {
    return std::ranges::find(reported_below_, row.key) != reported_below_.end() ||
           report_where_below(row, *top_, {});
}

bool MisplacedKeys::report_where_below(const KeyRow& row, const TomlTable& table,
                                       const std::string& path) {
    for (const TomlEntry& entry : table.entries()) {
        const auto* below = entry.value.get<TomlTable>();
        const std::string key = key_path(path, entry.key);
        if (below == nullptr) {
            if (path.empty() || entry.key != row.key) { continue; }
            findings_.report(diagnostics::kKeyBelowHeader, entry.key_span.at, key, {path});
            return true;
        }
        if (report_where_below(row, *below, key)) { return true; }
    }
    return false;
}

}  // namespace meridian::zones
