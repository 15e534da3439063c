// Lists everything that is told of zone files: what is wrong, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// One row a message, grouped by what it is about. A row's code stays once it was released. What
/// stands in a `{}` is a name, a number or a place; a hint that is only `{}` is made by its caller,
/// such as `spelling_hint`. Each row has a case in tests/zones/bad_zones.txt or beside it.
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
inline constexpr Message kForeignLetters{"foreign-letters", Error,
                                         "{} holds letters that the DNS does not carry as they are",
                                         "write {}"};
inline constexpr Message kForbiddenLetters{
    "forbidden-letters", Error, "{} holds letters that no domain name can have",
    "letters, digits and hyphens are usual; other octets are written \\DDD"};
inline constexpr Message kOutsideZone{"outside-zone", Error, "{} is not inside the zone",
                                      "names here end in {}"};
inline constexpr Message kDotForgotten{
    "dot-forgotten", Warning, "{} is taken as {}",
    "a name without a final dot goes on with {}; to end it write {}"};
inline constexpr Message kTargetDotForgotten{
    "target-dot-forgotten", Warning, "the record points to {}",
    "a name without a final dot goes on with {}; to end it write a dot"};
inline constexpr Message kAsteriskWithin{"asterisk-within", Warning,
                                         "an asterisk is a wildcard only as the whole first label",
                                         "here it is a plain character (RFC 4592 §2.1.1)"};

// Nameservers.
inline constexpr Message kSingleNameserver{
    "single-nameserver", Warning, "there is only one; when it cannot be reached, the zone is gone",
    "a second one on another network is usual (RFC 1034 §4.1)"};
inline constexpr Message kNameserverIsAlias{"nameserver-is-alias", Error,
                                            "a nameserver cannot be an alias (RFC 2181 §10.3)",
                                            "instead, add {} with its address"};
inline constexpr Message kNameserverWithoutAddress{"nameserver-without-address", Error,
                                                   "{} has no address in the zone",
                                                   "add {} with its address"};
inline constexpr Message kSteeredNameserver{
    "steered-nameserver", Error,
    "a nameserver's own name cannot be steered: resolvers share its addresses",
    "give it `a` and `aaaa`"};

// Records and what may stand beside them.
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

// Steering.
inline constexpr Message kUnknownPolicy{"unknown-policy", Error, "no policy is called {}", "{}"};
inline constexpr Message kSteeredBesideRecords{
    "steered-beside-records", Error, "a name is either steered or has {} records", "{} is at {}"};
inline constexpr Message kNoRegions{"no-regions", Error, "there is no region to choose",
                                    "add one: [regions.NAME] with `at` and `addresses`"};
inline constexpr Message kRegionsWithoutFamily{
    "regions-without-family", Error, "some of its regions have no {}: {}",
    "give them such addresses, or in [{}] write missing_family = \"next\" to use the next region "
    "that has some, or \"omit\" to do without everywhere"};

// Master files.
inline constexpr Message kControlInPath{"control-in-path", Error,
                                        "{} has a control character; no file name may"};
inline constexpr Message kPathTooLong{"path-too-long", Error, "{} is too long a file name"};
inline constexpr Message kClimbingPath{"climbing-path", Error,
                                       "{} climbs with \"..\", which is not allowed",
                                       "the files of a zone lie beside it, or in folders below"};
inline constexpr Message kNoPath{"no-file-name", Error, "{} is no file name"};
inline constexpr Message kUnreadableFile{"unreadable-file", Error, "{}"};
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
inline constexpr Message kMasterTtlTooLong{"master-ttl-too-long", Error,
                                           "{} is over 2147483647 seconds",
                                           "expected seconds, or such as \"1h30m\""};
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
inline constexpr Message kQuestionType{"question-type", Error,
                                       "{} is a question, not data, and cannot be stored"};
inline constexpr Message kRefusedMasterData{"refused-master-data", Error, "{}: {}", "{}"};
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

// Everything.
inline constexpr Message kMoreErrors{"more-errors", Error, "{} more are not shown"};
inline constexpr Message kMoreWarnings{"more-warnings", Warning, "{} more are not shown"};

}  // namespace meridian::zones::messages
