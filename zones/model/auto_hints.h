// Keeps hints of HTTPS records that are written `auto`: the addresses of the same answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "meridian/dns/rdata.h"

namespace meridian::zones {

constexpr std::uint16_t kIpv4HintKey = 4;  // RFC 9460 §14.3.2
constexpr std::uint16_t kIpv6HintKey = 6;

/// Which hints of a record are written `auto`. In RDATA such a hint has no octets, as no other one
/// can: a list of hints holds one at least (RFC 9460 §7.3).
struct AutoHints {
    bool has_v4 = false;
    bool has_v6 = false;

    [[nodiscard]] bool any() const { return has_v4 || has_v6; }
};

/// Takes `ipv4hint=auto` and `ipv6hint=auto` out of the text of a record, each once: blanks stand
/// in their place.
AutoHints take_auto_hints(std::string& text);

/// The data of an HTTPS record with these hints. Expects one that has none.
dns::Rdata with_auto_hints(const dns::Rdata& rdata, AutoHints hints);

/// Those of an HTTPS record.
AutoHints auto_hints_of(const dns::Rdata& rdata);

}  // namespace meridian::zones
