// Judges zones that are signed, whose signatures are not served yet.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/sources/last_good.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

/// What was served before a file was read anew.
struct ServedBefore {
    const LoadedFile* running = nullptr;  ///< The version of the file in use; null for none.
    const KeptFile* kept = nullptr;       ///< What the state directory has of it; likewise.
    const SerialStore& serials;
};

/// A zone with RRSIG at its apex is answered without signatures, which resolvers that validate take
/// for forged. So it is an error and `loading` has no zones then, unless such a zone was served
/// before: nobody loses a zone for that, and it is a warning.
void judge_signatures(ZoneLoading& loading, const ServedBefore& before);

}  // namespace meridian::server
