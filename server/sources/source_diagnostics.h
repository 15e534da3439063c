// Lists the diagnostics of zone files, databases and state that need no parser.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// As zones/model/diagnostic_kinds.h. Each row has its test in tests/server/sources_test.cpp or
/// beside it.
namespace meridian::server::diagnostics {

using zones::DiagnosticKind;
using enum zones::Severity;

inline constexpr DiagnosticKind kUnreadableZone{"unreadable-zone", Error, "{}"};
inline constexpr DiagnosticKind kUnfinishedFile{
    "unfinished-file", Error,
    "this file is being written; it is read when it is closed, or unchanged for 5 s"};
inline constexpr DiagnosticKind kNoLineEnd{
    "no-line-end", Warning, "the last line has no end, as in a file of which the rest is missing",
    "end it with a line feed"};
inline constexpr DiagnosticKind kNoMemoryToRead{
    "no-memory-to-read", Error, "there is not enough memory to read this file",
    "give the server more (MemoryMax or LimitAS of its unit), or make the zone smaller"};
inline constexpr DiagnosticKind kNoMemoryToServe{
    "no-memory-to-serve", Error, "there is not enough memory to serve what this file says",
    "give the server more (MemoryMax or LimitAS of its unit), or make the zone smaller"};
inline constexpr DiagnosticKind kUnusableDatabase{"unusable-database", Error, "{}"};
inline constexpr DiagnosticKind kLackingDatabase{"lacking-database", Warning, "{}"};
inline constexpr DiagnosticKind kUnreadableDirectory{"unreadable-directory", Error, "{}{}"};
inline constexpr DiagnosticKind kNoZoneFiles{
    "no-zone-files", Error, "there are no zone files (*.toml, *.zone) in this directory"};
inline constexpr DiagnosticKind kPassedOver{
    "passed-over", Warning, "no zone files by their names, so they are not read: {}",
    "a zone file is called NAME.toml, and a master file of the zone NAME is called NAME.zone"};
inline constexpr DiagnosticKind kOnlyLibraries{"only-libraries", Error,
                                               "no file in this directory describes a zone"};
inline constexpr DiagnosticKind kNotEditable{"not-editable", Error,
                                             "this is a master file; regions stand in TOML files"};
inline constexpr DiagnosticKind kNoSoundZone{
    "no-sound-zone", Error, "no zone file here is without an error; what is served stays as it is"};
inline constexpr DiagnosticKind kTooManyProbes{
    "too-many-probes", Error,
    "the zones ask for {} health checks a second, and this server makes at most {}",
    "check less often (`every`), or raise `max_probes` in [health] of meridian.toml"};
inline constexpr DiagnosticKind kTooManyProbeSockets{
    "too-many-probe-sockets", Error,
    "health checks would take {} sockets at once if all of them hang, and {} are for checks",
    "write a shorter `timeout` or a longer `every`"};
inline constexpr DiagnosticKind kTooManyCommands{
    "too-many-commands", Error,
    "health checks would run {} commands at once if all of them hang, and this server runs {}",
    "write a shorter `timeout` or a longer `every`"};
inline constexpr DiagnosticKind kHeldZones{
    "held-zones", Error, "{} of {} zones would be gone ({})",
    "what was served is still served; `meridian reload --force` takes them away"};
inline constexpr DiagnosticKind kHeldAllZones{
    "held-all-zones", Error,
    "no zone files (*.toml, *.zone) in this directory describe a zone, so that all {} zones would "
    "be gone ({})",
    "what was served is still served; `meridian reload --force` takes them away"};
inline constexpr DiagnosticKind kHeldZone{
    "held-zone", Error, "all {} of {} would be gone",
    "what was served is still served; `meridian reload --force` takes them away"};
inline constexpr DiagnosticKind kSignedZone{
    "signed-zone", Error, "{} is signed, and signatures are not served yet",
    "validating resolvers would take its answers for forged; load "
    "it without RRSIG, NSEC and NSEC3, "
    "and with no DS in its parent"};
inline constexpr DiagnosticKind kServedSignedZone{
    "served-signed-zone", Warning, "{} is signed, and served without its signatures",
    "validating resolvers take its answers for forged while its parent has a DS"};
inline constexpr DiagnosticKind kZonesBelowUnknown{
    "zones-below-unknown", Warning,
    "zones below {} came or went, and the version of this file that is served cannot be read again",
    "once this file has no error, all of its names are answered right"};
inline constexpr DiagnosticKind kLastGood{
    "last-good", Warning, "the version of this file that was served last is still served"};
inline constexpr DiagnosticKind kLostCopy{"lost-copy", Error,
                                          "the last good copy of this file cannot be used: {}",
                                          "its zones are served once you mend the file or bring "
                                          "its copy back; where the zones are to go, "
                                          "remove {}/last-good"};
inline constexpr DiagnosticKind kMendedText{
    "mended-text", Warning, "{}; this copy of {} for the next start is written anew"};
inline constexpr DiagnosticKind kNotSaved{
    "not-saved", Error, "what is served could not be saved for the next start: {}"};
inline constexpr DiagnosticKind kStateTrouble{"state-trouble", Warning, "{}"};

}  // namespace meridian::server::diagnostics
