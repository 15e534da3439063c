// Decides how the addresses of each service of a zone are checked.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"
#include "zones/language/zone/table_names.h"

namespace meridian::zones {

/// The tables of a zone that say how addresses are checked.
struct WrittenHealths {
    FoundTable<WrittenHealth> of_zone;  ///< `[health]`; null where there is none.
    std::vector<FoundTable<WrittenService>>
        services;  ///< Those of Zone::services that are written.
};

/// Gives each service that a name is steered to its health: its own, where it has one, with what
/// that inherits; else that of the zone. A check may name one of the `commands`, or any where they
/// are null. Expects a zone with all its records, and tables without an error.
void join_health(const WrittenHealths& written, const CommandNames* commands, Zone& zone,
                 Findings& findings);

/// Checks what can be known of those of a library that is checked alone.
void check_health(const WrittenHealths& written, Zone& zone, Findings& findings);

}  // namespace meridian::zones
