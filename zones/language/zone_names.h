// Reads the names that an operator writes in a zone file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// The host of a web address, such as "https://HOST/PATH"; nothing where it is none. No domain name
/// that is meant has "://" in it.
std::optional<std::string> host_of_web_address(std::string_view text);

/// Where a name stands and under which key, for what there is to tell of it.
struct NamePlace {
    TextPosition at;
    std::string key;
};

/// A name that stands for itself whether or not a dot ends it, such as that of the zone.
std::optional<dns::Name> read_absolute_name(std::string_view text, const NamePlace& place,
                                            Findings& findings);

/// A name relative to `apex` unless a dot ends it; "@" is the apex. Warns of one that repeats the
/// apex, since "www.beigel.example" without a dot is www.beigel.example.beigel.example.
std::optional<dns::Name> read_name(std::string_view text, const dns::Name& apex,
                                   const NamePlace& place, Findings& findings);

/// As `read_name`, and inside the zone.
std::optional<dns::Name> read_owner_name(std::string_view text, const dns::Name& apex,
                                         const NamePlace& place, Findings& findings);

/// The mailbox name of "hostmaster@beigel.example" (RFC 1035 §8): dots in front of the "@" are
/// escaped.
std::optional<dns::Name> read_mailbox(std::string_view text, const NamePlace& place,
                                      Findings& findings);

}  // namespace meridian::zones
