// Fuzzes the reader of RDATA text: the first two octets are the type, the rest is the text.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/rdata.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dns/wire/rdata_plain.h"
#include "meridian/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t octets) {
    namespace dns = meridian::dns;
    if (octets < 2) { return 0; }
    const auto type = static_cast<dns::Type>(data[0] << 8 | data[1]);
    const std::string_view text(reinterpret_cast<const char*>(data + 2), octets - 2);
    static const dns::Name origin = *dns::Name::parse_absolute("beigel.example.");

    dns::RdataWarnings warnings;
    if (const auto plain = dns::read_plain_rdata(type, text, origin)) {
        MERIDIAN_ASSERT(*plain == dns::read_rdata_by_fields(type, text, origin, warnings).value());
    }
    const auto rdata = dns::parse_rdata(type, text, origin);
    if (!rdata) {
        MERIDIAN_ASSERT(!rdata.error().text.empty());
        MERIDIAN_ASSERT(rdata.error().column <= text.size());
        return 0;
    }
    MERIDIAN_ASSERT(dns::is_data_type(type));
    MERIDIAN_ASSERT(rdata->size() <= meridian::kMaxRdataOctets);
    (void)dns::target_name(type, *rdata);

    // RDATA that was read can be written, and reading the text again gives the same.
    const std::string written = dns::rdata_to_text(type, *rdata);
    const auto again = dns::parse_rdata(type, written, origin);
    MERIDIAN_ASSERT(again.ok());
    MERIDIAN_ASSERT(dns::rdata_to_text(type, *again) == written);
    return 0;
}
