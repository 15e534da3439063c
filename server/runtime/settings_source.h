// Reads meridian.toml again while the server runs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "server/runtime/settings.h"

namespace meridian::server {

/// The settings in use. A change of directories, databases, log level, watching or the bound of
/// checks takes effect at once. What is bound or opened at the start stays until the next start.
/// For the control thread.
class SettingsSource {
public:
    /// As they were read at the start.
    explicit SettingsSource(Settings settings);

    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// Whether the file has changed since it was read last.
    [[nodiscard]] bool has_changed() const;

    /// Reads the file if it has changed. Returns diagnostics: errors, with which nothing changes,
    /// and warnings of keys whose change waits for the next start.
    zones::Diagnostics read_if_changed();

    /// The errors of the file as it was read last. Each reload reports them again, like the errors
    /// of zones, until they are mended.
    [[nodiscard]] const zones::Diagnostics& errors() const { return errors_; }
    /// Keys whose change waits for the next start, such as "server.listen".
    [[nodiscard]] const std::vector<std::string>& needs_restart() const { return needs_restart_; }

private:
    void take(Settings next, zones::Diagnostics& diagnostics);

    Settings settings_;
    std::string file_state_;
    zones::Diagnostics errors_;
    std::vector<std::string> needs_restart_;
};

}  // namespace meridian::server
