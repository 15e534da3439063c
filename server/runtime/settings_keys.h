// Lists the keys of meridian.toml.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "meridian/zones/key_rows.h"

namespace meridian::server {

/// The rows of the file's top, tables below them included.
std::span<const zones::KeyRow> settings_keys();

}  // namespace meridian::server
