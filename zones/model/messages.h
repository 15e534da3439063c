// Lists everything that is told of zone files: what is wrong, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// One row a message, grouped by what it is about. A row's code stays once it was released. What
/// stands in a `{}` is a name, a number or a place; a hint that is only `{}` is made by its caller,
/// such as `spelling_hint`. What is told of RDATA stands in dns/wire/rdata_messages.h. Each row has
/// a case in tests/zones/bad_zones.txt or beside it.
namespace meridian::zones::messages {

using enum Severity;

// The serial.
inline constexpr Message kSerialBehind{
    "serial-behind", Warning,
    "the serial {} does not come after {}, under which the zone was served last",
    "secondaries will not notice this version (RFC 1982); write {} or more"};
inline constexpr Message kSerialUnchanged{
    "serial-unchanged", Warning, "the zone has changed, but its serial is {} as before",
    "secondaries will not notice the change; write {} or more"};

// The zone itself.
inline constexpr Message kZoneNamedTwice{"zone-named-twice", Error, "{} is named twice",
                                         "the first one is at line {}"};
inline constexpr Message kTooManyZoneNames{"too-many-zone-names", Error,
                                           "{} names; a file describes at most {} zones",
                                           "spread them over several files that share a library"};

// Libraries.
inline constexpr Message kNotInALibrary{
    "not-in-a-library", Error, "a library has no `{}`",
    "this file is used as a library; what zones share are regions, policies and ttl"};
inline constexpr Message kLibraryUsesLibrary{"library-uses-library", Error,
                                             "a library uses no other library",
                                             "name both in `use` of the zones"};
inline constexpr Message kLibraryUsedTwice{"library-used-twice", Error, "{} is used twice",
                                           "the first one is at line {}"};
inline constexpr Message kDefinedByTwoLibraries{
    "defined-by-two-libraries", Error, "{} stands in two of the libraries",
    "it is at {} and at {}; leave one out, or write the table that counts in this file"};
inline constexpr Message kRegionOfNoLibrary{"region-of-no-library", Warning,
                                            "no region of this library is called {}",
                                            "each zone that uses the policy has to define it; {}"};
inline constexpr Message kZoneBecameLibrary{
    "zone-became-library", Error, "no `zone` stands here any more; the zone that runs goes on",
    "remove the file to remove the zone, or use it as a library"};
inline constexpr Message kUnusedLibrary{
    "unused-library", Warning, "no zone uses this library",
    "a zone names it in `use`; a zone of its own has a `zone` at the top"};

// Names.
inline constexpr Message kNoDomainName{"no-domain-name", Error, "{} is no domain name: {}"};
inline constexpr Message kWebAddress{"web-address", Error, "{} is a web address, not a domain name",
                                     "write {}"};
inline constexpr Message kForeignLetters{"foreign-letters", Error,
                                         "{} holds letters that the DNS does not carry as they are",
                                         "write {}"};
inline constexpr Message kForbiddenLetters{
    "forbidden-letters", Error, "{} holds letters that no domain name can have",
    "letters, digits and hyphens are usual; other octets are written \\DDD"};
inline constexpr Message kOutsideZone{"outside-zone", Error, "{} is not inside the zone",
                                      "names here end in {}"};
inline constexpr Message kLeftOutside{
    "left-outside", Warning, "{} is outside of the zone and is left out",
    "names here end in {}; what stands under others belongs into their own zones"};
inline constexpr Message kLeftOutsideOfFileName{
    "left-outside-of-file-name", Warning,
    "{} is outside of the zone {}, whose name is that of the file, and is left out",
    "if this is the zone {}, call the file {}zone"};
inline constexpr Message kDotForgotten{
    "dot-forgotten", Warning, "{} is taken as {}",
    "a name without a final dot goes on with {}; to end it write {}"};
inline constexpr Message kTargetDotForgotten{
    "target-dot-forgotten", Warning, "the record points to {}",
    "a name without a final dot goes on with {}; to end it write a dot"};
inline constexpr Message kAtSignWithin{
    "at-sign-within", Warning, "an @ within a name is a plain character, as in {}",
    "only alone it is the origin; a SOA has the mail address with a dot; \\@ is one that is meant"};
inline constexpr Message kAsteriskWithin{"asterisk-within", Warning,
                                         "an asterisk is a wildcard only as the whole first label",
                                         "here it is a plain character (RFC 4592 §2.1.1)"};

inline constexpr Message kZoneNameWanted{"zone-name-wanted", Error,
                                         "\"@\" stands for the zone, whose name is wanted here"};
inline constexpr Message kWildcardZone{"wildcard-zone", Error,
                                       "a zone cannot begin with a wildcard"};

// The SOA record.
inline constexpr Message kNoMailAddress{"no-mail-address", Error, "{} is no mail address",
                                        "expected one such as \"hostmaster@beigel.example\""};
inline constexpr Message kContactTooLong{"contact-too-long", Error,
                                         "hostmaster@ZONE is too long a name here",
                                         "give a contact of your own"};
inline constexpr Message kExpiresEarly{"expires-early", Warning,
                                       "secondaries drop the zone before they have tried again",
                                       "`expire` should exceed `refresh` and `retry` together"};

// Nameservers.
inline constexpr Message kNameserverTwice{"nameserver-twice", Error, "{} is named twice"};
inline constexpr Message kTooManyNameservers{
    "too-many-nameservers", Error, "a zone has at most {} nameservers, here are {}",
    "resolvers try a few of them; more machines can share one address (anycast)"};
inline constexpr Message kSingleNameserver{
    "single-nameserver", Warning,
    "there is only one nameserver; when it cannot be reached, the zone is gone",
    "a second one on another network is usual (RFC 1034 §4.1)"};
inline constexpr Message kNameserverIsAlias{"nameserver-is-alias", Error,
                                            "a nameserver cannot be an alias (RFC 2181 §10.3)",
                                            "instead, add {} with its address"};
inline constexpr Message kNameserverWithoutAddress{"nameserver-without-address", Error,
                                                   "{} has no address in the zone",
                                                   "add {} with its address"};
inline constexpr Message kNameserverDotForgotten{
    "nameserver-dot-forgotten", Error, "{} has no address in the zone",
    "a name without a final dot goes on with the zone: write {}, or add {} with its address"};
inline constexpr Message kNameserverIsAddress{"nameserver-is-address", Error,
                                              "{} is an address; a nameserver is given by its name",
                                              "give it a name, and that name the address"};
inline constexpr Message kNameserverBelowDelegation{
    "nameserver-below-delegation", Warning, "{} is delegated at {} and has no address here",
    "resolvers have to find it through that delegation; add {} with its address as glue"};
inline constexpr Message kSteeredNameserver{
    "steered-nameserver", Error,
    "a nameserver's own name cannot be steered: resolvers share its addresses",
    "give it `a` and `aaaa`"};

// Records and what may stand beside them.
inline constexpr Message kRecordsExpected{"records-expected", Error, "expected a table of names"};
inline constexpr Message kTypeExpected{"type-expected", Error, "a type should follow the name",
                                       "such as {}.a = \"192.0.2.1\""};
inline constexpr Message kUnquotedDots{"unquoted-dots", Error, "a name with dots needs quotes",
                                       "write {}"};
inline constexpr Message kUnknownType{
    "unknown-type", Error, "unknown type {}",
    "{}under a name stand types such as \"a\", \"mx\", \"txt\", or \"type65534\", and "
    "\"steer\", \"ttl\""};
inline constexpr Message kCapitalType{"capital-type", Error, "types are written in small letters",
                                      "write {}"};
inline constexpr Message kQuestionType{"question-type", Error,
                                       "{} is no type of data and cannot be stored",
                                       "it only occurs in messages"};
inline constexpr Message kTypeTwice{"type-twice", Error, "the name has {} records already",
                                    "the others are at {}; several of a type stand in one array"};
inline constexpr Message kTtlTwice{"ttl-twice", Error, "the name has a TTL already",
                                   "the first one is at {}"};
inline constexpr Message kNameWithoutRecords{"name-without-records", Error,
                                             "nothing stands under the name",
                                             "add a record or leave the name out"};
inline constexpr Message kRecordsMissing{
    "records-missing", Error, "the records are missing",
    "expected { data = ... }, or { rdata = ... } in presentation form"};
inline constexpr Message kDataAndRdata{
    "data-and-rdata", Error, "both `data` and `rdata` are given",
    "expected { data = ... }, or { rdata = ... } in presentation form"};
inline constexpr Message kNoRecords{"no-records", Error, "the array is empty",
                                    "leave the key out where there is no record"};
inline constexpr Message kRecordExpected{"record-expected", Error, "expected a string, found {}",
                                         "a record is a string, several are an array of strings"};
inline constexpr Message kRecordTwice{"record-twice", Error, "the record is given twice",
                                      "the first one is at {}"};
inline constexpr Message kOwnQuotes{
    "own-quotes", Warning, "the text itself begins and ends with a quotation mark",
    "clients get the quotes, too; leave them out, or in TOML write { rdata = ... } around them"};
inline constexpr Message kEscapedSemicolon{
    "escaped-semicolon", Warning, "the text holds a backslash in front of a \";\"",
    "clients get the backslash, too; in TOML and within quotes a \";\" needs none"};
inline constexpr Message kSoaInRecords{"soa-in-records", Error,
                                       "the SOA record follows from other keys",
                                       "see `soa`, `contact` and `nameservers`"};
inline constexpr Message kNsInRecords{"ns-in-records", Error,
                                      "the zone's own NS records follow from `nameservers`",
                                      "name them there"};
inline constexpr Message kDsAtApex{"ds-at-apex", Error,
                                   "the DS records of a zone stand in its parent (RFC 4035 §2.4)"};
inline constexpr Message kDsWithoutNs{"ds-without-ns", Warning,
                                      "DS means nothing without NS beside it"};
inline constexpr Message kSeveralAliases{"several-aliases", Error,
                                         "a name has one {} record, not {}"};
inline constexpr Message kTooManyRecords{"too-many-records", Error,
                                         "{} records; a name has at most {} of a type"};
inline constexpr Message kAliasAtApex{"alias-at-apex", Error,
                                      "the zone's own name has SOA and NS and cannot be an alias",
                                      "steer it, or give it addresses (RFC 1034 §3.6.2)"};
inline constexpr Message kAliasBesideRecords{"alias-beside-records", Error,
                                             "a name that is an alias has no other records",
                                             "it has {} at {} (RFC 1034 §3.6.2)"};
inline constexpr Message kRedirectingWildcard{"redirecting-wildcard", Warning,
                                              "{} under a wildcard has no defined meaning",
                                              "see RFC 4592 §4"};
inline constexpr Message kDnameBesideNs{"dname-beside-ns", Error,
                                        "DNAME cannot stand beside NS (RFC 6672 §2.3)"};
inline constexpr Message kDataAtDelegation{"data-at-delegation", Warning,
                                           "never answered: the name is delegated at {}",
                                           "it belongs into the zone of those nameservers"};
inline constexpr Message kMissingGlue{"missing-glue", Warning,
                                      "{} cannot be found without an address here",
                                      "add {} with its address"};
inline constexpr Message kBelowDname{
    "below-dname", Error, "nothing can stand below a DNAME (RFC 6672 §2.4)", "that of {} is at {}"};
inline constexpr Message kBelowDelegation{
    "below-delegation", Warning, "never answered: {} is delegated at {}",
    "below a delegation only addresses of nameservers are of use"};

// Where records point to.
inline constexpr Message kAliasToNothing{
    "alias-to-nothing", Warning, "the alias leads to {}, which the zone does not have", "{}"};
inline constexpr Message kAliasCircle{
    "alias-circle", Warning, "the aliases lead round in a circle: {}",
    "resolvers give up; one of the names needs records that are no alias"};
inline constexpr Message kAliasChainTooLong{
    "alias-chain-too-long", Warning, "more than {} aliases follow one another here",
    "an answer ends there, and many resolvers give up; lead to the last name directly"};
inline constexpr Message kTargetIsAlias{"target-is-alias", Warning,
                                        "{} points to {}, which is an alias",
                                        "name the place where that one leads (RFC 2181 §10.3)"};
inline constexpr Message kTargetIsAddress{
    "target-is-address", Warning, "{} points to names, so the address {} is taken as one",
    "give the host with that address a name, and point to the name"};
inline constexpr Message kTargetToNothing{"target-to-nothing", Warning,
                                          "{} points to {}, which the zone does not have", "{}"};
inline constexpr Message kTargetWithoutAddress{"target-without-address", Warning,
                                               "{} points to {}, which has no address",
                                               "add {} with its address"};

// Regions.
inline constexpr Message kSharedPlace{
    "shared-place", Warning, "region {} is at the same place",
    "no client is nearer to one of the two, so their order decides; that one is at {}"};
inline constexpr Message kTooManyRegions{"too-many-regions", Error,
                                         "a zone has at most {} regions"};
inline constexpr Message kPlaceExpected{"place-expected", Error, "expected a place, found {}",
                                        "such as [38.95, -77.45], \"FRA\" or \"Frankfurt, DE\""};
inline constexpr Message kUnknownPlace{"unknown-place", Error, "no place is known as {}",
                                       "{}an IATA code, \"City, CC\" or [latitude, longitude]"};
inline constexpr Message kNoCoordinates{"no-coordinates", Error,
                                        "expected [latitude, longitude], two numbers",
                                        "such as [38.95, -77.45]"};
inline constexpr Message kLatitudeOutOfRange{"latitude-out-of-range", Error,
                                             "the latitude is out of range", "expected -90 to 90"};
inline constexpr Message kCoordinatesSwapped{
    "coordinates-swapped", Error, "the latitude is out of range",
    "expected -90 to 90; it comes first; are the two swapped?"};
inline constexpr Message kCoordinatesLikelySwapped{
    "coordinates-likely-swapped", Warning,
    "no city is within {} km; the other way round it would be {}",
    "the latitude comes first: [{}, {}]"};
inline constexpr Message kLongitudeOutOfRange{
    "longitude-out-of-range", Error, "the longitude is out of range", "expected -180 to 180"};
inline constexpr Message kTooManyAddresses{"too-many-addresses", Error,
                                           "{} addresses; a region has at most {}"};
inline constexpr Message kNoAddress{"no-address", Error, "{} is no IP address",
                                    "expected one such as \"192.0.2.10\" or \"2001:db8:1::10\""};
inline constexpr Message kNobodysAddress{"nobodys-address", Error, "{} is nobody's address",
                                         "clients are sent there: give an address of a host"};
inline constexpr Message kNoHostAddress{"no-host-address", Error,
                                        "{} is not the address of one host",
                                        "clients are sent there: give an address of a host"};
inline constexpr Message kUnreachableAddress{"unreachable-address", Warning,
                                             "{} is {}, which no client elsewhere reaches",
                                             "clients are sent there: give an address of a host"};
inline constexpr Message kMappedAddress{"mapped-address", Error,
                                        "{} is an IPv4 address written as IPv6", "write {}"};
inline constexpr Message kAddressTwice{"address-twice", Error, "{} is given twice",
                                       "the first one is at {}"};
inline constexpr Message kSharedAddress{"shared-address", Warning,
                                        "{} is an address of region {} too", "that one is at {}"};

// Steering.
inline constexpr Message kSteeredTtlShort{
    "steered-ttl-short", Warning, "a TTL of {} s is under 20 s",
    "resolvers would ask all the time, and clients hold an answer for longer anyway"};
inline constexpr Message kSteeredTtlLong{
    "steered-ttl-long", Warning, "a TTL of {} s is over an hour",
    "for so long clients go on to a region that is down, or no longer the best"};
inline constexpr Message kTooManyPolicies{"too-many-policies", Error,
                                          "a zone has at most {} policies"};
inline constexpr Message kUnknownRegion{"unknown-region", Error, "no region is called {}", "{}"};
inline constexpr Message kUnknownRegionOfNone{"unknown-region-of-none", Error,
                                              "no region is called {}", "this zone has no regions"};
inline constexpr Message kRegionTwice{"region-twice", Error, "region {} is named twice"};
inline constexpr Message kDefaultOutsidePolicy{"default-outside-policy", Error,
                                               "region {} is not among the policy's regions",
                                               "add it to {} or leave it out here"};
inline constexpr Message kSteeredTwice{"steered-twice", Error, "the name is steered already",
                                       "the first `steer` is at {}"};
inline constexpr Message kSteeredHttpsTtl{"steered-https-ttl", Error,
                                          "beside `steer` the HTTPS record has no TTL of its own",
                                          "set the TTL of the name: {}"};
inline constexpr Message kFixedHints{
    "fixed-hints", Error,
    "the hints name the same addresses for everybody, and {} is steered: a client would get those "
    "of one region here and of another from A and AAAA",
    "leave ipv4hint and ipv6hint out"};
inline constexpr Message kUnknownPolicy{"unknown-policy", Error, "no policy is called {}", "{}"};
inline constexpr Message kSteeredBesideRecords{
    "steered-beside-records", Error, "a name is either steered or has {} records", "{} is at {}"};
inline constexpr Message kNoRegions{"no-regions", Error, "there is no region to choose",
                                    "add one: [regions.NAME] with `at` and `addresses`"};
inline constexpr Message kRegionsWithoutFamily{
    "regions-without-family", Error, "some of its regions have no {}: {}",
    "give them such addresses, or in [{}] write missing_family = \"next\" to use the next region "
    "that has some, or \"omit\" to do without everywhere"};

// Keys and what stands at them, in meridian.toml, too.
inline constexpr Message kMissingKey{"missing-key", Error, "this key is missing", "{}"};
inline constexpr Message kKeyBelowHeader{
    "key-below-header", Error, "this key belongs to the top of the file; here it is one of [{}]",
    "move it ahead of the first line in brackets"};
inline constexpr Message kUnknownKey{"unknown-key", Error, "unknown key {}", "{}keys here: {}"};
inline constexpr Message kNotSupportedYet{"not-supported-yet", Error, "not supported yet", "{}"};
inline constexpr Message kUnexpectedKind{"unexpected-kind", Error, "expected {}, found {}"};
inline constexpr Message kUnknownChoice{"unknown-choice", Error, "{} is not a choice here", "{}"};
inline constexpr Message kEmptyArray{"empty-array", Error, "the array is empty",
                                     "name at least one"};
inline constexpr Message kNoTtl{"no-ttl", Error, "{} is no TTL", "{}expected {}, or whole seconds"};
inline constexpr Message kNoDuration{"no-duration", Error, "{} is no duration here",
                                     "{}expected {}, or whole seconds"};
inline constexpr Message kNoSize{"no-size", Error, "{} is no size", "expected {}, or whole octets"};
inline constexpr Message kOutOfRange{"out-of-range", Error, "{} is out of range",
                                     "expected {} to {}"};

// What TOML wants of a file.
inline constexpr Message kFileTooLarge{"file-too-large", Error,
                                       "the file has {} octets; at most {} are read"};
inline constexpr Message kLineTooLong{"line-too-long", Error,
                                      "the line is {} octets long; at most {} are read",
                                      "an array may go on over several lines"};
inline constexpr Message kControlCharacter{"control-character", Error,
                                           "the control character {} cannot stand in TOML",
                                           "in a string write it as an escape, such as \\u0007"};
inline constexpr Message kStrayReturn{"stray-return", Error,
                                      "the control character {} cannot stand in TOML",
                                      "a line ends in LF or CR LF"};
inline constexpr Message kNotUtf8{"not-utf-8", Error, "the octet {} is not valid UTF-8 here",
                                  "save the file as UTF-8"};
inline constexpr Message kIsUtf16{"is-utf-16", Error, "the file is UTF-16",
                                  "save it as UTF-8; Windows calls that \"UTF-8\" or \"ANSI\""};
inline constexpr Message kIsBinary{"is-binary", Error, "the file is binary, not text",
                                   "is it compressed, or another file than was meant?"};
inline constexpr Message kIsJson{"is-json", Error, "the file is JSON, not TOML",
                                 "in TOML this is `key = value`, a line each, and [table]"};
inline constexpr Message kIsYaml{"is-yaml", Error, "the file is YAML, not TOML",
                                 "in TOML this is `key = value`, a line each, and [table]"};
inline constexpr Message kIsMarkup{
    "is-markup", Error, "the file is HTML or XML, not TOML",
    "was an error page saved instead of the file that was to be fetched?"};
inline constexpr Message kIsMasterFile{
    "is-master-file", Error, "the file is a master file (RFC 1035), not TOML",
    "such a file is called after its zone and .zone, or named in `records_from`"};
inline constexpr Message kMergeMark{"merge-mark", Error, "a merge was left unfinished here",
                                    "keep one of the two versions and remove the three marks"};
inline constexpr Message kCurlyQuotes{
    "curly-quotes", Error, "{} is a typographic quotation mark, which TOML does not know",
    "write straight ones: \" or '"};
inline constexpr Message kTooDeep{"too-deep", Error, "this is more than {} tables and arrays deep"};
inline constexpr Message kNotToml{"not-toml", Error, "TOML does not allow what stands here",
                                  "see toml.io for what it allows"};
inline constexpr Message kUnclearStructure{
    "unclear-structure", Error, "the structure of the file is not clear",
    "write each table in one place, without mixing headers and dots"};

// Keys of TOML.
inline constexpr Message kKeyWanted{"key-wanted", Error, "a key is missing here"};
inline constexpr Message kKeyTooDeep{"key-too-deep", Error, "the key has more than {} parts"};
inline constexpr Message kKeyInLongQuotes{"key-in-long-quotes", Error,
                                          "a key stands in single or plain double quotes"};
inline constexpr Message kUnquotedKey{"unquoted-key", Error,
                                      "{} cannot stand in a key without quotes",
                                      "put the key in double quotes"};
inline constexpr Message kUnquotedSign{"unquoted-sign", Error,
                                       "{} cannot stand in a key without quotes", "write it as {}"};
inline constexpr Message kEqualsWanted{"equals-wanted", Error, "\"=\" and a value should follow",
                                       "a key with spaces or other signs needs quotes"};
inline constexpr Message kKeyTwice{"key-twice", Error, "{} is given twice",
                                   "the first one is at {}"};
inline constexpr Message kKeyIntoTable{"key-into-table", Error, "{} is complete at {}",
                                       "put the key below that header"};
inline constexpr Message kKeyIntoValue{"key-into-value", Error, "{} is complete at {}",
                                       "put the key into that value"};

// Tables of TOML.
inline constexpr Message kHeaderNotClosed{"header-not-closed", Error,
                                          "the header should close with {}"};
inline constexpr Message kHeaderIntoValue{"header-into-value", Error, "{} is complete at {}",
                                          "only a table that has a header of its own can go on"};
inline constexpr Message kHeaderOfValue{"header-of-value", Error, "{} has a value already, at {}"};
inline constexpr Message kTableReopened{"table-reopened", Error,
                                        "the table [{}] is opened a second time",
                                        "it begins at {}; put all its keys there"};
inline constexpr Message kTableWritten{"table-written", Error,
                                       "the table {} is written already, at {}",
                                       "put all its keys in one place"};
inline constexpr Message kTableBelowArray{"table-below-array", Error,
                                          "the table [{}] has to stand above [[{}]]",
                                          "that one is at {}; swap the two"};
inline constexpr Message kNoTableArray{"no-table-array", Error,
                                       "{} is something else already, at {}"};
inline constexpr Message kBraceOverLines{
    "brace-over-lines", Error, "a table in braces has to close on its line",
    "for more keys than fit write a [header] and a line for each"};
inline constexpr Message kCommaBeforeBrace{"comma-before-brace", Error,
                                           "TOML wants no comma before }"};
inline constexpr Message kCommaOrBrace{"comma-or-brace", Error, "\",\" or \"}\" should follow"};

// Values of TOML.
inline constexpr Message kValueWanted{"value-wanted", Error, "a value is missing here"};
inline constexpr Message kLineGoesOn{"line-goes-on", Error, "the line should end here",
                                     "one key a line; a value with spaces or dots needs quotes"};
inline constexpr Message kBracketMissing{"bracket-missing", Error, "the closing ] is missing"};
inline constexpr Message kCommaOrBracket{"comma-or-bracket", Error, "\",\" or \"]\" should follow"};
inline constexpr Message kQuoteMissing{"quote-missing", Error,
                                       "the closing {} is missing on this line"};
inline constexpr Message kLongQuoteMissing{"long-quote-missing", Error,
                                           "the closing {} is missing"};
inline constexpr Message kEscapeTooShort{"escape-too-short", Error, "{} needs {} hex digits"};
inline constexpr Message kNoCharacter{"no-character", Error,
                                      "the escape names no Unicode character"};
inline constexpr Message kNoEscape{
    "no-escape", Error, "this is no escape of TOML",
    "in single quotes a backslash stands for itself: '\\# 4 c0000201'"};
inline constexpr Message kUnquotedText{"unquoted-text", Error, "text needs quotes", "write {}"};
inline constexpr Message kUnquotedAddress{"unquoted-address", Error, "an address needs quotes",
                                          "write {}"};
inline constexpr Message kCapitalBoolean{"capital-boolean", Error, "{} is no value",
                                         "write true or false in small letters"};
inline constexpr Message kIntegerTooLarge{"integer-too-large", Error,
                                          "{} is too large: integers have 64 bits"};
inline constexpr Message kLeadingZero{"leading-zero", Error, "{} begins with a zero",
                                      "TOML wants numbers without"};
inline constexpr Message kNoSuchTime{"no-such-time", Error, "there is no such date or time as {}",
                                     "expected one such as 2026-12-01T09:00:00Z"};

// Master files.
inline constexpr Message kControlInPath{"control-in-path", Error,
                                        "{} has a control character; no file name may"};
inline constexpr Message kPathTooLong{"path-too-long", Error, "{} is too long a file name"};
inline constexpr Message kClimbingPath{"climbing-path", Error,
                                       "{} climbs with \"..\", which is not allowed",
                                       "the files of a zone lie beside it, or in folders below"};
inline constexpr Message kNoPath{"no-file-name", Error, "{} is no file name"};
inline constexpr Message kUnreadableFile{"unreadable-file", Error, "{}"};
inline constexpr Message kApexInBoth{"apex-in-both", Error,
                                     "the {} records of the zone stand in a master file, too",
                                     "those are at {}; keep one of the two places"};
inline constexpr Message kNoSoa{"no-soa", Error, "there is no SOA record of {}",
                                "the name of the file is that of the zone, and \".zone\""};
inline constexpr Message kNamedForAnotherZone{"named-for-another-zone", Error,
                                              "the name of the file makes it the zone {}, of which "
                                              "there is no SOA record; is it the zone {}?",
                                              "call the file {}zone"};
inline constexpr Message kNoNs{"no-ns", Error, "there are no NS records of {}",
                               "the zone's own nameservers stand in its file"};
inline constexpr Message kNoNsInMasterFiles{"no-ns-in-master-files", Error,
                                            "no master file has NS records of the zone itself",
                                            "add them there, or write `nameservers` here"};
inline constexpr Message kNoOtherFiles{"no-other-files", Error, "no other file can be read here"};
inline constexpr Message kMasterFilesTooLarge{"master-files-too-large", Error,
                                              "the master files of the zone hold more than 2 GiB"};
inline constexpr Message kTooManyMasterRecords{"too-many-master-records", Error,
                                               "a zone has at most {} records in master files"};
inline constexpr Message kParenthesisNotOpened{
    "parenthesis-not-opened", Error, "the parenthesis was not opened",
    "quote it, or write \\) where it is meant as a character"};
inline constexpr Message kParenthesisNotClosed{"parenthesis-not-closed", Error,
                                               "the parenthesis is not closed",
                                               "a closing one must follow, within 512 KiB"};
inline constexpr Message kQuotesNotClosed{
    "quotes-not-closed", Error, "the quotes are not closed in this line",
    "write \\\" where a quotation mark is meant as a character"};
inline constexpr Message kCarriageReturnAlone{
    "carriage-return-alone", Error, "a CR stands here that ends no line",
    "lines end in LF or CR LF; \\013 is the character itself"};
inline constexpr Message kMasterLineTooLong{
    "master-line-too-long", Error, "the line is longer than 512 KiB", "no record needs so much"};
inline constexpr Message kUnknownDirective{"unknown-directive", Error, "there is no directive {}",
                                           "{}; a name that begins with \"$\" is written \"\\$\""};
inline constexpr Message kDirectiveTooShort{"directive-too-short", Error,
                                            "something is missing here", "expected {}"};
inline constexpr Message kDirectiveTooLong{"directive-too-long", Error, "too much here",
                                           "expected {}"};
inline constexpr Message kNoMasterTtl{"no-master-ttl", Error, "{} is no TTL",
                                      "expected seconds, or such as \"1h30m\""};
inline constexpr Message kMasterTtlTooLong{
    "master-ttl-too-long", Warning, "{} is longer than any TTL; {} seconds are taken",
    "resolvers keep nothing longer than a week or so (RFC 8767 §4)"};
inline constexpr Message kIncludesItself{"includes-itself", Error, "{} would include itself"};
inline constexpr Message kIncludesTooDeep{"includes-too-deep", Error,
                                          "files are included {} deep at most"};
inline constexpr Message kTooManyIncludes{"too-many-includes", Error,
                                          "a zone has at most {} $INCLUDE"};
inline constexpr Message kNoRange{"no-range", Error, "{} is no range",
                                  "expected such as 1-254, or 0-254/2"};
inline constexpr Message kTooManyGenerated{"too-many-generated", Error,
                                           "a zone has at most {} records of $GENERATE"};
inline constexpr Message kGeneratedSoa{"generated-soa", Error,
                                       "a zone has only one SOA record, which is not generated"};
inline constexpr Message kUnfillablePattern{"unfillable-pattern", Error,
                                            "the pattern cannot be filled in",
                                            "such as ${1,3,d}: offset, width, base d o x X n or N"};
inline constexpr Message kGeneratedComment{
    "generated-comment", Warning, "what stands behind the \";\" is a comment, as in BIND",
    "quotes within the quotes keep it: \"\\\"v=DKIM1; k=rsa\\\"\""};
inline constexpr Message kGeneratedTooLong{"generated-too-long", Error,
                                           "the data that $GENERATE makes are over 512 KiB"};
inline constexpr Message kOwnerMissing{
    "owner-missing", Error, "the first record of a file needs an owner",
    "a line that begins with a blank continues the name before; \"@\" is the origin"};
inline constexpr Message kForeignClass{"foreign-class", Error, "class {} is not served",
                                       "leave the class out, or write IN"};
inline constexpr Message kTypeMissing{"type-missing", Error, "the type of the record is missing",
                                      "expected OWNER [TTL] [CLASS] TYPE DATA"};
inline constexpr Message kUnknownMasterType{"unknown-master-type", Error, "unknown type {}",
                                            "{}expected OWNER [TTL] [CLASS] TYPE DATA"};
inline constexpr Message kTypeAsOwner{"type-as-owner", Error, "unknown type {}",
                                      "{}a line without an owner begins with a blank"};
inline constexpr Message kSoaBelowApex{"soa-below-apex", Error,
                                       "a SOA record stands at the top of a zone only",
                                       "that of this zone is {}"};
inline constexpr Message kSecondSoa{"second-soa", Error, "the zone has a SOA record already",
                                    "the first one is at {}"};
inline constexpr Message kTtlsDiffer{"ttls-differ", Warning,
                                     "a TTL of {} beside {} at {}, which is taken",
                                     "records of one name and type have one TTL (RFC 2181 §5.2)"};
inline constexpr Message kRecordsInBoth{"records-in-both", Error,
                                        "{} has {} records in [records], too",
                                        "those are at {}; keep one of the two places"};

// All zones of a server together.
inline constexpr Message kTooManyZones{"too-many-zones", Error,
                                       "one server holds at most {} zones, not {}"};
inline constexpr Message kTooManyTables{
    "too-many-tables", Error, "no room for this policy: tables of all policies take at most {} MiB",
    "zones that share regions and policies share the table: see `use`"};
inline constexpr Message kZoneTwice{"zone-twice", Error, "the zone {} is also described by {}",
                                    "keep one of the two files"};
inline constexpr Message kDelegationTtl{"delegation-ttl", Warning,
                                        "the NS records of {} have a TTL of {} here, and {} in {}",
                                        "resolvers take either; give both the same"};
inline constexpr Message kSetTooLarge{
    "set-too-large", Error, "the {} records together do not fit into one message of 65535 octets"};

// Everything.
inline constexpr Message kMoreErrors{"more-errors", Error, "{} more are not shown"};
inline constexpr Message kMoreWarnings{"more-warnings", Warning, "{} more are not shown"};

}  // namespace meridian::zones::messages
