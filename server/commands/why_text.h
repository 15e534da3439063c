// Tells why a client gets an answer, in lines for people.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/runtime/explanation.h"

namespace meridian::server {

/// Where it differs from the files comes first. Colours are ANSI; nothing else steers a terminal.
std::string why_text(const Explanation& explanation, bool colour);

}  // namespace meridian::server
