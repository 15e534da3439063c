// Reads meridian.toml again while the server runs.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings_source.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "server/runtime/settings_diagnostics.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

struct StartKey {
    std::string_view key;
    bool (*is_same)(const Settings&, const Settings&);
};

/// Settings that a running server has bound, opened or become.
constexpr StartKey kStartKeys[] = {
    {"server.listen",
     [](const Settings& a, const Settings& b) {
         return a.listen == b.listen && a.listen_is_default == b.listen_is_default;
     }},
    {"server.workers", [](const Settings& a, const Settings& b) { return a.workers == b.workers; }},
    {"server.user", [](const Settings& a, const Settings& b) { return a.user == b.user; }},
    {"server.receive_buffer",
     [](const Settings& a, const Settings& b) {
         return a.receive_buffer_octets == b.receive_buffer_octets;
     }},
    {"server.clock",
     [](const Settings& a, const Settings& b) { return a.trusts_clock == b.trusts_clock; }},
    {"server.state",
     [](const Settings& a, const Settings& b) { return a.state_places == b.state_places; }},
    {"control.group",
     [](const Settings& a, const Settings& b) { return a.control_group == b.control_group; }},
    {"health.source",
     [](const Settings& a, const Settings& b) {
         return a.health.source_v4 == b.health.source_v4 &&
                a.health.source_v6 == b.health.source_v6;
     }},
    {"health.user_agent",
     [](const Settings& a, const Settings& b) {
         return a.health.user_agent == b.health.user_agent;
     }},
    {"health.self_test",
     [](const Settings& a, const Settings& b) {
         return a.health.self_tests == b.health.self_tests;
     }},
    {"health.on_change",
     [](const Settings& a, const Settings& b) { return a.health.on_change == b.health.on_change; }},
    {"commands",
     [](const Settings& a, const Settings& b) { return a.health.commands == b.health.commands; }},
    {"health.families",
     [](const Settings& a, const Settings& b) { return a.health.families == b.health.families; }},
    {"log.to", [](const Settings& a, const Settings& b) { return a.log.to == b.log.to; }},
    {"log.format",
     [](const Settings& a, const Settings& b) { return a.log.format == b.log.format; }},
};

}  // namespace

SettingsSource::SettingsSource(Settings settings)
    : settings_(std::move(settings)), file_state_(file_state_of(settings_.file)) {}

bool SettingsSource::has_changed() const {
    return !settings_.file.empty() && file_state_of(settings_.file) != file_state_;
}

zones::Diagnostics SettingsSource::read_if_changed() {
    if (!has_changed()) { return {}; }
    file_state_ = file_state_of(settings_.file);
    SettingsReading reading = load_settings(settings_.file);
    errors_.clear();
    std::ranges::copy_if(reading.diagnostics, std::back_inserter(errors_), [](const auto& entry) {
        return entry.severity == zones::Severity::Error;
    });
    if (reading.settings) { take(std::move(*reading.settings), reading.diagnostics); }
    return std::move(reading.diagnostics);
}

void SettingsSource::take(Settings next, zones::Diagnostics& diagnostics) {
    needs_restart_.clear();
    for (const StartKey& row : kStartKeys) {
        if (row.is_same(settings_, next)) { continue; }
        needs_restart_.emplace_back(row.key);
        diagnostics.push_back(zones::diagnostic_of(diagnostics::kNeedsRestart, settings_.file, {},
                                                   std::string(row.key)));
    }
    settings_.zones_directory = std::move(next.zones_directory);
    settings_.databases = std::move(next.databases);
    settings_.watch = next.watch;
    settings_.overrides_file = std::move(next.overrides_file);
    settings_.log.level = next.log.level;
    settings_.health.max_probes = next.health.max_probes;
}

}  // namespace meridian::server
