// Recognises names that were meant to be something else.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "meridian/dns/name.h"

namespace meridian::zones {

/// The address that somebody wrote where a name belongs: the whole name is one, or what stands in
/// front of `apex`, with which a name without a final dot goes on. None for names of in-addr.arpa.
std::optional<std::string> address_named_by(const dns::Name& name, const dns::Name& apex);

/// Whether a name of the zone seems to be one of the world whose final dot was forgotten, such as
/// `mx.example.com` in beigel.example. Only endings that nobody gives to hosts of their own are
/// known: a wrong guess would be a false alarm.
bool seems_absolute(const dns::Name& name, const dns::Name& apex);

/// Whether the apex stands twice at the end of `name`, as it does where a final dot was forgotten.
bool repeats_apex(const dns::Name& name, const dns::Name& apex);

/// Whether a zone says whose addresses are (RFC 1035 §3.5, RFC 3596 §2.5).
bool is_reverse_zone(const dns::Name& apex);

}  // namespace meridian::zones
