// Lists every fault of RDATA that is reported: what is wrong, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/dns/rdata.h"

namespace meridian::dns {

/// A way in which RDATA is wrong.
struct RdataFault {
    std::string_view code;       ///< Stable, for scripts and editors: "number-too-large".
    std::string_view text;       ///< What is wrong, in plain words; values replace each `{}`.
    std::string_view hint = {};  ///< Empty where the fields of the type are the best hint; its
                                 ///< values follow those of `text`.
};

/// The error that `fault` makes of the text at `column`. Expects one value for each `{}` of the
/// fault.
RdataError refused(const RdataFault& fault, std::size_t column,
                   std::initializer_list<std::string_view> values = {});

/// The fault of a text that is no domain name.
const RdataFault& name_fault(NameError error);

}  // namespace meridian::dns

/// One row a fault, grouped by subject. A row's code never changes after a release, and differs
/// from every code of zones/model/diagnostic_kinds.h. The first `{}` is the name of the field,
/// unless a comment says otherwise. Each row has a case in tests/zones/bad_zones.txt or beside it.
namespace meridian::dns::faults {

// Texts around the reason of another fault, whose code is reported.
inline constexpr std::string_view kNoDataOf = "the data is no {}: {}";
inline constexpr std::string_view kParametersFaulty = "{} hold an error: {}";
inline constexpr std::string_view kNoName = "{} {} is no domain name: {}";

inline constexpr std::string_view kGenericHint =
    "expected \\# LENGTH HEX, such as '\\# 4 c0000201'";  // RFC 3597 §5

// Words, quotes and escapes.
inline constexpr RdataFault kControlInData{"control-in-data",
                                           "a control character must be written as \\DDD"};
inline constexpr RdataFault kQuoteUnended{"quote-unended", "the quote that opens here does not end",
                                          "expected a closing \""};
inline constexpr RdataFault kSpaceAfterQuote{"space-after-quote",
                                             "a space is missing behind the closing quote"};
inline constexpr RdataFault kQuoteInWord{"quote-in-word", "a quote stands inside a word",
                                         "expected \\\" for the quote itself"};
inline constexpr RdataFault kStringsAdjoin{
    "strings-adjoin", "a new string begins here, because quotes separate words",
    "put a space between two strings, or write \\\" for a quotation mark within one"};
inline constexpr RdataFault kParenthesesInData{
    "parentheses-in-data", "parentheses only join lines in master files; leave them out"};
inline constexpr RdataFault kCommentInData{
    "comment-in-data", "\";\" would begin a comment in a master file",
    "expected quotes around the text, or \\; for the character itself"};
inline constexpr RdataFault kBackslashAtEnd{"backslash-at-end", "nothing follows the backslash",
                                            "expected \\DDD or \\X"};
inline constexpr RdataFault kEscapeNotDecimal{"escape-not-decimal",
                                              "a backslash and a digit need three digits up to 255",
                                              "expected \\DDD or \\X"};
inline constexpr RdataFault kFieldMissing{"field-missing", "{} is missing"};
inline constexpr RdataFault kFieldQuoted{"field-quoted", "{} takes no quotes"};

// The data as a whole.
inline constexpr RdataFault kNoDataType{"no-data-type",
                                        "{} is no type of data; it only occurs in messages"};
inline constexpr RdataFault kNoTextForm{"no-text-form", "{} has no text form here", kGenericHint};
inline constexpr RdataFault kBehindData{"behind-data", "nothing may stand behind {}"};
inline constexpr RdataFault kDataTextTooLong{"data-text-too-long", "the text is over 1 MiB"};
inline constexpr RdataFault kDataTooLong{"data-too-long",
                                         "the data has {} octets; a record holds 65535"};
inline constexpr RdataFault kTextTooLong{"text-too-long",
                                         "the text has {} octets; a record holds 65279 of them"};
inline constexpr RdataFault kLengthDiffers{"length-differs",
                                           "the length says {} octets and {} follow", kGenericHint};
inline constexpr RdataFault kOctetsLeft{"octets-left", "octets are left behind {}"};

// Fields that are too short or too long.
inline constexpr RdataFault kFieldCut{"field-cut", "{} is cut short"};
inline constexpr RdataFault kFieldMissingOrCut{"field-missing-or-cut",
                                               "{} is missing or cut short"};
inline constexpr RdataFault kFieldTooLong{"field-too-long", "{} is too long"};
inline constexpr RdataFault kOver255Octets{"over-255-octets", "{} is over 255 octets"};

// Names, as the reason in kNoName. Names that own records have the same reasons.
inline constexpr RdataFault kNameEmpty{"name-empty", "the name is empty"};
inline constexpr RdataFault kLabelEmpty{
    "label-empty", "a label is empty (two dots side by side, or one in front)"};
inline constexpr RdataFault kLabelTooLong{"label-too-long", "a label is longer than 63 octets"};
inline constexpr RdataFault kNameTooLong{"name-too-long", "the name is longer than 255 octets"};
inline constexpr RdataFault kNameEscape{
    "name-escape", "a backslash needs a character or three digits of at most 255 behind it"};
inline constexpr RdataFault kNameSpace{"name-space",
                                       "the name holds a space; write \\032 for a space"};
inline constexpr RdataFault kNameNotAscii{"name-not-ascii",
                                          "the name holds a character that is not printable ASCII"};
inline constexpr RdataFault kNameBroken{"name-broken", "{} hold a broken name"};

// Numbers and times. The second value is the text of the zone.
inline constexpr RdataFault kNoWholeNumber{"no-whole-number",
                                           "{} {} is not a whole number from 0 to {}"};
inline constexpr RdataFault kNumberTooLarge{"number-too-large", "{} {} is over {}"};
inline constexpr RdataFault kNoPeriod{
    "no-period", "{} {} is no time",
    "expected seconds, or numbers with s, m, h, d or w, such as \"1h30m\""};
inline constexpr RdataFault kPeriodTooLong{"period-too-long", "{} {} is over {} seconds"};
inline constexpr RdataFault kNoTime{"no-time", "{} {} is no time between 1970 and 2106",
                                    "expected YYYYMMDDHHMMSS"};
inline constexpr RdataFault kUnknownMnemonic{"unknown-mnemonic", "{} {} is unknown",
                                             "expected a number from 0 to {}, or a mnemonic"};
inline constexpr RdataFault kNoDecimal{"no-decimal", "{} is no decimal number"};
inline constexpr RdataFault kDegreesTooLarge{"degrees-too-large", "{} is over 180"};

// Types. The value is the text of the zone.
inline constexpr RdataFault kNoRecordType{"no-record-type", "{} is no RR type",
                                          "expected a type such as A, or TYPE65280"};
inline constexpr RdataFault kNoListedType{"no-listed-type", "{} is no type of data",
                                          "expected types such as A, or TYPE65280"};
inline constexpr RdataFault kNoTypeBitmap{"no-type-bitmap", "{} are no type bitmap"};
inline constexpr RdataFault kTypeBitmapOrder{"type-bitmap-order",
                                             "{} have windows that do not rise"};

// Strings.
inline constexpr RdataFault kStringTooLong{
    "string-too-long", "{} has {} octets; a string holds at most 255",
    "expected several strings, each in quotes, where the type allows it"};
inline constexpr RdataFault kStringSplit{
    "string-split", "{} of {} octets is served as several strings, since one holds at most 255",
    "clients join them again; write several strings to choose where each ends"};
inline constexpr RdataFault kSeveralWords{"several-words", "{} is more than one word",
                                          "expected quotes around it"};
inline constexpr RdataFault kNoDigit{"no-digit", "{} holds something that is no digit"};
inline constexpr RdataFault kNoTag{"no-tag", "{} must be letters and digits"};

// Octets as digits.
inline constexpr RdataFault kNoHex{"no-hex", "{} is not hexadecimal",
                                   "expected digits 0-9 and a-f"};
inline constexpr RdataFault kOddHex{"odd-hex", "{} has an odd number of hexadecimal digits ({})",
                                    "expected two digits for each octet"};
inline constexpr RdataFault kNoBase64{
    "no-base64", "{} is not base64",
    "expected base64 of a whole number of octets, padded with \"=\""};
inline constexpr RdataFault kNoBase32Hex{
    "no-base32hex", "{} is not base32hex without padding",
    "expected digits and a to v, as RFC 4648 section 7 has them"};
inline constexpr RdataFault kHashEmpty{"hash-empty", "{} is empty"};
inline constexpr RdataFault kSaltTooLong{"salt-too-long", "{} has {} octets; at most 255 fit"};
inline constexpr RdataFault kDigestLength{"digest-length", "{} has {} octets; its kind has {}"};
inline constexpr RdataFault kMalformedGroups{
    "malformed-groups", "{} {} is malformed",
    "expected {} groups of hexadecimal digits with '{}' between"};

// Addresses. The second value is the text of the zone.
inline constexpr RdataFault kNoIpv4{"no-ipv4", "{} {} is no IPv4 address",
                                    "expected four numbers up to 255 without leading zeros"};
inline constexpr RdataFault kIpv6NotIpv4{"ipv6-not-ipv4", "{} {} is an IPv6 address",
                                         "expected four numbers up to 255 without leading zeros"};
inline constexpr RdataFault kNoIpv6{"no-ipv6", "{} {} is no IPv6 address",
                                    "expected an address such as 2001:db8::1"};
inline constexpr RdataFault kIpv4NotIpv6{"ipv4-not-ipv6", "{} {} is an IPv4 address",
                                         "expected an address such as 2001:db8::1"};
inline constexpr RdataFault kNoNsap{"no-nsap", "address is no NSAP address",
                                    "expected 0x and an even number of hexadecimal digits"};
inline constexpr RdataFault kNoAtm{
    "no-atm", "address is no ATM address",
    "expected 40 hexadecimal digits with dots between, or \"+\" and digits"};
inline constexpr RdataFault kNoE164{"no-e164", "address is no E.164 number",
                                    "expected \"+\" and up to 15 digits"};
inline constexpr RdataFault kNoAtmNorE164{"no-atm-nor-e164",
                                          "{} is neither 20 octets nor an E.164 number"};

// APL. The value is the text of the zone, or the name of the field.
inline constexpr RdataFault kNoPrefix{"no-prefix", "{} is no address prefix",
                                      "expected [!]1:IPV4/LENGTH or [!]2:IPV6/LENGTH"};
inline constexpr RdataFault kNoPrefixItem{"no-prefix-item",
                                          "{} hold an item that is no address prefix"};
inline constexpr RdataFault kPrefixZeros{"prefix-zeros", "{} end an address in a zero octet"};

// WKS, IPSECKEY, AMTRELAY and HIP.
inline constexpr RdataFault kTooManyPorts{"too-many-ports", "{} are over 65536"};
inline constexpr RdataFault kUnknownGateway{"unknown-gateway", "{} has an unknown type"};
inline constexpr RdataFault kGatewayOfNone{"gateway-of-none", "{} of type 0 must be empty",
                                           "expected \".\""};
inline constexpr RdataFault kHostIdentityEmpty{"host-identity-empty", "{} has an empty hit or key"};

// LOC.
inline constexpr RdataFault kNoWholePart{"no-whole-part", "{} {} is not a number up to {}"};
inline constexpr RdataFault kNoDecimalPart{
    "no-decimal-part", "{} {} is not a number up to {} with at most {} decimals"};
inline constexpr RdataFault kOffTheGlobe{"off-the-globe", "{} is over {} degrees"};
inline constexpr RdataFault kNoHemisphere{"no-hemisphere", "{} needs {} or {} behind it"};
inline constexpr RdataFault kLocationVersion{"location-version", "location version is not 0"};
inline constexpr RdataFault kLocationSize{"location-size",
                                          "a size of LOC has a mantissa or an exponent over 9"};

// SVCB and HTTPS. The first `{}` is the name of the parameter.
inline constexpr RdataFault kUnknownParameter{
    "unknown-parameter", "no parameter is called {}",
    "expected mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, dohpath, ohttp, or "
    "key0 to key65534"};
inline constexpr RdataFault kParameterTwice{"parameter-twice", "{} is given twice",
                                            "expected each parameter once"};
inline constexpr RdataFault kNeedsValue{"needs-value", "{} needs a value"};
inline constexpr RdataFault kTakesNoValue{"takes-no-value", "{} takes no value"};
inline constexpr RdataFault kEmptyItem{"empty-item", "{} has an empty item"};
inline constexpr RdataFault kProtocolTooLong{"protocol-too-long",
                                             "a protocol of {} is longer than 255 octets"};
inline constexpr RdataFault kProtocolCut{"protocol-cut",
                                         "{} holds a protocol that is empty or cut"};
inline constexpr RdataFault kNoHint{"no-hint", "{} is no {} address"};
inline constexpr RdataFault kParameterLength{"parameter-length", "{} has a bad length"};
inline constexpr RdataFault kPortLength{"port-length", "{} is not two octets"};
inline constexpr RdataFault kNoPathTemplate{"no-path-template", "{} is no path with {?dns} in it"};
inline constexpr RdataFault kListedTwice{"listed-twice", "{} lists {} twice"};
inline constexpr RdataFault kListsItself{"lists-itself", "{} must not list itself"};
inline constexpr RdataFault kListOrder{"list-order", "{} does not list its keys in rising order"};
inline constexpr RdataFault kListedMissing{"listed-missing", "{} lists {}, which is not given"};
inline constexpr RdataFault kParameterOrder{
    "parameter-order", "parameters do not stand in rising order of their keys"};
inline constexpr RdataFault kReservedKey{"reserved-key", "{} is reserved"};
inline constexpr RdataFault kAlpnMissing{"alpn-missing", "{} needs alpn beside it"};
inline constexpr RdataFault kAliasParameters{
    "alias-parameters", "priority 0 makes an alias, whose parameters clients ignore",
    "leave them out, or write priority 1 (RFC 9460 §2.4.2)"};

}  // namespace meridian::dns::faults
