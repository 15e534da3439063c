// Reads the value of one RRset in any of the forms that the language has.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/record_set.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/toml_document.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

struct WrittenSet {
    std::vector<dns::Rdata> records;  ///< Those without a fault.
    std::optional<std::uint32_t> ttl_seconds;
};

/// Reads `"10 mail"`, `["10 mail", "20 mail2"]`, `{ ttl = "4h", data = ... }` or `{ rdata = ... }`.
/// Strings of TXT and SPF are the text itself, save in `rdata`. No two records are alike
/// (RFC 2181 §5.2). Expects a data type.
WrittenSet read_record_set(const TomlEntry& entry, dns::Type type, const std::string& key,
                           const Zone& zone, Findings& findings);

/// Whether two records of a type are one: case in the name that ends them makes no difference.
bool same_record(dns::Type type, const dns::Rdata& left, const dns::Rdata& right);

/// In lower case, ASCII only.
std::string lower_cased(std::string_view text);

}  // namespace meridian::zones
