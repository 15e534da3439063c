// Lists everything that is told of RDATA that is refused: what is wrong, and the way out.
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
struct RdataMessage {
    std::string_view code;       ///< Stable, for scripts and editors: "number-too-large".
    std::string_view text;       ///< What is wrong, in plain words; values replace each `{}`.
    std::string_view hint = {};  ///< Empty where the fields of the type are the best one; values
                                 ///< go on behind those of `text`.
};

/// What `message` says of the text at `column`; `values` are as many as the message has `{}`.
RdataError refused(const RdataMessage& message, std::size_t column,
                   std::initializer_list<std::string_view> values = {});

/// Why a name is none.
const RdataMessage& name_message(NameError error);

}  // namespace meridian::dns

/// One row a message, grouped by what it is about. A row's code stays once it was released, and is
/// no other row's of zones/model/messages.h. The first `{}` is the name of the field, unless the
/// text says what else it is. Each row has a case in tests/zones/bad_zones.txt or beside it.
namespace meridian::dns::messages {

// What stands around a reason, whose code is told.
inline constexpr std::string_view kNoDataOf = "the data is no {}: {}";
inline constexpr std::string_view kParametersFaulty = "{} hold an error: {}";
inline constexpr std::string_view kNoName = "{} {} is no domain name: {}";

inline constexpr std::string_view kGenericHint =
    "expected \\# LENGTH HEX, such as '\\# 4 c0000201'";  // RFC 3597 §5

// Words, quotes and escapes.
inline constexpr RdataMessage kControlInData{"control-in-data",
                                             "a control character must be written as \\DDD"};
inline constexpr RdataMessage kQuoteUnended{
    "quote-unended", "the quote that opens here does not end", "expected a closing \""};
inline constexpr RdataMessage kSpaceAfterQuote{"space-after-quote",
                                               "a space is missing behind the closing quote"};
inline constexpr RdataMessage kQuoteInWord{"quote-in-word", "a quote stands inside a word",
                                           "expected \\\" for the quote itself"};
inline constexpr RdataMessage kParenthesesInData{
    "parentheses-in-data", "parentheses only join lines in master files; leave them out"};
inline constexpr RdataMessage kCommentInData{
    "comment-in-data", "\";\" would begin a comment in a master file",
    "expected quotes around the text, or \\; for the character itself"};
inline constexpr RdataMessage kBackslashAtEnd{"backslash-at-end", "nothing follows the backslash",
                                              "expected \\DDD or \\X"};
inline constexpr RdataMessage kEscapeNotDecimal{
    "escape-not-decimal", "a backslash and a digit need three digits up to 255",
    "expected \\DDD or \\X"};
inline constexpr RdataMessage kFieldMissing{"field-missing", "{} is missing"};
inline constexpr RdataMessage kFieldQuoted{"field-quoted", "{} takes no quotes"};

// The data as a whole.
inline constexpr RdataMessage kNoDataType{"no-data-type",
                                          "{} is no type of data; it only occurs in messages"};
inline constexpr RdataMessage kNoTextForm{"no-text-form", "{} has no text form here", kGenericHint};
inline constexpr RdataMessage kBehindData{"behind-data", "nothing may stand behind {}"};
inline constexpr RdataMessage kDataTextTooLong{"data-text-too-long", "the text is over 1 MiB"};
inline constexpr RdataMessage kDataTooLong{"data-too-long",
                                           "the data has {} octets; a record holds 65535"};
inline constexpr RdataMessage kTextTooLong{"text-too-long",
                                           "the text has {} octets; a record holds 65279 of them"};
inline constexpr RdataMessage kLengthDiffers{
    "length-differs", "the length says {} octets and {} follow", kGenericHint};
inline constexpr RdataMessage kOctetsLeft{"octets-left", "octets are left behind {}"};

// Fields that are too short or too long.
inline constexpr RdataMessage kFieldCut{"field-cut", "{} is cut short"};
inline constexpr RdataMessage kFieldMissingOrCut{"field-missing-or-cut",
                                                 "{} is missing or cut short"};
inline constexpr RdataMessage kFieldTooLong{"field-too-long", "{} is too long"};
inline constexpr RdataMessage kOver255Octets{"over-255-octets", "{} is over 255 octets"};

// Names, behind kNoName; those that own records have the same reasons.
inline constexpr RdataMessage kNameEmpty{"name-empty", "the name is empty"};
inline constexpr RdataMessage kLabelEmpty{
    "label-empty", "a label is empty (two dots side by side, or one in front)"};
inline constexpr RdataMessage kLabelTooLong{"label-too-long", "a label is longer than 63 octets"};
inline constexpr RdataMessage kNameTooLong{"name-too-long", "the name is longer than 255 octets"};
inline constexpr RdataMessage kNameEscape{
    "name-escape", "a backslash needs a character or three digits of at most 255 behind it"};
inline constexpr RdataMessage kNameSpace{"name-space",
                                         "the name holds a space; \\032 is one that is meant"};
inline constexpr RdataMessage kNameNotAscii{
    "name-not-ascii", "the name holds a character that is not printable ASCII"};
inline constexpr RdataMessage kNameBroken{"name-broken", "{} hold a broken name"};

// Numbers and times. The second value is what was written.
inline constexpr RdataMessage kNoWholeNumber{"no-whole-number",
                                             "{} {} is not a whole number from 0 to {}"};
inline constexpr RdataMessage kNumberTooLarge{"number-too-large", "{} {} is over {}"};
inline constexpr RdataMessage kNoPeriod{
    "no-period", "{} {} is no time",
    "expected seconds, or numbers with s, m, h, d or w, such as \"1h30m\""};
inline constexpr RdataMessage kPeriodTooLong{"period-too-long", "{} {} is over {} seconds"};
inline constexpr RdataMessage kNoTime{"no-time", "{} {} is no time between 1970 and 2106",
                                      "expected YYYYMMDDHHMMSS"};
inline constexpr RdataMessage kUnknownMnemonic{"unknown-mnemonic", "{} {} is unknown",
                                               "expected a number from 0 to {}, or a mnemonic"};
inline constexpr RdataMessage kNoDecimal{"no-decimal", "{} is no decimal number"};
inline constexpr RdataMessage kDegreesTooLarge{"degrees-too-large", "{} is over 180"};

// Types. The value is what was written.
inline constexpr RdataMessage kNoRecordType{"no-record-type", "{} is no RR type",
                                            "expected a type such as A, or TYPE65280"};
inline constexpr RdataMessage kNoListedType{"no-listed-type", "{} is no type of data",
                                            "expected types such as A, or TYPE65280"};
inline constexpr RdataMessage kNoTypeBitmap{"no-type-bitmap", "{} are no type bitmap"};
inline constexpr RdataMessage kTypeBitmapOrder{"type-bitmap-order",
                                               "{} have windows that do not rise"};

// Strings.
inline constexpr RdataMessage kStringTooLong{
    "string-too-long", "{} has {} octets; a string holds at most 255",
    "expected several strings, each in quotes, where the type allows it"};
inline constexpr RdataMessage kStringSplit{
    "string-split", "{} of {} octets is served as several strings, since one holds at most 255",
    "clients join them again; write several strings to choose where each ends"};
inline constexpr RdataMessage kSeveralWords{"several-words", "{} is more than one word",
                                            "expected quotes around it"};
inline constexpr RdataMessage kNoDigit{"no-digit", "{} holds something that is no digit"};
inline constexpr RdataMessage kNoTag{"no-tag", "{} must be letters and digits"};

// Octets as digits.
inline constexpr RdataMessage kNoHex{"no-hex", "{} is not hexadecimal",
                                     "expected digits 0-9 and a-f"};
inline constexpr RdataMessage kOddHex{"odd-hex", "{} has an odd number of hexadecimal digits ({})",
                                      "expected two digits for each octet"};
inline constexpr RdataMessage kNoBase64{
    "no-base64", "{} is not base64",
    "expected base64 of a whole number of octets, padded with \"=\""};
inline constexpr RdataMessage kNoBase32Hex{
    "no-base32hex", "{} is not base32hex without padding",
    "expected digits and a to v, as RFC 4648 section 7 has them"};
inline constexpr RdataMessage kHashEmpty{"hash-empty", "{} is empty"};
inline constexpr RdataMessage kSaltTooLong{"salt-too-long", "{} has {} octets; at most 255 fit"};
inline constexpr RdataMessage kDigestLength{"digest-length", "{} has {} octets; its kind has {}"};
inline constexpr RdataMessage kMalformedGroups{
    "malformed-groups", "{} {} is malformed",
    "expected {} groups of hexadecimal digits with '{}' between"};

// Addresses. The second value is what was written.
inline constexpr RdataMessage kNoIpv4{"no-ipv4", "{} {} is no IPv4 address",
                                      "expected four numbers up to 255 without leading zeros"};
inline constexpr RdataMessage kIpv6NotIpv4{"ipv6-not-ipv4", "{} {} is an IPv6 address",
                                           "expected four numbers up to 255 without leading zeros"};
inline constexpr RdataMessage kNoIpv6{"no-ipv6", "{} {} is no IPv6 address",
                                      "expected an address such as 2001:db8::1"};
inline constexpr RdataMessage kIpv4NotIpv6{"ipv4-not-ipv6", "{} {} is an IPv4 address",
                                           "expected an address such as 2001:db8::1"};
inline constexpr RdataMessage kNoNsap{"no-nsap", "address is no NSAP address",
                                      "expected 0x and an even number of hexadecimal digits"};
inline constexpr RdataMessage kNoAtm{
    "no-atm", "address is no ATM address",
    "expected 40 hexadecimal digits with dots between, or \"+\" and digits"};
inline constexpr RdataMessage kNoE164{"no-e164", "address is no E.164 number",
                                      "expected \"+\" and up to 15 digits"};
inline constexpr RdataMessage kNoAtmNorE164{"no-atm-nor-e164",
                                            "{} is neither 20 octets nor an E.164 number"};

// APL. The value is what was written, or the name of the field.
inline constexpr RdataMessage kNoPrefix{"no-prefix", "{} is no address prefix",
                                        "expected [!]1:IPV4/LENGTH or [!]2:IPV6/LENGTH"};
inline constexpr RdataMessage kNoPrefixItem{"no-prefix-item",
                                            "{} hold an item that is no address prefix"};
inline constexpr RdataMessage kPrefixZeros{"prefix-zeros", "{} end an address in a zero octet"};

// WKS, IPSECKEY, AMTRELAY and HIP.
inline constexpr RdataMessage kTooManyPorts{"too-many-ports", "{} are over 65536"};
inline constexpr RdataMessage kUnknownGateway{"unknown-gateway", "{} has an unknown type"};
inline constexpr RdataMessage kGatewayOfNone{"gateway-of-none", "{} of type 0 is none",
                                             "expected \".\""};
inline constexpr RdataMessage kHostIdentityEmpty{"host-identity-empty",
                                                 "{} has an empty hit or key"};

// LOC.
inline constexpr RdataMessage kNoWholePart{"no-whole-part", "{} {} is not a number up to {}"};
inline constexpr RdataMessage kNoDecimalPart{
    "no-decimal-part", "{} {} is not a number up to {} with at most {} decimals"};
inline constexpr RdataMessage kOffTheGlobe{"off-the-globe", "{} is over {} degrees"};
inline constexpr RdataMessage kNoHemisphere{"no-hemisphere", "{} needs {} or {} behind it"};
inline constexpr RdataMessage kLocationVersion{"location-version", "location version is not 0"};
inline constexpr RdataMessage kLocationSize{"location-size",
                                            "a size of LOC has a mantissa or an exponent over 9"};

// SVCB and HTTPS. The first `{}` is the name of the parameter.
inline constexpr RdataMessage kUnknownParameter{
    "unknown-parameter", "no parameter is called {}",
    "expected mandatory, alpn, no-default-alpn, port, ipv4hint, ech, ipv6hint, dohpath, ohttp, or "
    "key0 to key65534"};
inline constexpr RdataMessage kParameterTwice{"parameter-twice", "{} is given twice",
                                              "expected each parameter once"};
inline constexpr RdataMessage kNeedsValue{"needs-value", "{} needs a value"};
inline constexpr RdataMessage kTakesNoValue{"takes-no-value", "{} takes no value"};
inline constexpr RdataMessage kEmptyItem{"empty-item", "{} has an empty item"};
inline constexpr RdataMessage kProtocolTooLong{"protocol-too-long",
                                               "a protocol of {} is longer than 255 octets"};
inline constexpr RdataMessage kProtocolCut{"protocol-cut",
                                           "{} holds a protocol that is empty or cut"};
inline constexpr RdataMessage kNoHint{"no-hint", "{} is no {} address"};
inline constexpr RdataMessage kParameterLength{"parameter-length", "{} has a bad length"};
inline constexpr RdataMessage kPortLength{"port-length", "{} is not two octets"};
inline constexpr RdataMessage kNoPathTemplate{"no-path-template",
                                              "{} is no path with {?dns} in it"};
inline constexpr RdataMessage kListedTwice{"listed-twice", "{} lists {} twice"};
inline constexpr RdataMessage kListsItself{"lists-itself", "{} must not list itself"};
inline constexpr RdataMessage kListOrder{"list-order", "{} does not list its keys in rising order"};
inline constexpr RdataMessage kListedMissing{"listed-missing", "{} lists {}, which is not given"};
inline constexpr RdataMessage kParameterOrder{
    "parameter-order", "parameters do not stand in rising order of their keys"};
inline constexpr RdataMessage kReservedKey{"reserved-key", "{} is reserved"};
inline constexpr RdataMessage kAlpnMissing{"alpn-missing", "{} needs alpn beside it"};
inline constexpr RdataMessage kAliasParameters{
    "alias-parameters", "priority 0 makes an alias, whose parameters clients ignore",
    "leave them out, or write priority 1 (RFC 9460 §2.4.2)"};

}  // namespace meridian::dns::messages
