// Collects changes of a text, and applies them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/text_changes.h"

#include <algorithm>

namespace meridian::zones {

std::string TextChanges::apply(std::string_view text) {
    std::ranges::stable_sort(changes_, {}, &Change::begin);
    std::string result;
    std::size_t done = 0;
    for (const Change& change : changes_) {
        if (change.begin > done) { result += text.substr(done, change.begin - done); }
        result += change.text;
        done = std::max(done, change.end);
    }
    result += text.substr(done);
    changes_.clear();
    return result;
}

}  // namespace meridian::zones
