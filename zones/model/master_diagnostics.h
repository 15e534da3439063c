// Lists the kinds of diagnostics about master files.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

// Master files.
inline constexpr DiagnosticKind kControlInPath{"control-in-path", Error,
                                               "{} has a control character; no file name may"};
inline constexpr DiagnosticKind kPathTooLong{"path-too-long", Error, "{} is too long a file name"};
inline constexpr DiagnosticKind kClimbingPath{
    "climbing-path", Error, "{} climbs with \"..\", which is not allowed",
    "the files of a zone lie beside it, or in folders below"};
inline constexpr DiagnosticKind kNoPath{"no-file-name", Error, "{} is no file name"};
inline constexpr DiagnosticKind kUnreadableFile{"unreadable-file", Error, "{}"};
inline constexpr DiagnosticKind kApexInBoth{
    "apex-in-both", Error, "the {} records of the zone stand in a master file, too",
    "those are at {}; keep one of the two places"};
inline constexpr DiagnosticKind kNoSoa{
    "no-soa", Error, "there is no SOA record of {}",
    "a master file is called after its zone, with \".zone\" at the end"};
inline constexpr DiagnosticKind kNamedForAnotherZone{
    "named-for-another-zone", Error,
    "the name of the file makes it the zone {}, of which "
    "there is no SOA record; is it the zone {}?",
    "call the file {}zone"};
inline constexpr DiagnosticKind kNoNs{"no-ns", Error, "there are no NS records of {}",
                                      "the zone's own nameservers stand in its file"};
inline constexpr DiagnosticKind kNoNsInMasterFiles{
    "no-ns-in-master-files", Error, "no master file has NS records of the zone itself",
    "add them there, or write `nameservers` here"};
inline constexpr DiagnosticKind kNoOtherFiles{"no-other-files", Error,
                                              "no other file can be read here"};
inline constexpr DiagnosticKind kMasterFilesTooLarge{
    "master-files-too-large", Error, "the master files of the zone hold more than 2 GiB"};
inline constexpr DiagnosticKind kTooManyMasterRecords{
    "too-many-master-records", Error, "a zone has at most {} records in master files"};
inline constexpr DiagnosticKind kParenthesisNotOpened{
    "parenthesis-not-opened", Error, "the parenthesis was not opened",
    "quote it, or write \\) where it is meant as a character"};
inline constexpr DiagnosticKind kParenthesisNotClosed{"parenthesis-not-closed", Error,
                                                      "the parenthesis is not closed",
                                                      "a closing one must follow, within 512 KiB"};
inline constexpr DiagnosticKind kQuotesNotClosed{
    "quotes-not-closed", Error, "the quotes are not closed in this line",
    "write \\\" where a quotation mark is meant as a character"};
inline constexpr DiagnosticKind kCarriageReturnAlone{
    "carriage-return-alone", Error, "a CR stands here that ends no line",
    "lines end in LF or CR LF; \\013 is the character itself"};
inline constexpr DiagnosticKind kMasterLineTooLong{
    "master-line-too-long", Error, "the line is longer than 512 KiB", "no record needs so much"};
inline constexpr DiagnosticKind kUnknownDirective{
    "unknown-directive", Error, "there is no directive {}",
    "{}; a name that begins with \"$\" is written \"\\$\""};
inline constexpr DiagnosticKind kDirectiveTooShort{"directive-too-short", Error,
                                                   "something is missing here", "expected {}"};
inline constexpr DiagnosticKind kDirectiveTooLong{"directive-too-long", Error, "too much here",
                                                  "expected {}"};
inline constexpr DiagnosticKind kNoMasterTtl{"no-master-ttl", Error, "{} is no TTL",
                                             "expected seconds, or such as \"1h30m\""};
inline constexpr DiagnosticKind kMasterTtlTooLong{
    "master-ttl-too-long", Warning, "{} is longer than any TTL; {} seconds are taken",
    "resolvers cache nothing for longer than about a week (RFC 8767 §4)"};
inline constexpr DiagnosticKind kWebAddressAsName{
    "web-address-as-name", Warning, "{} is a web address; as a name it leads nowhere",
    "write the host alone, {}; a redirection is the work of a web server"};
inline constexpr DiagnosticKind kForeignLettersTaken{
    "foreign-letters-taken", Warning, "{} has letters that are not ASCII, and is served with them",
    "browsers and mail servers ask for {} instead"};
inline constexpr DiagnosticKind kForeignOctetsTaken{
    "foreign-octets-taken", Warning, "{} has octets that are not ASCII, and is served with them",
    "clients hardly ask for such a name; if it is meant, write the octets as \\DDD"};
inline constexpr DiagnosticKind kQuotedName{
    "quoted-name", Error, "{} is no name of a record",
    "servers differ about dots, @ and empty quotes; write the name without quotes"};
inline constexpr DiagnosticKind kTopLevelByFileName{
    "top-level-by-file-name", Warning,
    "the name of the file makes it the zone {}, directly below the root",
    "if it is the zone {}example., call the file {}example.zone; if not, say so by $ORIGIN {}"};
inline constexpr DiagnosticKind kNoMasterFile{"no-master-file", Error,
                                              "the file is {}, not a master file (RFC 1035)", "{}"};
inline constexpr DiagnosticKind kNoMasterComment{"no-master-comment", Error,
                                                 "{} begins no comment in a master file",
                                                 "a comment begins with \";\""};
inline constexpr DiagnosticKind kNoMasterCommentTaken{
    "no-master-comment-taken", Warning, "{} begins no comment in a master file and is served",
    "a comment begins with \";\""};
inline constexpr DiagnosticKind kDataCut{"data-cut", Error,
                                         "{}: {}, since this \";\" begins a comment", "{}"};
inline constexpr DiagnosticKind kSingleQuotes{
    "single-quotes", Warning, "single quotes are plain letters in a master file, and are served",
    "put the text into double quotes instead"};
inline constexpr DiagnosticKind kTypeMissingBefore{
    "type-missing-before", Error, "the type of the record is missing in front of {}", "write {}"};
inline constexpr DiagnosticKind kTextCut{
    "text-cut", Warning, "the text ends at this \";\"; what follows is a comment: {}",
    "put the text into quotes"};
inline constexpr DiagnosticKind kIncludesItself{"includes-itself", Error,
                                                "{} would include itself"};
inline constexpr DiagnosticKind kIncludesTooDeep{"includes-too-deep", Error,
                                                 "files are included {} deep at most"};
inline constexpr DiagnosticKind kTooManyIncludes{"too-many-includes", Error,
                                                 "a zone has at most {} $INCLUDE"};
inline constexpr DiagnosticKind kNoRange{"no-range", Error, "{} is no range",
                                         "expected such as 1-254, or 0-254/2"};
inline constexpr DiagnosticKind kTooManyGenerated{"too-many-generated", Error,
                                                  "a zone has at most {} records of $GENERATE"};
inline constexpr DiagnosticKind kGeneratedSoa{
    "generated-soa", Error, "a zone has only one SOA record, which is not generated"};
inline constexpr DiagnosticKind kUnfillablePattern{
    "unfillable-pattern", Error, "the pattern cannot be filled in",
    "such as ${1,3,d}: offset, width, base d o x X n or N"};
inline constexpr DiagnosticKind kGeneratedComment{
    "generated-comment", Warning, "what stands behind the \";\" is a comment, as in BIND",
    "put quotes within the quotes: \"\\\"v=DKIM1; k=rsa\\\"\""};
inline constexpr DiagnosticKind kGeneratedTooLong{"generated-too-long", Error,
                                                  "the data that $GENERATE makes are over 512 KiB"};
inline constexpr DiagnosticKind kOwnerMissing{
    "owner-missing", Error, "the first record of a file needs an owner",
    "a line that begins with a blank continues the name before; \"@\" is the origin"};
inline constexpr DiagnosticKind kForeignClass{"foreign-class", Error, "class {} is not served",
                                              "leave the class out, or write IN"};
inline constexpr DiagnosticKind kTypeMissing{"type-missing", Error,
                                             "the type of the record is missing",
                                             "expected OWNER [TTL] [CLASS] TYPE DATA"};
inline constexpr DiagnosticKind kUnknownMasterType{"unknown-master-type", Error, "unknown type {}",
                                                   "{}expected OWNER [TTL] [CLASS] TYPE DATA"};
inline constexpr DiagnosticKind kTypeAsOwner{"type-as-owner", Error, "unknown type {}",
                                             "{}a line without an owner begins with a blank"};
inline constexpr DiagnosticKind kSoaBelowApex{"soa-below-apex", Error,
                                              "a SOA record stands at the top of a zone only",
                                              "that of this zone is {}"};
inline constexpr DiagnosticKind kSecondSoa{"second-soa", Error, "the zone has a SOA record already",
                                           "the first one is at {}"};
inline constexpr DiagnosticKind kTtlsDiffer{
    "ttls-differ", Warning, "a TTL of {} beside {} at {}, which is used",
    "records of one name and type have one TTL (RFC 2181 §5.2)"};
inline constexpr DiagnosticKind kRecordsInBoth{"records-in-both", Error,
                                               "{} has {} records in [records], too",
                                               "those are at {}; keep one of the two places"};

}  // namespace meridian::zones::diagnostics
