// Lists the kinds of diagnostics about zones: names, records, regions, policies.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

// The serial.
inline constexpr DiagnosticKind kSerialBehind{
    "serial-behind", Warning,
    "the serial {} does not come after {}, under which the zone was served last",
    "secondaries will not notice this version (RFC 1982); write {} or more"};
inline constexpr DiagnosticKind kSerialUnchanged{
    "serial-unchanged", Warning, "the zone has changed, but its serial is {} as before",
    "secondaries will not notice the change; write {} or more"};

// The zone itself.
inline constexpr DiagnosticKind kZoneNamedTwice{"zone-named-twice", Error, "{} is named twice",
                                                "the first one is at line {}"};
inline constexpr DiagnosticKind kTooManyZoneNames{
    "too-many-zone-names", Error, "{} names; a file describes at most {} zones",
    "spread them over several files that share a library"};

// Libraries.
inline constexpr DiagnosticKind kNotInALibrary{"not-in-a-library", Error, "a library has no `{}`",
                                               "this file is used as a library; what zones share "
                                               "are regions, policies, services, health and ttl"};
inline constexpr DiagnosticKind kLibraryUsesLibrary{"library-uses-library", Error,
                                                    "a library uses no other library",
                                                    "name both in `use` of the zones"};
inline constexpr DiagnosticKind kLibraryUsedTwice{"library-used-twice", Error, "{} is used twice",
                                                  "the first one is at line {}"};
inline constexpr DiagnosticKind kDefinedByTwoLibraries{
    "defined-by-two-libraries", Error, "two of the libraries define {}",
    "at {} and at {}; leave one out, or write the table in this file, which replaces both"};
inline constexpr DiagnosticKind kRegionOfNoLibrary{
    "region-of-no-library", Warning, "no region of this library is called {}",
    "each zone that uses the {} has to define it; {}"};
inline constexpr DiagnosticKind kPolicyOfNoLibrary{
    "policy-of-no-library", Warning, "no policy of this library is called {}",
    "each zone that uses the {} has to define it; {}"};
inline constexpr DiagnosticKind kZoneBecameLibrary{
    "zone-became-library", Error, "the file has no `zone` any more; its zone is still served",
    "remove the file to remove the zone, or use it as a library"};
inline constexpr DiagnosticKind kUnusedLibrary{
    "unused-library", Warning, "no zone uses this library",
    "a zone names it in `use`; a zone of its own has a `zone` at the top"};

// Names.
inline constexpr DiagnosticKind kNoDomainName{"no-domain-name", Error, "{} is no domain name: {}"};
inline constexpr DiagnosticKind kWebAddress{"web-address", Error,
                                            "{} is a web address, not a domain name", "write {}"};
inline constexpr DiagnosticKind kForeignLetters{
    "foreign-letters", Error, "{} has letters that are not ASCII, which the DNS does not carry",
    "write {}"};
inline constexpr DiagnosticKind kForbiddenLetters{
    "forbidden-letters", Error, "{} holds letters that no domain name can have",
    "letters, digits and hyphens are usual; other octets are written \\DDD"};
inline constexpr DiagnosticKind kOutsideZone{"outside-zone", Error, "{} is not inside the zone",
                                             "names here end in {}"};
inline constexpr DiagnosticKind kLeftOutside{
    "left-outside", Warning, "{} is outside of the zone and is left out",
    "names here end in {}; records of other names belong into other zones"};
inline constexpr DiagnosticKind kLeftOutsideOfFileName{
    "left-outside-of-file-name", Warning,
    "{} is outside of the zone {}, whose name is that of the file, and is left out",
    "if this is the zone {}, call the file {}zone"};
inline constexpr DiagnosticKind kDotForgotten{
    "dot-forgotten", Warning, "{} is taken as {}",
    "{} is appended to a name without a final dot; if it is complete write {}"};
inline constexpr DiagnosticKind kTargetDotForgotten{
    "target-dot-forgotten", Warning, "the record points to {}",
    "{} is appended to a name without a final dot; if it is complete write a dot"};
inline constexpr DiagnosticKind kAtSignWithin{
    "at-sign-within", Warning, "an @ within a name is a plain character, as in {}",
    "only a lone @ is the origin; a mail address in SOA or RP has a dot; write \\@ for a plain @"};
inline constexpr DiagnosticKind kMarkInOwner{
    "mark-in-owner", Warning, "{} is a name with the {} in it",
    "leave the mark out; if it is part of the name write {}"};
inline constexpr DiagnosticKind kAsteriskWithin{
    "asterisk-within", Warning, "an asterisk is a wildcard only as the whole first label",
    "here it is a plain character (RFC 4592 §2.1.1)"};

inline constexpr DiagnosticKind kZoneNameWanted{
    "zone-name-wanted", Error, "\"@\" stands for the zone; write out the name of the zone here"};
inline constexpr DiagnosticKind kWildcardZone{"wildcard-zone", Error,
                                              "a zone cannot begin with a wildcard"};

// The SOA record.
inline constexpr DiagnosticKind kNoMailAddress{
    "no-mail-address", Error, "{} is no mail address",
    "expected one such as \"hostmaster@beigel.example\""};
inline constexpr DiagnosticKind kContactTooLong{"contact-too-long", Error,
                                                "hostmaster@ZONE is too long a name here",
                                                "give a contact of your own"};
inline constexpr DiagnosticKind kExpiresEarly{
    "expires-early", Warning, "secondaries drop the zone before they have tried again",
    "`expire` should exceed `refresh` and `retry` together"};

// Nameservers.
inline constexpr DiagnosticKind kNameserverTwice{"nameserver-twice", Error, "{} is named twice"};
inline constexpr DiagnosticKind kTooManyNameservers{
    "too-many-nameservers", Error, "a zone has at most {} nameservers, here are {}",
    "resolvers try a few of them; more machines can share one address (anycast)"};
inline constexpr DiagnosticKind kSingleNameserver{
    "single-nameserver", Warning,
    "there is only one nameserver; when it cannot be reached, no name of the zone is found",
    "a second one on another network is usual (RFC 1034 §4.1)"};
inline constexpr DiagnosticKind kNameserverIsAlias{
    "nameserver-is-alias", Error, "a nameserver cannot be an alias (RFC 2181 §10.3)",
    "instead, add {} with its address"};
inline constexpr DiagnosticKind kNameserverWithoutAddress{"nameserver-without-address", Error,
                                                          "{} has no address in the zone",
                                                          "add {} with its address"};
inline constexpr DiagnosticKind kNameserverDotForgotten{
    "nameserver-dot-forgotten", Error, "{} has no address in the zone",
    "the zone is appended to a name without a final dot: write {}, or add {} with its address"};
inline constexpr DiagnosticKind kNameserverIsAddress{
    "nameserver-is-address", Error, "{} is an address; a nameserver is given by its name",
    "name the host, and give that name the address"};
inline constexpr DiagnosticKind kNameserverBelowDelegation{
    "nameserver-below-delegation", Warning, "{} is delegated at {} and has no address here",
    "resolvers have to find it through that delegation; add {} with its address as glue"};
inline constexpr DiagnosticKind kSteeredNameserver{
    "steered-nameserver", Error,
    "a nameserver's own name cannot be steered: resolvers share its addresses",
    "give it `a` and `aaaa`"};

// Records and what may stand beside them.
inline constexpr DiagnosticKind kRecordsExpected{"records-expected", Error,
                                                 "expected a table of names"};
inline constexpr DiagnosticKind kTypeExpected{
    "type-expected", Error, "a type should follow the name", "such as {}.a = \"192.0.2.1\""};
inline constexpr DiagnosticKind kUnquotedDots{"unquoted-dots", Error,
                                              "a name with dots needs quotes", "write {}"};
inline constexpr DiagnosticKind kBehindHeaderOfName{
    "behind-header-of-name", Error,
    "a record of another name stands behind the header [{}], which holds until the next one",
    "below [records], ahead of that header, write {}"};
inline constexpr DiagnosticKind kUnknownType{
    "unknown-type", Error, "unknown type {}",
    "{}under a name stand types such as \"a\", \"mx\", \"txt\", or \"type65534\", and "
    "\"steer\", \"ttl\""};
inline constexpr DiagnosticKind kCapitalType{"capital-type", Error,
                                             "types are written in small letters", "write {}"};
inline constexpr DiagnosticKind kQuestionType{"question-type", Error,
                                              "{} is no type of data and cannot be stored",
                                              "it only occurs in messages"};
inline constexpr DiagnosticKind kTypeTwice{
    "type-twice", Error, "the name has {} records already",
    "the others are at {}; several of a type stand in one array"};
inline constexpr DiagnosticKind kTtlTwice{"ttl-twice", Error, "the name has a TTL already",
                                          "the first one is at {}"};
inline constexpr DiagnosticKind kNameWithoutRecords{"name-without-records", Error,
                                                    "nothing stands under the name",
                                                    "add a record or leave the name out"};
inline constexpr DiagnosticKind kRecordsMissing{
    "records-missing", Error, "the records are missing",
    "expected { data = ... }, or { rdata = ... } in presentation form"};
inline constexpr DiagnosticKind kDataAndRdata{
    "data-and-rdata", Error, "both `data` and `rdata` are given",
    "expected { data = ... }, or { rdata = ... } in presentation form"};
inline constexpr DiagnosticKind kNoRecords{"no-records", Error, "the array is empty",
                                           "leave the key out where there is no record"};
inline constexpr DiagnosticKind kRecordExpected{
    "record-expected", Error, "expected a string, found {}",
    "a record is a string, several are an array of strings"};
inline constexpr DiagnosticKind kRecordTwice{"record-twice", Error, "the record is given twice",
                                             "the first one is at {}"};
inline constexpr DiagnosticKind kNullMxBesideOthers{
    "null-mx-beside-others", Error,
    "\"0 .\" says that the name takes no mail, and other MX records stand beside it",
    "leave it out, or have it alone (RFC 7505 §3)"};
inline constexpr DiagnosticKind kNullMxAmongOthers{
    "null-mx-among-others", Warning,
    "\"0 .\" says that the name takes no mail, and other MX records stand beside it",
    "senders may follow either; have it alone, or leave it out (RFC 7505 §3)"};
inline constexpr DiagnosticKind kOwnQuotes{
    "own-quotes", Warning, "the text itself begins and ends with a quotation mark",
    "clients get the quotes, too; leave them out, or in TOML write { rdata = ... } around them"};
inline constexpr DiagnosticKind kEscapedSemicolon{
    "escaped-semicolon", Warning, "the text holds a backslash in front of a \";\"",
    "clients get the backslash, too; in TOML and within quotes a \";\" needs none"};
inline constexpr DiagnosticKind kOddBlankInText{
    "odd-blank-in-text", Warning,
    "the text holds a blank that is no plain space, such as a no-break space",
    "programs take it for a letter; write a plain space"};
inline constexpr DiagnosticKind kTypographyInText{
    "typography-in-text", Warning, "the text holds typographic quotation marks or dashes",
    "programs expect the plain ones: \", ' and -"};
inline constexpr DiagnosticKind kCommaWithin{
    "comma-within", Warning, "a \",\" or \";\" within a name is a plain character, as in {}",
    "write several values as an array; write \\, for a plain comma"};
inline constexpr DiagnosticKind kSpfCut{
    "spf-cut", Warning, "mail servers join the strings of this SPF text without blanks",
    "write it as one string in quotes, or end each string but the last in a blank (RFC 7208 §3.3)"};
inline constexpr DiagnosticKind kTextOfMailTwice{
    "text-of-mail-twice", Warning, "another text of this name begins with {}, too",
    "mail servers use neither of the two; join them or leave one out ({})"};
inline constexpr DiagnosticKind kSoaInRecords{"soa-in-records", Error,
                                              "the SOA record follows from other keys",
                                              "see `soa`, `contact` and `nameservers`"};
inline constexpr DiagnosticKind kNsInRecords{"ns-in-records", Error,
                                             "the zone's own NS records follow from `nameservers`",
                                             "name them there"};
inline constexpr DiagnosticKind kDsAtApex{
    "ds-at-apex", Error, "the DS records of a zone stand in its parent (RFC 4035 §2.4)"};
inline constexpr DiagnosticKind kDsWithoutNs{"ds-without-ns", Warning,
                                             "DS means nothing without NS beside it"};
inline constexpr DiagnosticKind kSeveralAliases{"several-aliases", Error,
                                                "a name has one {} record, not {}"};
inline constexpr DiagnosticKind kTooManyRecords{"too-many-records", Error,
                                                "{} records; a name has at most {} of a type"};
inline constexpr DiagnosticKind kAliasAtApex{
    "alias-at-apex", Error, "the zone's own name has SOA and NS and cannot be an alias",
    "steer it, or give it addresses (RFC 1034 §3.6.2)"};
inline constexpr DiagnosticKind kAliasBesideRecords{"alias-beside-records", Error,
                                                    "a name that is an alias has no other records",
                                                    "it has {} at {} (RFC 1034 §3.6.2)"};
inline constexpr DiagnosticKind kRedirectingWildcard{"redirecting-wildcard", Warning,
                                                     "{} under a wildcard has no defined meaning",
                                                     "see RFC 4592 §4"};
inline constexpr DiagnosticKind kDnameBesideNs{"dname-beside-ns", Error,
                                               "DNAME cannot stand beside NS (RFC 6672 §2.3)"};
inline constexpr DiagnosticKind kDataAtDelegation{"data-at-delegation", Warning,
                                                  "never answered: the name is delegated at {}",
                                                  "it belongs into the zone of those nameservers"};
inline constexpr DiagnosticKind kMissingGlue{"missing-glue", Warning,
                                             "{} cannot be found without an address here",
                                             "add {} with its address"};
inline constexpr DiagnosticKind kBelowDname{
    "below-dname", Error, "nothing can stand below a DNAME (RFC 6672 §2.4)",
    "that of {} is at {} and answers for all names below it from {}; move this there, or write the "
    "names out instead of the DNAME"};
inline constexpr DiagnosticKind kBelowDelegation{
    "below-delegation", Warning, "never answered: {} is delegated at {}",
    "below a delegation only addresses of nameservers are of use"};

// Where records point to.
inline constexpr DiagnosticKind kAliasToNothing{
    "alias-to-nothing", Warning, "the alias leads to {}, which the zone does not have", "{}"};
inline constexpr DiagnosticKind kAliasCircle{
    "alias-circle", Warning, "the aliases lead round in a circle: {}",
    "resolvers give up; one of the names needs records that are no alias"};
inline constexpr DiagnosticKind kAliasChainTooLong{
    "alias-chain-too-long", Warning, "more than {} aliases follow one another here",
    "an answer ends there, and many resolvers give up; lead to the last name directly"};
inline constexpr DiagnosticKind kTargetIsAlias{"target-is-alias", Warning,
                                               "{} points to {}, which is an alias",
                                               "name the target of that alias (RFC 2181 §10.3)"};
inline constexpr DiagnosticKind kTargetIsAddress{
    "target-is-address", Warning, "{} points to a name, so the address {} is read as a name",
    "give the host with that address a name, and point to the name"};
inline constexpr DiagnosticKind kTargetToNothing{
    "target-to-nothing", Warning, "{} points to {}, which the zone does not have", "{}"};
inline constexpr DiagnosticKind kTargetBelowRoot{"target-below-root", Warning,
                                                 "{} points to {}, a name directly below the root",
                                                 "leave the final dot out to point to {}"};
inline constexpr DiagnosticKind kTargetWithoutAddress{"target-without-address", Warning,
                                                      "{} points to {}, which has no address",
                                                      "add {} with its address"};

// Regions.
inline constexpr DiagnosticKind kSharedPlace{
    "shared-place", Warning, "region {} is at the same place",
    "no client is nearer to one of the two, so their order decides; the other is at {}"};
inline constexpr DiagnosticKind kTooManyRegions{"too-many-regions", Error,
                                                "a zone has at most {} regions"};
inline constexpr DiagnosticKind kPlaceExpected{
    "place-expected", Error, "expected a place, found {}",
    "such as [38.95, -77.45], \"FRA\" or \"Frankfurt, DE\""};
inline constexpr DiagnosticKind kUnknownPlace{
    "unknown-place", Error, "no place is known as {}",
    "{}an IATA code, \"City, CC\" or [latitude, longitude]"};
inline constexpr DiagnosticKind kNoCoordinates{"no-coordinates", Error,
                                               "expected [latitude, longitude], two numbers", "{}"};
inline constexpr DiagnosticKind kLatitudeOutOfRange{
    "latitude-out-of-range", Error, "the latitude is out of range", "expected -90 to 90"};
inline constexpr DiagnosticKind kCoordinatesSwapped{
    "coordinates-swapped", Error, "the latitude is out of range",
    "expected -90 to 90; it comes first; are the two swapped?"};
inline constexpr DiagnosticKind kCoordinatesLikelySwapped{
    "coordinates-likely-swapped", Warning,
    "no city is within {} km; the other way round it would be {}",
    "the latitude comes first: [{}, {}]"};
inline constexpr DiagnosticKind kLongitudeOutOfRange{
    "longitude-out-of-range", Error, "the longitude is out of range", "expected -180 to 180"};
inline constexpr DiagnosticKind kTooManyAddresses{"too-many-addresses", Error,
                                                  "{} addresses; a region has at most {}"};
inline constexpr DiagnosticKind kTooManyServiceAddresses{
    "too-many-service-addresses", Error, "{} addresses; a service has at most {} in a region"};
inline constexpr DiagnosticKind kNoAddress{
    "no-address", Error, "{} is no IP address",
    "expected one such as \"192.0.2.10\" or \"2001:db8:1::10\""};
inline constexpr DiagnosticKind kAddressOfNoHost{
    "nobodys-address", Error, "{} is the address of no host",
    "clients are sent there: give an address of a host"};
inline constexpr DiagnosticKind kNoHostAddress{"no-host-address", Error,
                                               "{} is not the address of one host",
                                               "clients are sent there: give an address of a host"};
inline constexpr DiagnosticKind kUnreachableAddress{
    "unreachable-address", Warning, "{} is {}, which no client elsewhere reaches",
    "clients are sent there: give an address of a host"};
inline constexpr DiagnosticKind kMappedAddress{"mapped-address", Error,
                                               "{} is an IPv4 address written as IPv6", "write {}"};
inline constexpr DiagnosticKind kAddressTwice{"address-twice", Error, "{} is given twice",
                                              "the first one is at {}"};
inline constexpr DiagnosticKind kSharedAddress{
    "shared-address", Warning, "{} is an address of region {} too", "that one is at {}"};

// Steering.
inline constexpr DiagnosticKind kSteeredTtlShort{
    "steered-ttl-short", Warning, "a TTL of {} s is under 20 s",
    "resolvers would ask all the time, and clients use an answer for longer anyway"};
inline constexpr DiagnosticKind kSteeredTtlLong{
    "steered-ttl-long", Warning, "a TTL of {} s is over an hour",
    "for so long clients use a region that is down or no longer the best"};
inline constexpr DiagnosticKind kTooManyPolicies{"too-many-policies", Error,
                                                 "a zone has at most {} policies"};
inline constexpr DiagnosticKind kUnknownRegion{"unknown-region", Error, "no region is called {}",
                                               "{}"};
inline constexpr DiagnosticKind kUnknownRegionOfNone{
    "unknown-region-of-none", Error, "no region is called {}", "this zone has no regions"};
inline constexpr DiagnosticKind kRegionTwice{"region-twice", Error, "region {} is named twice"};
inline constexpr DiagnosticKind kDefaultOutsidePolicy{"default-outside-policy", Error,
                                                      "region {} is not among the policy's regions",
                                                      "add it to {} or leave it out here"};
inline constexpr DiagnosticKind kSteeredTwice{"steered-twice", Error, "the name is steered already",
                                              "the first `steer` is at {}"};
inline constexpr DiagnosticKind kSteeredHttpsTtl{
    "steered-https-ttl", Error, "beside `steer` the HTTPS record has no TTL of its own",
    "set the TTL of the name: {}"};
inline constexpr DiagnosticKind kFixedHints{
    "fixed-hints", Error,
    "the hints are the same for all clients, but {} is steered: a client would get addresses of "
    "one region here and of another from A and AAAA",
    "leave ipv4hint and ipv6hint out"};
inline constexpr DiagnosticKind kUnknownPolicy{"unknown-policy", Error, "no policy is called {}",
                                               "{}"};
inline constexpr DiagnosticKind kSteeredBesideRecords{
    "steered-beside-records", Error, "a name is either steered or has {} records", "{} is at {}"};
inline constexpr DiagnosticKind kNoRegions{"no-regions", Error, "there is no region to choose",
                                           "add one: [regions.NAME] with `at` and `addresses`"};
inline constexpr DiagnosticKind kRegionsWithoutFamily{
    "regions-without-family", Error, "some of its regions have no {}: {}",
    "give them such addresses, or in [{}] write missing_family = \"next\" to use the next region "
    "that has some, or \"omit\" to do without everywhere"};

// All zones of a server together.
inline constexpr DiagnosticKind kTooManyZones{"too-many-zones", Error,
                                              "one server holds at most {} zones, not {}"};
inline constexpr DiagnosticKind kTooManyTables{
    "too-many-tables", Error, "no room for this policy: tables of all policies take at most {} MiB",
    "zones that share regions and policies share the table: see `use`"};
inline constexpr DiagnosticKind kZoneTwice{
    "zone-twice", Error, "the zone {} is also described by {}", "keep one of the two files"};
inline constexpr DiagnosticKind kDelegationTtl{
    "delegation-ttl", Warning, "the NS records of {} have a TTL of {} here, and {} in {}",
    "resolvers take either; give both the same"};
inline constexpr DiagnosticKind kSetTooLarge{
    "set-too-large", Error, "the {} records together do not fit into one message of 65535 octets"};

// Everything.
inline constexpr DiagnosticKind kMoreErrors{"more-errors", Error, "{} more are not shown"};
inline constexpr DiagnosticKind kMoreWarnings{"more-warnings", Warning, "{} more are not shown"};

}  // namespace meridian::zones::diagnostics
