// Says what an error of the system means for a probe.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "server/probing/check_result.h"

namespace meridian::server {

/// Whether the error is this server's alone: no descriptor, no memory. It says nothing of the
/// address.
bool is_own_shortage(int error);
std::string own_shortage_text(int error);

/// The failure that an `errno` stands for. `phase` is where it came, in words; `replied` says
/// whether a reply had begun.
CheckResult failure_of(int error, std::string_view phase, bool replied);

}  // namespace meridian::server
