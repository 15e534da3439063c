// Lists the diagnostics of meridian.toml, besides those of any key.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// As zones/model/diagnostic_kinds.h, which has those of unknown keys, kinds and ranges. Each row
/// has its test in tests/server/settings_test.cpp, and the faults that would stop a start in
/// tests/system/check_test.py.
namespace meridian::server::diagnostics {

using zones::DiagnosticKind;
using enum zones::Severity;

inline constexpr DiagnosticKind kUnreadableSettings{"unreadable-settings", Error, "{}"};
inline constexpr DiagnosticKind kNoEffectYet{"no-effect-yet", Warning, "has no effect yet"};
inline constexpr DiagnosticKind kNeedsRestart{
    "needs-restart", Warning, "has changed; the change takes effect at the next start"};
inline constexpr DiagnosticKind kNoEndpoint{
    "no-endpoint", Error, "{} is no address with a port",
    "expected for example \"192.0.2.1:53\" or \"[2001:db8::1]:53\""};
inline constexpr DiagnosticKind kUnusableAddress{"unusable-address", Error, "{} is {}", "{}"};
inline constexpr DiagnosticKind kEndpointTwice{"endpoint-twice", Error, "{} stands here twice"};
inline constexpr DiagnosticKind kNoStateDirectory{"no-state-directory", Error,
                                                  "expected the path of a directory",
                                                  "leave the key away for the usual places"};
inline constexpr DiagnosticKind kEmptyText{"empty-text", Error,
                                           "expected {}, and not an empty text",
                                           "leave the key away for the default"};
inline constexpr DiagnosticKind kNoLogTarget{"no-log-target", Error, "{} is no place for a log",
                                             "{}expected {}, or a path with a slash in it"};
inline constexpr DiagnosticKind kNoSource{"no-source", Error, "{} is no address",
                                          "expected one such as \"192.0.2.53\", without a port"};
inline constexpr DiagnosticKind kUnusableSource{
    "unusable-source", Error, "checks cannot come from {}, since {}",
    "name an address of this machine, or leave the key out: the system chooses one"};
inline constexpr DiagnosticKind kSourceTwice{"source-twice", Error, "{} and {} are of one family",
                                             "name one address a family"};
inline constexpr DiagnosticKind kNoUserAgent{"no-user-agent", Error,
                                             "expected a line of 1 to {} plain letters"};
inline constexpr DiagnosticKind kUnusableSelfTest{
    "unusable-self-test", Error, "{} cannot be asked, since {}",
    "name a host beyond the uplink that takes connections, such as a resolver on port 53"};
inline constexpr DiagnosticKind kTooManySelfTests{"too-many-self-tests", Error,
                                                  "{} addresses; expected at most {}"};

inline constexpr DiagnosticKind kNoCommand{
    "no-command", Error, "{} is no absolute path of a program",
    "write the whole path, such as \"/usr/local/bin/lag\"; its arguments are further texts of the "
    "list"};
inline constexpr DiagnosticKind kNoArgument{"no-argument", Error,
                                            "expected a line of at most {} octets"};
inline constexpr DiagnosticKind kTooManyArguments{"too-many-arguments", Error,
                                                  "{} texts; a command has at most {}"};
inline constexpr DiagnosticKind kNoPlaceholder{"no-placeholder", Error,
                                               "{} stands for nothing here", "{}"};
inline constexpr DiagnosticKind kTooManyDeclared{"too-many-commands-declared", Error,
                                                 "there are more than {} commands"};

// Of the file of overrides.
inline constexpr DiagnosticKind kUnreadableOverrides{"unreadable-overrides", Error, "{}"};
inline constexpr DiagnosticKind kNoTarget{"no-target", Error, "{}"};
inline constexpr DiagnosticKind kNoOffset{
    "no-offset", Error, "{} is no moment that is the same on every server",
    "write date, time and offset, such as 2026-12-01T03:00:00Z"};
inline constexpr DiagnosticKind kTooManyOverrides{
    "too-many-overrides", Error, "there are more than {} overrides", "`*` stands for any text"};
inline constexpr DiagnosticKind kForcedBothWays{"forced-both-ways", Error,
                                                "{} is forced the other way already",
                                                "see line {}; leave one of the two out"};
inline constexpr DiagnosticKind kTextTooLong{"text-too-long", Error,
                                             "{} octets; expected at most {}"};
inline constexpr DiagnosticKind kEmptiedOverrides{
    "emptied-overrides", Error, "the file has become empty, and held {} before",
    "write `# none` into it if nothing is to be set any more"};
inline constexpr DiagnosticKind kCutOverrides{
    "cut-overrides", Error, "the last line has no end, as in a file of which the rest is missing",
    "end it with a line feed"};

// Faults that would stop a start.
inline constexpr DiagnosticKind kNoSuchGroup{
    "no-such-group", Error, "there is no group called {} on this system",
    "make one: `groupadd --system NAME`, and `gpasswd -a USER NAME` for each member"};
inline constexpr DiagnosticKind kNotOfGroup{
    "not-of-group", Error, "the server's user is no member of group {}",
    "only a member, or a server that starts as root, can give a socket to a group"};
inline constexpr DiagnosticKind kNoSuchAddress{
    "no-such-address", Error, "nothing can listen on {} here: {}",
    "name addresses that this machine has (`ip address`), or `0.0.0.0` and `[::]` for all of them"};
inline constexpr DiagnosticKind kNoFamily{"no-family", Error, "{} is no family of addresses",
                                          "families here: \"ipv4\", \"ipv6\""};
inline constexpr DiagnosticKind kFamilyTwice{"family-twice", Error, "{} is given twice"};
inline constexpr DiagnosticKind kSourceNotHere{
    "source-not-here", Error, "checks cannot come from {} here: {}",
    "name addresses that this machine has (`ip address`)"};
inline constexpr DiagnosticKind kPortTaken{"port-taken", Error,
                                           "another program listens on {} already ({})",
                                           "`ss -lntup` shows which one"};
inline constexpr DiagnosticKind kNoSuchUser{"no-such-user", Error, "{}",
                                            "create it: `useradd --system --no-create-home NAME`"};
inline constexpr DiagnosticKind kNoLogDirectory{
    "no-log-directory", Error, "there is no directory {}",
    "create it; the log file itself is made by the server"};
inline constexpr DiagnosticKind kLogIsDirectory{"log-is-directory", Error, "{} is a directory",
                                                "name a file in it"};
inline constexpr DiagnosticKind kUnusableLog{"unusable-log", Error, "{}"};
inline constexpr DiagnosticKind kLogStaysAway{"log-not-made-anew", Warning, "{}"};
inline constexpr DiagnosticKind kLogIsExposed{"log-exposed", Warning, "{}"};
inline constexpr DiagnosticKind kNothingSaved{"nothing-kept", Error, "{}"};
inline constexpr DiagnosticKind kNotHandedOver{"not-handed-over", Warning, "{}"};
inline constexpr DiagnosticKind kNoControlSocket{
    "no-control-socket", Error, "there would be no control socket: {}: something else is there",
    "remove it: without the socket `status`, `reload` and `why --server` reach no server"};
inline constexpr DiagnosticKind kCannotBecome{"cannot-become-user", Error, "{}"};
inline constexpr DiagnosticKind kUserCannotRead{"user-cannot-read", Error, "{}"};

}  // namespace meridian::server::diagnostics
