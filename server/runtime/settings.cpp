// Reads meridian.toml: how this server is to run.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "server/runtime/listen_address.h"
#include "server/runtime/settings_diagnostics.h"
#include "server/state/file_text.h"
#include "server/state/state_directory.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;
using zones::TomlEntry;
using zones::TomlTable;
using zones::TomlValue;

constexpr std::uint16_t kDefaultPort = 5300;  // needs no privilege; real servers name port 53
constexpr std::array<std::string_view, 2> kUsualPlaces{"meridian.toml",
                                                       "/etc/meridian/meridian.toml"};
constexpr std::array<std::string_view, 4> kLogTargets{"stderr", "stdout", "journal", "syslog"};

/// Warns of keys that have no effect before a later version.
void warn_without_effect(const TomlTable& table, std::span<const zones::KeyRow> rows,
                         std::string_view path, zones::Findings& findings) {
    for (const zones::KeyRow& row : rows) {
        const TomlEntry* entry = table.find(row.key);
        if (entry == nullptr) { continue; }
        std::string key = zones::key_path(path, row.key);
        if (row.status == zones::Status::NoEffectYet) {
            findings.report(diagnostics::kNoEffectYet, entry->key_span.at, std::move(key));
        } else if (const auto* below = entry->value.get<TomlTable>()) {
            warn_without_effect(*below, row.rows, key, findings);
        }
    }
}

/// Takes the values out of a document whose keys have been checked.
class SettingsReader {
public:
    SettingsReader(const zones::TomlDocument& document, zones::Findings& findings,
                   Settings settings)
        : findings_(findings),
          directory_(fs::path(document.file).parent_path()),
          settings_(std::move(settings)) {}

    Settings read(const TomlTable& root) {
        if (const TomlTable* server = root.table("server")) { read_server(*server); }
        if (const TomlTable* geo = root.table("geo")) { read_geo(*geo); }
        if (const TomlTable* control = root.table("control")) { read_control(*control); }
        if (const TomlTable* log = root.table("log")) { read_log(*log); }
        if (const TomlTable* health = root.table("health")) {
            settings_.health = read_check_settings(*health, findings_);
        }
        if (const TomlTable* commands = root.table("commands")) {
            settings_.health.commands = read_commands(*commands, findings_);
        }
        return std::move(settings_);
    }

private:
    std::string resolve(const std::string& path) const {
        return (directory_ / path).lexically_normal().string();
    }

    void read_server(const TomlTable& server) {
        if (const TomlEntry* listen = server.find("listen")) { read_listen(*listen); }
        if (const auto workers = server.integer("workers")) {
            settings_.workers = static_cast<std::size_t>(*workers);
        }
        if (const std::string* zones = server.text("zones")) {
            settings_.zones_directory = resolve(*zones);
            refuse_empty(*server.find("zones"), "server.zones", "the path of a directory");
        }
        if (const auto watch = server.boolean("watch")) { settings_.watch = *watch; }
        if (const std::string* overrides = server.text("overrides")) {
            settings_.overrides_file = resolve(*overrides);
            refuse_empty(*server.find("overrides"), "server.overrides", "the path of a file");
        }
        if (const std::string* clock = server.text("clock")) {
            settings_.trusts_clock = *clock == "trusted";
        }
        if (const std::string* user = server.text("user")) {
            settings_.user = *user;
            refuse_empty(*server.find("user"), "server.user", "the name of a user");
        }
        if (const TomlEntry* state = server.find("state")) { read_state(state->value); }
        if (const TomlEntry* buffer = server.find("receive_buffer")) {
            if (const auto octets = zones::octets_of(buffer->value); octets && *octets > 0) {
                settings_.receive_buffer_octets = static_cast<std::size_t>(*octets);
            }
        }
    }

    /// An empty path would be the directory of meridian.toml itself.
    void refuse_empty(const TomlEntry& entry, std::string key, std::string_view expected) {
        const auto refuse = [&](const TomlValue& value) {
            const std::string* text = value.get<std::string>();
            if (text == nullptr || !text->empty()) { return; }
            findings_.report(diagnostics::kEmptyText, value.span.at, key, {expected});
        };
        refuse(entry.value);
        const auto* array = entry.value.get<zones::TomlArray>();
        if (array == nullptr) { return; }
        for (const TomlValue& item : array->items) {
            refuse(item);
        }
    }

    void read_state(const TomlValue& value) {
        const std::string* path = value.get<std::string>();
        if (path == nullptr) { return; }
        if (path->empty()) {
            return findings_.report(diagnostics::kNoStateDirectory, value.span.at, "server.state");
        }
        settings_.state_places = state_places(resolve(*path));
    }

    void read_listen(const TomlEntry& entry) {
        settings_.listen.clear();
        settings_.listen_is_default = false;
        const auto* array = entry.value.get<zones::TomlArray>();
        if (array == nullptr) {
            add_endpoint(entry.value);
            return;
        }
        for (const TomlValue& item : array->items) {
            add_endpoint(item);
        }
    }

    void add_endpoint(const TomlValue& value) {
        const std::string* text = value.get<std::string>();
        if (text == nullptr) { return; }  // reported by check_keys
        const auto endpoint = read_endpoint(value, *text, "server.listen");
        if (!endpoint) { return; }
        if (std::ranges::find(settings_.listen, *endpoint) != settings_.listen.end()) {
            findings_.report(diagnostics::kEndpointTwice, value.span.at, "server.listen",
                             {zones::quoted(*text)});
        } else {
            settings_.listen.push_back(*endpoint);
        }
    }

    /// None if the address cannot be served; the reason is reported.
    std::optional<Endpoint> read_endpoint(const TomlValue& value, const std::string& text,
                                          const std::string& key) {
        if (const auto fault = address_fault(text)) {
            findings_.report(diagnostics::kUnusableAddress, value.span.at, key,
                             {zones::quoted(text), fault->what, fault->way_out});
            return {};
        }
        const auto endpoint = parse_endpoint(text);
        if (!endpoint) {
            findings_.report(diagnostics::kNoEndpoint, value.span.at, key, {zones::quoted(text)});
        }
        return endpoint;
    }

    void read_geo(const TomlTable& geo) {
        const std::vector<std::string> databases = geo.texts("database");
        if (databases.empty()) { return; }
        refuse_empty(*geo.find("database"), "geo.database", "the path of a database");
        settings_.databases.clear();
        for (const std::string& database : databases) {
            settings_.databases.push_back(resolve(database));
        }
    }

    void read_control(const TomlTable& control) {
        const TomlEntry* listen = control.find("listen");
        const std::string* text = control.text("listen");
        if (text != nullptr) { (void)read_endpoint(listen->value, *text, "control.listen"); }
        const TomlEntry* group = control.find("group");
        if (const std::string* name = control.text("group")) {
            settings_.control_group = *name;
            settings_.control_group_at = group->value.span.at;
            refuse_empty(*group, "control.group", "the name of a group");
        }
    }

    void read_log(const TomlTable& log) {
        if (const std::string* level = log.text("level")) {
            settings_.log.level = *level == "debug"     ? LogLevel::Debug
                                  : *level == "warning" ? LogLevel::Warning
                                  : *level == "error"   ? LogLevel::Error
                                                        : LogLevel::Info;
        }
        if (const std::string* format = log.text("format")) {
            settings_.log.format = *format == "json" ? LogFormat::Json : LogFormat::Text;
        }
        if (const TomlEntry* to = log.find("to")) { read_log_target(to->value); }
    }

    void read_log_target(const TomlValue& value) {
        const std::string* to = value.get<std::string>();
        if (to == nullptr) { return; }
        if (std::ranges::find(kLogTargets, *to) != kLogTargets.end()) {
            settings_.log.to = *to;
            return;
        }
        // "jurnal" would be a valid file name, but is a misspelt target.
        const std::string_view meant = zones::nearest_spelling(*to, kLogTargets);
        if (to->empty() || (!meant.empty() && to->find_first_of("./") == std::string::npos)) {
            findings_.report(diagnostics::kNoLogTarget, value.span.at, "log.to",
                             {zones::quoted(*to), zones::did_you_mean(*to, kLogTargets),
                              zones::quoted_list(kLogTargets)});
            return;
        }
        settings_.log.to = resolve(*to);
    }

    zones::Findings& findings_;
    fs::path directory_;
    Settings settings_;
};

/// The defaults, with the values of the document in their place. Reports faults to `findings`.
Settings settings_of(const zones::TomlDocument& document, zones::Findings& findings,
                     const ShippedData& shipped) {
    zones::check_keys(document.root, settings_keys(), "", {}, findings);
    warn_without_effect(document.root, settings_keys(), "", findings);
    Settings settings = default_settings(shipped);
    settings.file = document.file;
    settings.zones_directory = (fs::path(document.file).parent_path() / "zones").string();
    return SettingsReader(document, findings, std::move(settings)).read(document.root);
}

/// The settings without the lines that are no TOML, which are removed one by one.
std::optional<Settings> without_bad_lines(const std::string& file, std::string text,
                                          const ShippedData& shipped) {
    constexpr int kMostLines = 32;  // with more, it is no meridian.toml
    for (int i = 0; i < kMostLines; ++i) {
        const auto document = zones::read_toml(file, text);
        if (document) {
            zones::Findings ignored(file, document->lines);
            return settings_of(*document, ignored, shipped);
        }
        const std::uint32_t line = document.error().front().at.line;
        std::size_t begin = 0;
        for (std::uint32_t number = 1; number < line && begin != std::string::npos; ++number) {
            begin = text.find('\n', begin);
            if (begin != std::string::npos) { ++begin; }
        }
        if (line == 0 || begin >= text.size()) { return {}; }
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (begin == end) { return {}; }  // it was emptied before
        text.erase(begin, end - begin);
    }
    return {};
}

SettingsReading failed_to_read(const std::string& file, const std::string& message) {
    return {std::nullopt,
            {zones::diagnostic_of(diagnostics::kUnreadableSettings, file, {}, {}, {message})}};
}

}  // namespace

std::string absolute_path(const std::string& path) {
    if (path.empty()) { return {}; }
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    return error ? path : absolute.lexically_normal().string();
}

Settings default_settings(const ShippedData& shipped) {
    Settings settings;
    settings.listen = {{IpAddress::v4(0x7f000001), kDefaultPort},
                       {IpAddress::v6(0, 1), kDefaultPort}};
    settings.zones_directory = shipped.zones;
    settings.databases = {shipped.world};
    settings.state_places = state_places("");
    return settings;
}

SettingsReading read_settings(const std::string& file, std::string_view text,
                              const ShippedData& shipped) {
    const auto document = zones::read_toml(file, text);
    if (!document) {
        return {std::nullopt, document.error(),
                without_bad_lines(file, std::string(text), shipped)};
    }
    zones::Findings findings(file, document->lines);
    Settings settings = settings_of(*document, findings, shipped);
    if (findings.error_count() > 0) { return {std::nullopt, findings.take(), std::move(settings)}; }
    return {std::move(settings), findings.take()};
}

SettingsReading load_settings(const std::string& config_file) {
    const ShippedData shipped = find_shipped_data();
    std::vector<std::string> places{config_file};
    if (config_file.empty()) { places.assign(kUsualPlaces.begin(), kUsualPlaces.end()); }
    for (const std::string& place : places) {
        const auto file = read_file(place, kMaxTomlFileOctets);
        if (file) { return read_settings(place, file->text, shipped); }
        if (file.error().kind == FileFailure::Missing && config_file.empty()) { continue; }
        return failed_to_read(place, file.error().text);
    }
    return {default_settings(shipped), {}};
}

}  // namespace meridian::server
