// Writes names, keys, records and positions of a zone as its operator would.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// `name` relative to `apex`: "@" for the apex itself, with the final dot outside the zone.
std::string relative_text(const dns::Name& name, const dns::Name& apex);

/// The file that `position` is in.
const std::string& file_of(const Zone& zone, TextPosition position);

/// "line 12"
std::string line_of(TextPosition position);

/// "line 12", and " of FILE" when `seen_from` is in another file.
std::string line_of(const Zone& zone, TextPosition position, TextPosition seen_from);

/// `records.www`
std::string key_of(const Zone& zone, const dns::Name& name);
/// `records.www.mx`
std::string key_of(const Zone& zone, const dns::Name& name, dns::Type type);

/// A record for the operator to write, in the language of the file that `at` is in.
std::string address_record(const Zone& zone, const dns::Name& name, TextPosition at);

}  // namespace meridian::zones
