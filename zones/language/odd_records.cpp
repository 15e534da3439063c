// Recognises records that can be served and were hardly meant so.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/odd_records.h"

#include <string>

#include "meridian/dns/rdata.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

/// The strings of TXT, joined as their readers join them.
std::string text_of(const dns::Rdata& rdata) {
    std::string text;
    for (std::size_t at = 0; at < rdata.size(); at += 1U + rdata[at]) {
        text.append(rdata.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                    rdata.begin() + static_cast<std::ptrdiff_t>(at) + 1 + rdata[at]);
    }
    return text;
}

}  // namespace

const Message* odd_text(dns::Type type, const dns::Rdata& rdata, TextForm form) {
    if (type != dns::Type::TXT && type != dns::Type::SPF) { return nullptr; }
    const std::string text = text_of(rdata);
    if (text.find("\\;") != std::string::npos) { return &messages::kEscapedSemicolon; }
    const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
    // Escaped quotes around plain words may well be meant; around data for machines they are not.
    const bool meant = form == TextForm::Presentation && text.find('=') == std::string::npos;
    return quoted && !meant ? &messages::kOwnQuotes : nullptr;
}

bool holds_host_names(dns::Type type) {
    switch (type) {
        case dns::Type::NS:
        case dns::Type::CNAME:
        case dns::Type::DNAME:
        case dns::Type::MX:
        case dns::Type::SRV:
        case dns::Type::SOA:
            return true;
        default:
            return false;
    }
}

bool has_at_sign_within(std::string_view word) {
    if (word.size() < 2) { return false; }
    for (std::size_t at = word.find('@'); at != std::string_view::npos;
         at = word.find('@', at + 1)) {
        if (at == 0 || word[at - 1] != '\\') { return true; }
    }
    return false;
}

}  // namespace meridian::zones
