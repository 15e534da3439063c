// Reads the names of hosts that checks send to a server.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"
#include "zones/language/records/zone_names.h"

namespace meridian::zones {

/// The host as a Host header and SNI have it: in small letters, without a final dot; or an address.
/// None after a diagnostic. Warns of one label, which may be meant relative to the zone.
std::optional<std::string> read_probed_host(std::string_view text, const KeyPosition& where,
                                            Findings& findings);

/// The same for a name of a zone; none where no host can be called so.
std::optional<std::string> probed_host_of(const dns::Name& name);

}  // namespace meridian::zones
