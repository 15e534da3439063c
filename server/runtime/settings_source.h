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

/// The settings in use. A change of directories, databases, log level or watching holds at once;
/// what is bound or opened at the start stays as it is until the next one. For the control thread.
class SettingsSource {
public:
    /// As they were read at the start.
    explicit SettingsSource(Settings settings);

    [[nodiscard]] const Settings& settings() const { return settings_; }
    /// Whether the file is another than the one read last.
    [[nodiscard]] bool has_changed() const;

    /// Reads the file if it has changed. Returns what there is to say: of a file with an error,
    /// which changes nothing, and of keys whose change waits for the next start.
    zones::Diagnostics read_if_changed();

    /// What is wrong in the file as it was read last. It is told again by each reload, as the
    /// errors of zones are, until it is mended.
    [[nodiscard]] const zones::Diagnostics& errors() const { return errors_; }
    /// Keys whose change waits for the next start, such as "server.listen".
    [[nodiscard]] const std::vector<std::string>& needs_restart() const { return needs_restart_; }

private:
    void take(Settings next, zones::Diagnostics& diagnostics);

    Settings settings_;
    std::string stamp_;
    zones::Diagnostics errors_;
    std::vector<std::string> needs_restart_;
};

}  // namespace meridian::server
