// Writes names, keys, records and positions of a zone as its operator would.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/zone_words.h"

#include "meridian/dns/wire/ascii_case.h"

namespace meridian::zones {

std::string relative_text(const dns::Name& name, const dns::Name& apex) {
    std::string whole = name.to_text();
    if (name == apex) { return "@"; }
    if (!name.is_at_or_below(apex) || apex.is_root()) { return whole; }
    // The letters of the name may differ from the apex's in case, so only the length counts.
    return whole.substr(0, whole.size() - apex.to_text().size() - 1);
}

const std::string& file_of(const Zone& zone, TextPosition position) {
    return position.file == 0 ? zone.file : zone.other_files.at(position.file - 1).path;
}

std::string line_of(TextPosition position) {
    return "line " + std::to_string(position.line);
}

std::string line_of(const Zone& zone, TextPosition position, TextPosition seen_from) {
    std::string text = "line " + std::to_string(position.line);
    if (position.file != seen_from.file) { text += " of " + file_of(zone, position); }
    return text;
}

std::string key_of(const Zone& zone, const dns::Name& name) {
    return key_path("records", relative_text(name, zone.apex));
}

std::string key_of(const Zone& zone, const dns::Name& name, dns::Type type) {
    return key_path(key_of(zone, name), dns::lower_cased(dns::type_to_text(type)));
}

std::string address_record(const Zone& zone, const dns::Name& name, TextPosition at) {
    if (at.file != 0) { return name.to_text() + " A 192.0.2.53"; }
    return key_path("", relative_text(name, zone.apex)) + ".a = \"192.0.2.53\"";
}

}  // namespace meridian::zones
