// Recognises keys and records that stand behind the wrong header.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/key_rows.h"

namespace meridian::zones {

/// Whether a value of the kind is a table of keys.
bool holds_keys(Kind kind);

/// Whether a type of record, or `steer`, stands below a key, as in `www.a = "192.0.2.1"`.
bool holds_record(const TomlEntry& entry);

/// The same right below it, not below another key.
bool holds_own_record(const TomlEntry& entry);

/// Reports a key such as `ttl.static = "1h"` behind another header, [`path`]: its table belongs to
/// the top of the file, `top`, and may stand there as well.
void report_table_below(const TomlEntry& entry, const TomlTable& top, std::string_view path,
                        const std::string& key, Findings& findings);

/// The keys of one file that stand behind the wrong header. A key of the top behind a header is
/// part of that header's table: the mistake that TOML invites most.
class MisplacedKeys {
public:
    explicit MisplacedKeys(Findings& findings) : findings_(findings) {}

    /// Expects the top of the file and its rows, before any of its keys. Without it nothing is
    /// known to be misplaced.
    void start_at(const TomlTable& top, std::span<const KeyRow> rows);

    /// Reports an entry that is not among the `rows` of its table and belongs to another one; false
    /// for any other. `key` is its whole key.
    bool report(const TomlEntry& entry, std::span<const KeyRow> rows, const std::string& key);

    /// Whether a key of the top that is missing there was reported in another table; looks for it
    /// below [records] as well, where any key may stand.
    bool is_reported_below(const KeyRow& row);

private:
    bool report_top_key(const TomlEntry& entry, const std::string& key, const std::string& path);
    bool report_record(const TomlEntry& entry, const std::string& key, const std::string& path);
    bool report_in_service(const TomlEntry& entry, std::span<const KeyRow> rows,
                           const std::string& key);
    bool report_where_below(const KeyRow& row, const TomlTable& table, const std::string& path);

    Findings& findings_;
    const TomlTable* top_ = nullptr;
    std::span<const KeyRow> rows_;  // of the top
    std::vector<std::string_view> reported_below_;
    std::set<std::string> reported_records_in_;  // the tables
};

}  // namespace meridian::zones
