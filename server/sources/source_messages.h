// Lists what is told of zone files before anything reads them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// As zones/model/messages.h. Each row has its test in tests/server/sources_test.cpp or beside it.
namespace meridian::server::messages {

using zones::Message;
using enum zones::Severity;

inline constexpr Message kUnreadableZone{"unreadable-zone", Error, "{}"};
inline constexpr Message kUnfinishedFile{
    "unfinished-file", Error,
    "somebody is writing this file; it is read when it is closed, or rests for 5 s"};
inline constexpr Message kNoLineEnd{
    "no-line-end", Warning, "the last line has no end, as in a file of which the rest is missing",
    "end it with a line feed"};
inline constexpr Message kNoMemoryToRead{
    "no-memory-to-read", Error, "there is not enough memory to read this file",
    "give the server more (MemoryMax or LimitAS of its unit), or make the zone smaller"};
inline constexpr Message kNoMemoryToServe{
    "no-memory-to-serve", Error, "there is not enough memory to serve what this file says",
    "give the server more (MemoryMax or LimitAS of its unit), or make the zone smaller"};
inline constexpr Message kUnusableDatabase{"unusable-database", Error, "{}"};
inline constexpr Message kLackingDatabase{"lacking-database", Warning, "{}"};
inline constexpr Message kUnreadableDirectory{"unreadable-directory", Error, "{}{}"};
inline constexpr Message kNoZoneFiles{
    "no-zone-files", Error, "there are no zone files (*.toml, *.zone) in this directory{}"};
inline constexpr Message kOnlyLibraries{"only-libraries", Error,
                                        "no file in this directory describes a zone"};
inline constexpr Message kNotEditable{"not-editable", Error,
                                      "this is a master file; regions stand in TOML files"};
inline constexpr Message kNoSoundZone{"no-sound-zone", Error,
                                      "no zone file here is without an error; what runs goes on"};
inline constexpr Message kHeldZones{
    "held-zones", Error, "{} of {} zones would be gone ({})",
    "what was served is served on; `meridian reload --force` takes them away"};
inline constexpr Message kHeldZone{
    "held-zone", Error, "all {} of {} would be gone",
    "what was served is served on; `meridian reload --force` takes them away"};
inline constexpr Message kSignedZone{"signed-zone", Error,
                                     "{} is signed, and signatures are not served yet",
                                     "validating resolvers would take its answers for forged; load "
                                     "it without RRSIG, NSEC and NSEC3, "
                                     "and with no DS in its parent"};
inline constexpr Message kServedSignedZone{
    "served-signed-zone", Warning, "{} is signed, and served without its signatures",
    "validating resolvers take its answers for forged while its parent has a DS"};
inline constexpr Message kLastGood{"last-good", Warning,
                                   "what was served of this file last is served on"};
inline constexpr Message kStateTrouble{"state-trouble", Warning, "{}"};

}  // namespace meridian::server::messages
