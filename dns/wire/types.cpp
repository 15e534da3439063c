// Translates between the numbers of the DNS and their mnemonics.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace meridian::dns {
namespace {

struct TypeRow {
    std::uint16_t number;
    std::string_view mnemonic;
};

// IANA "Resource Record (RR) TYPEs", by number; a type without a row is written like TYPE54.
constexpr std::array kTypes{
    TypeRow{1, "A"},          TypeRow{2, "NS"},        TypeRow{3, "MD"},
    TypeRow{4, "MF"},         TypeRow{5, "CNAME"},     TypeRow{6, "SOA"},
    TypeRow{7, "MB"},         TypeRow{8, "MG"},        TypeRow{9, "MR"},
    TypeRow{10, "NULL"},      TypeRow{11, "WKS"},      TypeRow{12, "PTR"},
    TypeRow{13, "HINFO"},     TypeRow{14, "MINFO"},    TypeRow{15, "MX"},
    TypeRow{16, "TXT"},       TypeRow{17, "RP"},       TypeRow{18, "AFSDB"},
    TypeRow{19, "X25"},       TypeRow{20, "ISDN"},     TypeRow{21, "RT"},
    TypeRow{22, "NSAP"},      TypeRow{23, "NSAP-PTR"}, TypeRow{24, "SIG"},
    TypeRow{25, "KEY"},       TypeRow{26, "PX"},       TypeRow{27, "GPOS"},
    TypeRow{28, "AAAA"},      TypeRow{29, "LOC"},      TypeRow{30, "NXT"},
    TypeRow{31, "EID"},       TypeRow{32, "NIMLOC"},   TypeRow{33, "SRV"},
    TypeRow{34, "ATMA"},      TypeRow{35, "NAPTR"},    TypeRow{36, "KX"},
    TypeRow{37, "CERT"},      TypeRow{38, "A6"},       TypeRow{39, "DNAME"},
    TypeRow{40, "SINK"},      TypeRow{41, "OPT"},      TypeRow{42, "APL"},
    TypeRow{43, "DS"},        TypeRow{44, "SSHFP"},    TypeRow{45, "IPSECKEY"},
    TypeRow{46, "RRSIG"},     TypeRow{47, "NSEC"},     TypeRow{48, "DNSKEY"},
    TypeRow{49, "DHCID"},     TypeRow{50, "NSEC3"},    TypeRow{51, "NSEC3PARAM"},
    TypeRow{52, "TLSA"},      TypeRow{53, "SMIMEA"},   TypeRow{55, "HIP"},
    TypeRow{56, "NINFO"},     TypeRow{57, "RKEY"},     TypeRow{58, "TALINK"},
    TypeRow{59, "CDS"},       TypeRow{60, "CDNSKEY"},  TypeRow{61, "OPENPGPKEY"},
    TypeRow{62, "CSYNC"},     TypeRow{63, "ZONEMD"},   TypeRow{64, "SVCB"},
    TypeRow{65, "HTTPS"},     TypeRow{66, "DSYNC"},    TypeRow{67, "HHIT"},
    TypeRow{68, "BRID"},      TypeRow{99, "SPF"},      TypeRow{100, "UINFO"},
    TypeRow{101, "UID"},      TypeRow{102, "GID"},     TypeRow{103, "UNSPEC"},
    TypeRow{104, "NID"},      TypeRow{105, "L32"},     TypeRow{106, "L64"},
    TypeRow{107, "LP"},       TypeRow{108, "EUI48"},   TypeRow{109, "EUI64"},
    TypeRow{128, "NXNAME"},   TypeRow{249, "TKEY"},    TypeRow{250, "TSIG"},
    TypeRow{251, "IXFR"},     TypeRow{252, "AXFR"},    TypeRow{253, "MAILB"},
    TypeRow{254, "MAILA"},    TypeRow{255, "ANY"},     TypeRow{256, "URI"},
    TypeRow{257, "CAA"},      TypeRow{258, "AVC"},     TypeRow{259, "DOA"},
    TypeRow{260, "AMTRELAY"}, TypeRow{261, "RESINFO"}, TypeRow{262, "WALLET"},
    TypeRow{263, "CLA"},      TypeRow{264, "IPN"},     TypeRow{32768, "TA"},
    TypeRow{32769, "DLV"},
};

constexpr char upper_cased(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - ('a' - 'A')) : letter;
}

/// Compares without regard to case; `upper` is in upper case already.
bool spells(std::string_view text, std::string_view upper) {
    return std::equal(text.begin(), text.end(), upper.begin(), upper.end(),
                      [](char left, char right) { return upper_cased(left) == right; });
}

/// Reads RFC 3597 §5's "TYPE" and number. Accepts leading zeros in up to five digits; the RFC does
/// not mention them.
std::optional<Type> generic_type(std::string_view text) {
    constexpr std::string_view kPrefix = "TYPE";
    constexpr std::size_t kMaxDigits = 5;
    if (text.size() <= kPrefix.size() || text.size() > kPrefix.size() + kMaxDigits ||
        !spells(text.substr(0, kPrefix.size()), kPrefix)) {
        return {};
    }
    const std::string_view digits = text.substr(kPrefix.size());
    std::uint16_t number = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 10);
    if (error != std::errc{} || end != digits.data() + digits.size()) { return {}; }
    return static_cast<Type>(number);
}

}  // namespace

std::optional<Type> type_from_text(std::string_view text) {
    const auto row = std::find_if(kTypes.begin(), kTypes.end(), [text](const TypeRow& candidate) {
        return spells(text, candidate.mnemonic);
    });
    if (row != kTypes.end()) { return static_cast<Type>(row->number); }
    return generic_type(text);
}

std::string type_to_text(Type type) {
    const auto number = static_cast<std::uint16_t>(type);
    const auto row = std::lower_bound(
        kTypes.begin(), kTypes.end(), number,
        [](const TypeRow& left, std::uint16_t right) { return left.number < right; });
    if (row != kTypes.end() && row->number == number) { return std::string(row->mnemonic); }
    return "TYPE" + std::to_string(number);
}

std::string rcode_to_text(Rcode rcode) {
    switch (rcode) {
        case Rcode::NoError:
            return "NOERROR";
        case Rcode::FormErr:
            return "FORMERR";
        case Rcode::ServFail:
            return "SERVFAIL";
        case Rcode::NXDomain:
            return "NXDOMAIN";
        case Rcode::NotImp:
            return "NOTIMP";
        case Rcode::Refused:
            return "REFUSED";
        case Rcode::YXDomain:
            return "YXDOMAIN";
        case Rcode::BadVers:
            return "BADVERS";
    }
    return "RCODE" + std::to_string(static_cast<unsigned>(rcode));
}

}  // namespace meridian::dns
