// Tells in lines what a load changed.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "server/runtime/load_change.h"

namespace meridian::server {

/// "added new.example. (serial 5)", "changed a.example. (serial 7, was 6)", "removed ...", "geo
/// database ...": a line for each, without its end; the first zones of many, with the count of the
/// others. Empty where nothing has changed.
std::vector<std::string> change_lines(const LoadChange& change);

/// "server.listen has changed; the server needs a restart for it"; empty where no key waits.
std::string restart_text(const std::vector<std::string>& keys);

}  // namespace meridian::server
