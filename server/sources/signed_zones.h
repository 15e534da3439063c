// Refuses signed zones, since signatures are not served yet.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/sources/last_good.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

/// What was served before a file was read anew.
struct ServedBefore {
    const LoadedFile* running = nullptr;  ///< The version of the file in use; null for none.
    const SavedFile* saved = nullptr;     ///< What the state directory has of it; likewise.
    const SerialStore& serials;
};

/// Reports an error for a zone with RRSIG at its apex, and `loading` has no zones then: the answers
/// would have no signatures, so validating resolvers would take them for forged. If such a zone was
/// served before, it is still served, with a warning.
void judge_signatures(ZoneLoading& loading, const ServedBefore& before);

}  // namespace meridian::server
