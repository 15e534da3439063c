// Recognises names that were meant to be something else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "meridian/dns/name.h"

namespace meridian::zones {

/// The address that the operator wrote in place of a name: the whole name, or its part in front of
/// `apex`, which is appended to names without a final dot. None for names of in-addr.arpa.
std::optional<std::string> address_named_by(const dns::Name& name, const dns::Name& apex);

/// Whether a name of one label, such as "mail.", was likely meant to lie in the zone.
bool is_below_root(const dns::Name& name, const dns::Name& apex);

/// The name as it would be without its final dot; expects one label.
std::string below(const dns::Name& name, const dns::Name& apex);

/// Whether a name of the zone seems to be an absolute name without its final dot, such as
/// `mx.example.com` in beigel.example. Recognises only endings that operators do not use for hosts
/// of their own, since a wrong guess would be a false alarm.
bool seems_absolute(const dns::Name& name, const dns::Name& apex);

/// Whether the apex stands twice at the end of `name`, as it does where a final dot was forgotten.
bool repeats_apex(const dns::Name& name, const dns::Name& apex);

/// Whether the zone maps addresses to names (RFC 1035 §3.5, RFC 3596 §2.5).
bool is_reverse_zone(const dns::Name& apex);

}  // namespace meridian::zones
