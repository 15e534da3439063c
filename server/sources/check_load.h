// Adds up how much the health checks of all zones ask of this server.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/snapshot.h"

namespace meridian::server {

/// Of distinct targets: services that check an address alike have it checked once. A host counts as
/// one address, since how many it has is not known before it is looked up.
struct CheckLoad {
    double checks_per_second = 0;
    double sockets = 0;   ///< At once, while every target hangs until its timeout.
    double commands = 0;  ///< Likewise.
};

CheckLoad check_load_of(const zones::Snapshot& snapshot);

/// An error where that is over `max_probes` a second, or over the sockets, or the processes, that
/// are for checks. Files cost nothing.
/// `directory` has the zone files.
zones::Diagnostics check_load(const zones::Snapshot& snapshot, std::uint32_t max_probes,
                              const std::string& directory);

}  // namespace meridian::server
