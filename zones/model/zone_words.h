// Says keys and records of a zone as its operator would write them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// `records.www`
std::string key_of(const Zone& zone, const dns::Name& name);
/// `records.www.mx`
std::string key_of(const Zone& zone, const dns::Name& name, dns::Type type);

/// A record for the operator to write, in the language of the file that `at` is in.
std::string address_record(const Zone& zone, const dns::Name& name, TextPosition at);

}  // namespace meridian::zones
