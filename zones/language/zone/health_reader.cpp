// Reads the tables of health: `[health]`, and those of services.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/health_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/key_rows.h"
#include "zones/language/zone/check_reader.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

class HealthReader {
public:
    HealthReader(const TomlEntry& entry, const TomlTable& table, std::string path,
                 Findings& findings)
        : entry_(entry), table_(table), path_(std::move(path)), findings_(findings) {}

    WrittenHealth read(HealthOf whose, const HostRequirement& host) {
        health_.position = entry_.key_span.at;
        if (table_.empty()) {
            report(diagnostics::kEmptyHealth, entry_);
            return health_;
        }
        if (const TomlEntry* list = table_.find("checks")) {
            read_list(*list, host);
        } else {
            read_one(whose, host);
        }
        read_timing();
        return health_;
    }

private:
    void report(const DiagnosticKind& kind, const TomlEntry& entry,
                std::initializer_list<std::string_view> values = {}) {
        findings_.report(kind, entry.key_span.at,
                         &entry == &entry_ ? path_ : key_path(path_, entry.key), values);
    }

    void read_one(HealthOf whose, const HostRequirement& host) {
        if (const TomlEntry* need = table_.find("need")) {
            report(diagnostics::kNeedWithoutChecks, *need);
        }
        if (auto check = read_check(table_, path_, host, findings_)) {
            health_.checks.push_back(std::move(*check));
            report_timing_of_pushed();
        } else {
            report_parts(table_, path_, findings_);
            if (whose == HealthOf::Zone) { report(diagnostics::kNoCheck, entry_, {""}); }
        }
    }

    /// What a file says holds at once: nothing is counted, and nothing waits.
    void report_timing_of_pushed() {
        if (health_.checks.front().check.kind != CheckKind::File) { return; }
        for (const std::string_view key : {"every", "timeout", "fall", "rise", "hold"}) {
            const TomlEntry* entry = table_.find(key);
            if (entry == nullptr) { continue; }
            report(
                diagnostics::kNoEffectBesideCheck, *entry,
                {quoted(key), "file", "what the file says holds at once, until it says otherwise"});
        }
    }

    void read_list(const TomlEntry& list, const HostRequirement& host) {
        for (const TomlEntry& other : table_.entries()) {
            if (!belongs_to_a_check(other.key)) { continue; }
            report(diagnostics::kBesideChecks, other, {quoted(other.key)});
        }
        const auto items = table_.list("checks");
        if (items.size() > kMaxChecks) {
            return report(diagnostics::kTooManyChecks, list,
                          {std::to_string(items.size()), std::to_string(kMaxChecks)});
        }
        if (items.empty()) { report(diagnostics::kNoCheck, list, {""}); }
        const std::string path = key_path(path_, list.key);
        for (const TomlValue* item : items) {
            const auto* table = item->get<TomlTable>();
            if (table != nullptr) { read_item(*table, *item, path, host); }
        }
        const std::string* need = table_.text("need");
        if (need != nullptr && *need == "any") { health_.need = CheckNeed::Any; }
    }

    void read_item(const TomlTable& table, const TomlValue& item, const std::string& path,
                   const HostRequirement& host) {
        auto check = read_check(table, path, host, findings_);
        if (!check) { return findings_.report(diagnostics::kNoCheck, item.span.at, path, {""}); }
        check->in_list = true;
        health_.checks.push_back(std::move(*check));
    }

    [[nodiscard]] std::optional<WrittenDuration> duration(std::string_view key) const {
        const TomlEntry* entry = table_.find(key);
        const auto value = entry == nullptr ? std::nullopt : duration_of(entry->value);
        if (!value) { return {}; }
        return WrittenDuration{*value, entry->value.span.at};
    }

    [[nodiscard]] std::optional<std::uint16_t> count(std::string_view key) const {
        const auto value = table_.integer(key);
        return value ? std::optional(static_cast<std::uint16_t>(*value)) : std::nullopt;
    }

    void read_timing() {
        health_.every = duration("every");
        health_.timeout = duration("timeout");
        health_.hold = duration("hold");
        health_.fall = count("fall");
        health_.rise = count("rise");
        if (const TomlEntry* share = table_.find("min_up")) {
            const auto* number = share->value.get<double>();
            const auto whole = table_.integer("min_up");
            if (number != nullptr) { health_.min_up = *number; }
            if (whole) { health_.min_up = static_cast<double>(*whole); }
        }
        if (const std::string* failback = table_.text("failback")) {
            health_.manual_failback = *failback == "manual";
        }
    }

    const TomlEntry& entry_;
    const TomlTable& table_;
    std::string path_;
    Findings& findings_;
    WrittenHealth health_;
};

}  // namespace

std::optional<WrittenHealth> read_health(const TomlTable& parent, const std::string& path,
                                         HealthOf whose, const HostRequirement& host,
                                         Findings& findings) {
    const TomlEntry* entry = parent.find("health");
    const TomlTable* table = parent.table("health");
    if (table == nullptr) { return {}; }
    return HealthReader(*entry, *table, key_path(path, "health"), findings).read(whose, host);
}

}  // namespace meridian::zones
