// Reads the names that an operator writes in a zone file, those of other scripts included.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// The host of a web address, such as "https://HOST/PATH"; none for any other text.
std::optional<std::string> host_of_web_address(std::string_view text);

/// "xn--mnchen-3ya.example" for "münchen.example" (IDNA 2008, RFC 5891 §5). Labels in ASCII stay as
/// they are. None for what no label may be.
std::optional<std::string> to_a_labels(std::string_view name);

/// Where a name stands, and its key: for diagnostics.
struct KeyPosition {
    TextPosition at;
    std::string key;
};

/// Reports several names in one string, where the name of one host or zone is wanted. False where
/// the string is one name.
bool report_several_names(std::string_view text, const KeyPosition& where, Findings& findings);
/// The same for names that have a dot each, as zones do; "exam ple.org" is one name.
bool report_several_zones(std::string_view text, const KeyPosition& where, Findings& findings);

/// Reads a name that is absolute with and without a final dot, such as that of the zone. None after
/// a diagnostic; likewise below.
std::optional<dns::Name> read_absolute_name(std::string_view text, const KeyPosition& where,
                                            Findings& findings);

/// Reads a name that is relative to `apex` unless a dot ends it; "@" is the apex. Warns of one that
/// repeats the apex: "www.beigel.example" without a dot is www.beigel.example.beigel.example.
std::optional<dns::Name> read_name(std::string_view text, const dns::Name& apex,
                                   const KeyPosition& where, Findings& findings);

/// As `read_name`, but without that warning: whether the name lacks a dot is decided together with
/// its addresses.
std::optional<dns::Name> read_nameserver(std::string_view text, const dns::Name& apex,
                                         const KeyPosition& where, Findings& findings);

/// As `read_name`; a name outside of the zone is an error.
std::optional<dns::Name> read_owner_name(std::string_view text, const dns::Name& apex,
                                         const KeyPosition& where, Findings& findings);

/// The mailbox name of "hostmaster@beigel.example" (RFC 1035 §8): dots in front of the "@" are
/// escaped.
std::optional<dns::Name> read_mailbox(std::string_view text, const KeyPosition& where,
                                      Findings& findings);

}  // namespace meridian::zones
