// Says keys and records of a zone as its operator would write them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/zone_words.h"

#include "zones/model/relative_name.h"

namespace meridian::zones {

std::string key_of(const Zone& zone, const dns::Name& name) {
    return key_path("records", relative_text(name, zone.apex));
}

std::string key_of(const Zone& zone, const dns::Name& name, dns::Type type) {
    std::string text = dns::type_to_text(type);
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') { letter = static_cast<char>(letter - 'A' + 'a'); }
    }
    return key_path(key_of(zone, name), text);
}

std::string address_record(const Zone& zone, const dns::Name& name, TextPosition at) {
    if (at.file != 0) { return name.to_text() + " A 192.0.2.53"; }
    return key_path("", relative_text(name, zone.apex)) + ".a = \"192.0.2.53\"";
}

}  // namespace meridian::zones
