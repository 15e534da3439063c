// Reads meridian.toml: how this server is to run.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/endpoint.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/key_rows.h"
#include "server/runtime/check_settings.h"
#include "server/runtime/log.h"
#include "server/runtime/shipped_data.h"

namespace meridian::server {

/// What meridian.toml said, defaults filled in. Paths are as the process can open them.
struct Settings {
    std::string file;  ///< Empty when there is no meridian.toml.
    std::vector<Endpoint> listen;
    bool listen_is_default = true;
    std::optional<std::size_t> workers;  ///< None: one per core.
    std::string zones_directory;
    bool watch = true;           ///< Edits go live by themselves.
    bool trusts_clock = false;   ///< Whatever the kernel says of it.
    std::string overrides_file;  ///< Drains and forces for several servers; empty: none.
    std::optional<std::string> user;
    std::optional<std::string> control_group;  ///< May use the control socket.
    zones::TextPosition control_group_at = {};
    std::size_t receive_buffer_octets = std::size_t{8} << 20;
    std::vector<std::string> databases;
    std::vector<std::string> state_places;  ///< Where state may be saved, best first.
    LogSettings log;
    CheckSettings health;
};

/// The settings if there is no error, and the diagnostics. Warnings name keys that have no effect
/// yet.
struct SettingsReading {
    std::optional<Settings> settings;
    zones::Diagnostics diagnostics;
    /// Where there are errors: what the file says without the lines that have them. Enough to find
    /// the server that runs with it, never to start one. None where the file cannot be read.
    std::optional<Settings> despite_errors = {};
};

/// The keys of meridian.toml: the rows of its top, with the tables below them.
std::span<const zones::KeyRow> settings_keys();

/// A path of the settings as any process finds it. Empty if `path` is.
std::string absolute_path(const std::string& path);

/// The settings without a meridian.toml.
Settings default_settings(const ShippedData& shipped);

/// Reads the text of the file called `file`. Relative paths in it are relative to its directory.
SettingsReading read_settings(const std::string& file, std::string_view text,
                              const ShippedData& shipped);

/// Reads `config_file`, or where it is empty ./meridian.toml, or /etc/meridian/meridian.toml, or
/// takes the defaults. A file that was asked for and is missing is an error; so is one that is
/// there and cannot be read.
SettingsReading load_settings(const std::string& config_file);

}  // namespace meridian::server
