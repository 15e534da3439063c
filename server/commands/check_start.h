// Looks whether a server could start with its settings on this machine, without starting one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "server/runtime/settings.h"
#include "server/sources/source_look.h"

namespace meridian::server {

constexpr std::string_view kSettingsName = "meridian.toml";

/// Whether a file holds settings and no zone: by its name, or by its tables.
bool is_settings_file(const std::string& path);

/// Reports what would stop or hinder a start by the calling user, besides errors in the data:
/// addresses that the machine does not have, ports that another program has, a missing user, a log
/// or a state directory that is refused, and files of `seen` (those that are served) that
/// `server.user` cannot read. Writes nothing, and closes each socket as soon as it is bound.
zones::Diagnostics check_start(const Settings& settings, const SourceLook& seen);

/// Gives diagnostics of a database, which name no file, a position in meridian.toml: that of the
/// path that they name, or that of the key.
void place_database(const Settings& settings, zones::Diagnostics& diagnostics);

}  // namespace meridian::server
