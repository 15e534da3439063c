// Looks whether a server could start with its settings on this machine, without starting one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/zones/diagnostic.h"
#include "server/runtime/settings.h"

namespace meridian::server {

constexpr std::string_view kSettingsName = "meridian.toml";

/// Whether a file holds settings and no zone: by its name, or by its tables.
bool is_settings_file(const std::string& path);

/// What a start would stumble over besides the data: addresses that the machine does not have,
/// ports that another program has, a user that is not there, a log that has no place. Nothing is
/// written, and each socket that is bound is closed at once.
zones::Diagnostics check_start(const Settings& settings);

}  // namespace meridian::server
