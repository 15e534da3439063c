// Reads the names of a zone and the records under them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// Reads `[records]` into `zone`, whose apex, nameservers, TTLs, regions and policies are there.
///
/// An RRset of which some record was at fault keeps the others, so that what refers to it is not
/// told as missing too.
void read_records(const TomlTable& file, Zone& zone, Findings& findings);

}  // namespace meridian::zones
