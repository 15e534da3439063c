// Writes names the way the operator of a zone would.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/relative_name.h"

namespace meridian::zones {

std::string relative_text(const dns::Name& name, const dns::Name& apex) {
    const std::string whole = name.to_text();
    if (name == apex) { return "@"; }
    if (!name.is_at_or_below(apex) || apex.is_root()) { return whole; }
    // Case is kept, so only the length tells where the apex begins.
    return whole.substr(0, whole.size() - apex.to_text().size() - 1);
}

}  // namespace meridian::zones
