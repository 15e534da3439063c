// Says which Meridian this is, which compiler made it and which libraries it was built with.
//
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "server/commands/commands.h"

namespace meridian::server {

namespace {

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

}  // namespace

std::string version_text() {
    // The build hands the libraries' versions over: each library has one door (rule 14 of the
    // style), and this is none of them.
    return "meridian " MERIDIAN_VERSION "\ncompiled by " + compiler() +
           "\nbuilt with " MERIDIAN_LIBRARY_VERSIONS;
}

std::string version_number() {
    return MERIDIAN_VERSION;
}

}  // namespace meridian::server
