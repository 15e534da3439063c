// Reads meridian.toml again while the server runs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

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

private:
    void take(Settings next, zones::Diagnostics& diagnostics);

    Settings settings_;
    std::string stamp_;
};

}  // namespace meridian::server
