// Reads one check: which it is, and what it asks of an address.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/check_reader.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>

#include "meridian/zones/key_rows.h"
#include "zones/language/text/named_path.h"
#include "zones/language/zone/dns_check_reader.h"
#include "zones/language/zone/http_check_reader.h"
#include "zones/language/zone/probed_host.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

struct KindOfCheck {
    std::string_view key;
    CheckKind kind;
    std::string_view why_no_part;  ///< Why it has no such part; those of `port` are below.
};

constexpr std::array kKinds{
    KindOfCheck{"https", CheckKind::Https, "it belongs to a check with `dns`"},
    KindOfCheck{"http", CheckKind::Http, "it belongs to a check with `dns`"},
    KindOfCheck{"tcp", CheckKind::Tcp, "a connection asks for nothing; `https` and `http` do"},
    KindOfCheck{"tls", CheckKind::Tls, "a handshake asks for nothing; `https` does"},
    KindOfCheck{"dns", CheckKind::Dns, "a question of the DNS has none"},
    KindOfCheck{"file", CheckKind::File, "the file says all, and nothing is asked"},
    KindOfCheck{"command", CheckKind::Command,
                "the command asks what it likes; its arguments stand in meridian.toml"}};

struct Part {
    std::string_view key;
    std::array<CheckKind, 3> kinds;  ///< That have it.
};

using enum CheckKind;
constexpr std::array kParts{
    Part{"host", {Https, Http, Tls}},    Part{"port", {Https, Http, Dns}},
    Part{"method", {Https, Http, Http}}, Part{"headers", {Https, Http, Http}},
    Part{"expect", {Https, Http, Dns}},  Part{"type", {Dns, Dns, Dns}},
    Part{"max_age", {File, File, File}}};
constexpr std::array kExpectations{Part{"status", {Https, Http, Http}},
                                   Part{"body", {Https, Http, Http}},
                                   Part{"rcode", {Dns, Dns, Dns}}, Part{"answer", {Dns, Dns, Dns}}};

const KindOfCheck* kind_at(std::string_view key) {
    const auto* const found = std::ranges::find(kKinds, key, &KindOfCheck::key);
    return found == kKinds.end() ? nullptr : found;
}

bool has_part(const KindOfCheck& kind, std::span<const Part> parts, std::string_view key) {
    const auto part = std::ranges::find(parts, key, &Part::key);
    return std::ranges::find(part->kinds, kind.kind) != part->kinds.end();
}

bool is_part(std::string_view key) {
    return std::ranges::find(kParts, key, &Part::key) != kParts.end();
}

class CheckReader {
public:
    CheckReader(const TomlTable& table, const std::string& path, Findings& findings)
        : table_(table), path_(path), findings_(findings) {}

    std::optional<WrittenCheck> read(const HostRequirement& host) {
        const TomlEntry* entry = check_entry();
        if (entry == nullptr) { return {}; }
        const KindOfCheck& kind = *kind_at(entry->key);
        WrittenCheck written{.check = {}, .position = entry->value.span.at, .in_list = false};
        HealthCheck& check = written.check;
        check.kind = kind.kind;
        report_other_parts(kind, kParts, table_, path_);
        const TomlTable* expect = table_.table("expect");
        if (expect != nullptr && has_part(kind, kParts, "expect")) {
            report_other_parts(kind, kExpectations, *expect, key_path(path_, "expect"));
        }
        switch (kind.kind) {
            case Tcp:
            case Tls:
                check.port = static_cast<std::uint16_t>(table_.integer(entry->key).value_or(0));
                break;
            case Http:
            case Https:
                read_http_check(*entry, table_, path_, check, findings_);
                break;
            case Dns:
                read_dns_check(*entry, table_, path_, check, findings_);
                break;
            case File:
                read_state_file(*entry, check.file);
                break;
            case Command:
                check.command = entry->value.get<std::string>() == nullptr
                                    ? std::string()
                                    : *entry->value.get<std::string>();
                break;
        }
        if (has_part(kind, kParts, "host")) { read_host(*entry, host, check); }
        return written;
    }

private:
    void report(const DiagnosticKind& kind, const std::string& path, const TomlEntry& entry,
                std::initializer_list<std::string_view> values) {
        findings_.report(kind, entry.key_span.at, key_path(path, entry.key), values);
    }

    /// That of the check; the first one after a report of the second.
    const TomlEntry* check_entry() {
        const TomlEntry* first = nullptr;
        for (const TomlEntry& entry : table_.entries()) {
            if (kind_at(entry.key) == nullptr) { continue; }
            if (first != nullptr) {
                report(diagnostics::kSeveralChecks, path_, entry,
                       {quoted(first->key), quoted(entry.key)});
                return first;
            }
            first = &entry;
        }
        return first;
    }

    /// What stands in `table`, and belongs to checks of other kinds.
    void report_other_parts(const KindOfCheck& kind, std::span<const Part> parts,
                            const TomlTable& table, const std::string& path) {
        const bool has_port = kind.kind == Tcp || kind.kind == Tls;
        for (const Part& part : parts) {
            const TomlEntry* entry = table.find(part.key);
            if (entry == nullptr || has_part(kind, parts, part.key)) { continue; }
            const std::string port = "the value of `" + std::string(kind.key) + "` is the port";
            report(diagnostics::kNoEffectBesideCheck, path, *entry,
                   {quoted(part.key), kind.key,
                    part.key == "port" && has_port ? std::string_view(port) : kind.why_no_part});
        }
    }

    void read_state_file(const TomlEntry& asked, StateFile& file) {
        if (const TomlEntry* age = table_.find("max_age")) {
            file.max_age = duration_of(age->value);
        }
        const auto* name = asked.value.get<std::string>();
        if (name == nullptr) { return; }
        auto path = resolve_path({}, *name);
        if (!path) {
            return findings_.report(*path.error(), asked.value.span.at, key_path(path_, asked.key),
                                    {quoted(*name)});
        }
        file.name = std::move(path).value();
    }

    void read_host(const TomlEntry& asked, const HostRequirement& required, HealthCheck& check) {
        const std::string key = key_path(path_, "host");
        if (const std::string* text = table_.text("host")) {
            const KeyPosition where{table_.find("host")->value.span.at, key};
            check.host = read_probed_host(*text, where, findings_).value_or("");
        } else if (!required.why.empty() && table_.find("host") == nullptr) {
            findings_.report(diagnostics::kHostWanted, asked.value.span.at, key,
                             {required.why, "host = " + quoted(required.likely)});
        }
    }

    const TomlTable& table_;
    const std::string& path_;
    Findings& findings_;
};

}  // namespace

bool belongs_to_a_check(std::string_view key) {
    return kind_at(key) != nullptr || is_part(key);
}

std::optional<WrittenCheck> read_check(const TomlTable& table, const std::string& path,
                                       const HostRequirement& host, Findings& findings) {
    return CheckReader(table, path, findings).read(host);
}

void report_parts(const TomlTable& table, const std::string& path, Findings& findings) {
    for (const TomlEntry& entry : table.entries()) {
        if (!is_part(entry.key)) { continue; }
        findings.report(diagnostics::kPartOfNoCheck, entry.key_span.at, key_path(path, entry.key),
                        {quoted(entry.key)});
    }
}

}  // namespace meridian::zones
