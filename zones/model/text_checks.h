// Checks the texts that mail servers look for under a name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "zones/model/written_positions.h"

namespace meridian::zones {

/// Reports, in a set of TXT of that owner, two texts of which a reader takes one: SPF, DMARC, DKIM
/// and their like.
void check_texts(const Zone& zone, const Owner& owner, const OwnedSet& set,
                 const WrittenPositions& positions, Findings& findings);

}  // namespace meridian::zones
