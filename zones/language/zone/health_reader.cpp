// Reads the tables of health: `[health]`, and those of services.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/health_reader.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "meridian/zones/key_rows.h"
#include "zones/language/zone/http_check_reader.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::array kChecks{std::pair(std::string_view("https"), CheckKind::Https),
                             std::pair(std::string_view("http"), CheckKind::Http),
                             std::pair(std::string_view("tcp"), CheckKind::Tcp)};
/// Refused as such; with one of them the table has a check.
constexpr std::array<std::string_view, 5> kLaterChecks{"tls", "dns", "file", "command", "checks"};
constexpr std::array<std::string_view, 5> kParts{"host", "port", "method", "headers", "expect"};

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
        if (const TomlEntry* check = check_entry()) {
            read_check(*check, host);
        } else if (!has_later_check()) {
            report_parts();
            if (whose == HealthOf::Zone) { report(diagnostics::kNoCheck, entry_, {""}); }
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

    /// That of the check; the first one after a report of the second.
    const TomlEntry* check_entry() {
        const TomlEntry* first = nullptr;
        for (const TomlEntry& entry : table_.entries()) {
            const auto named = [&](const auto& check) { return check.first == entry.key; };
            if (std::ranges::none_of(kChecks, named)) { continue; }
            if (first != nullptr) {
                report(diagnostics::kSeveralChecks, entry, {quoted(first->key), quoted(entry.key)});
                return first;
            }
            first = &entry;
        }
        return first;
    }

    [[nodiscard]] bool has_later_check() const {
        return std::ranges::any_of(
            kLaterChecks, [&](std::string_view key) { return table_.find(key) != nullptr; });
    }

    void report_parts() {
        for (const TomlEntry& entry : table_.entries()) {
            if (std::ranges::find(kParts, entry.key) == kParts.end()) { continue; }
            report(diagnostics::kPartOfNoCheck, entry, {quoted(entry.key)});
        }
    }

    void read_check(const TomlEntry& entry, const HostRequirement& host) {
        const auto named = [&](const auto& check) { return check.first == entry.key; };
        HealthCheck& check = health_.check.emplace();
        check.kind = std::ranges::find_if(kChecks, named)->second;
        health_.check_position = entry.value.span.at;
        if (check.kind == CheckKind::Tcp) { return read_tcp(entry, check); }
        read_http_check(entry, table_, path_, check, findings_);
        if (!host.why.empty() && table_.find("host") == nullptr) {
            findings_.report(diagnostics::kHostWanted, entry.value.span.at, key_path(path_, "host"),
                             {host.why, "host = " + quoted(host.likely)});
        }
    }

    void read_tcp(const TomlEntry& entry, HealthCheck& check) {
        check.port = static_cast<std::uint16_t>(table_.integer(entry.key).value_or(0));
        for (const TomlEntry& other : table_.entries()) {
            if (std::ranges::find(kParts, other.key) == kParts.end()) { continue; }
            report(diagnostics::kNoEffectBesideTcp, other,
                   {quoted(other.key),
                    other.key == "port" ? "the value of `tcp` is the port"
                                        : "a connection asks for nothing; `https` and `http` do"});
        }
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
