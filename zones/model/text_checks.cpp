// Checks the texts that mail servers look for under a name.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/text_checks.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "meridian/dns/wire/ascii_case.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

/// Texts of which a name has one, and where that is said.
struct MailText {
    std::string_view version;
    std::string_view source;
};
constexpr std::array<MailText, 5> kMailTexts{{
    {"v=spf1", "RFC 7208 §4.5"},
    {"v=DMARC1", "RFC 7489 §6.6.3"},
    {"v=DKIM1", "RFC 6376 §3.6.2.2"},
    {"v=STSv1", "RFC 8461 §3.1"},
    {"v=TLSRPTv1", "RFC 8460 §3"},
}};

/// The kind of text with which a TXT record begins; null for any other text.
const MailText* mail_text_of(const dns::Rdata& rdata) {
    if (rdata.size() < 2) { return nullptr; }
    const std::string text = dns::lower_cased(std::string(rdata.begin() + 1, rdata.end()));
    const auto* const found = std::ranges::find_if(kMailTexts, [&](const MailText& kind) {
        const std::size_t octets = kind.version.size();
        const bool ends = text.size() == octets || text[octets] == ' ' || text[octets] == ';';
        return text.starts_with(dns::lower_cased(kind.version)) && (ends || rdata[0] == octets);
    });
    return found == kMailTexts.end() ? nullptr : found;
}

}  // namespace

void check_texts(const Zone& zone, const Owner& owner, const OwnedSet& set,
                 const WrittenPositions& positions, Findings& findings) {
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < set.records.records.size(); ++i) {
        const MailText* const kind = mail_text_of(set.records.records[i]);
        if (kind == nullptr || seen.insert(kind->version).second) { continue; }
        findings.report(diagnostics::kTextOfMailTwice, positions.of(set, i),
                        key_of(zone, owner.name, dns::Type::TXT),
                        {quoted(kind->version), kind->source});
    }
}

}  // namespace meridian::zones
