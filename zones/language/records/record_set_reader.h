// Reads the value of one RRset in any of the forms that the language has.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/wire/record_set.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

struct WrittenSet {
    std::vector<dns::Rdata> records;      ///< Those without a fault.
    std::vector<TextPosition> positions;  ///< Where they stand, when they are an array; else none.
    std::optional<std::uint32_t> ttl_seconds;
};

/// Reads `"10 mail"`, `["10 mail", "20 mail2"]`, `{ ttl = "4h", data = ... }` or `{ rdata = ... }`.
/// Strings of TXT and SPF are the text itself, save in `rdata`. No two records are alike
/// (RFC 2181 §5.2). Expects a data type; `key` and `owner` say what the set is called.
WrittenSet read_record_set(const TomlEntry& entry, dns::Type type, const std::string& key,
                           const dns::Name& owner, const Zone& zone, Findings& findings);

/// The record with its name, which ends it, in lower case: case makes no second record
/// (RFC 4343 §3).
dns::Rdata comparable(dns::Type type, dns::Rdata rdata);
/// Whether two records of a type are one: case in the name that ends them makes no difference.
bool same_record(dns::Type type, const dns::Rdata& left, const dns::Rdata& right);

}  // namespace meridian::zones
