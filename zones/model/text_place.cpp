// Says in which of a zone's files something stands.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/text_place.h"

namespace meridian::zones {

const std::string& file_of(const Zone& zone, TextPosition position) {
    return position.file == 0 ? zone.file : zone.other_files.at(position.file - 1).path;
}

std::string place_of(const Zone& zone, TextPosition position, TextPosition seen_from) {
    std::string place = "line " + std::to_string(position.line);
    if (position.file != seen_from.file) { place += " of " + file_of(zone, position); }
    return place;
}

}  // namespace meridian::zones
