// Lists what is told of the server's own file, besides what is told of any key.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// As zones/model/messages.h, where what is told of unknown keys, kinds and ranges stands. Each row
/// has its test in tests/server/settings_test.cpp, what a start would stumble over in
/// tests/system/check_test.py.
namespace meridian::server::messages {

using zones::Message;
using enum zones::Severity;

inline constexpr Message kUnreadableSettings{"unreadable-settings", Error, "{}"};
inline constexpr Message kNoEffectYet{"no-effect-yet", Warning, "has no effect yet"};
inline constexpr Message kNeedsRestart{"needs-restart", Warning,
                                       "has changed, which holds from the next start on"};
inline constexpr Message kNoEndpoint{
    "no-endpoint", Error, "{} is no address with a port",
    "expected for example \"192.0.2.1:53\" or \"[2001:db8::1]:53\""};
inline constexpr Message kUnusableAddress{"unusable-address", Error, "{} is {}", "{}"};
inline constexpr Message kEndpointTwice{"endpoint-twice", Error, "{} stands here twice"};
inline constexpr Message kNoStateDirectory{"no-state-directory", Error,
                                           "expected the path of a directory",
                                           "leave the key away for the usual places"};
inline constexpr Message kEmptyText{"empty-text", Error, "expected {}, and not an empty text",
                                    "leave the key away for the default"};
inline constexpr Message kNoLogTarget{"no-log-target", Error, "{} is no place for a log",
                                      "{}expected {}, or a path with a slash in it"};

// What a start would stumble over.
inline constexpr Message kNoSuchAddress{
    "no-such-address", Error, "nothing can listen on {} here: {}",
    "name addresses that this machine has (`ip address`), or `0.0.0.0` and `[::]` for all of them"};
inline constexpr Message kPortTaken{"port-taken", Error,
                                    "another program listens on {} already ({})",
                                    "`ss -lntup` tells which one"};
inline constexpr Message kNoSuchUser{"no-such-user", Error, "{}",
                                     "create it: `useradd --system --no-create-home NAME`"};
inline constexpr Message kNoLogDirectory{"no-log-directory", Error, "there is no directory {}",
                                         "create it; the log file itself is made by the server"};
inline constexpr Message kLogIsDirectory{"log-is-directory", Error, "{} is a directory",
                                         "name a file in it"};

}  // namespace meridian::server::messages
