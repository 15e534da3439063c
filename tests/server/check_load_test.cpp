// Checks how many health checks a server may be asked for.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/check_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "meridian/clock.h"
#include "server/sources/served_data.h"
#include "tests/server/served_directory.h"
#include "tests/server/told.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a start says of a zone whose addresses are each asked every 5 s.
std::string said_of(int addresses, std::uint32_t max_probes) {
    test::ServedDirectory directory;
    std::string list;
    for (int i = 0; i < addresses; ++i) {
        list += (i == 0 ? "\"192.0.2." : ", \"192.0.2.") + std::to_string(i + 1) + '"';
    }
    directory.write_zone("a.toml",
                         "zone = \"a.example\"\nnameservers = [\"ns1.example.net.\", "
                         "\"ns2.example.net.\"]\nhealth = { tcp = 80, every = \"5s\" }\n"
                         "[regions.one]\nat = [50.1, 8.7]\naddresses = [" +
                             list + "]\n[records]\nwww.steer = \"nearest\"\n");
    DataPaths paths = directory.data();
    paths.max_probes = max_probes;
    const SystemClock clock;
    ServedData data(paths, directory.state(), clock);
    const LoadReport report = data.load();
    return test::told(report.diagnostics);
}

TEST(CheckLoad, CountsWhatIsAskedForEachSecond) {
    EXPECT_THAT(said_of(16, 3),
                HasSubstr("ask for 4 health checks a second, and this server makes at most 3"));
    EXPECT_THAT(said_of(16, 4), Not(HasSubstr("health checks a second")));
}

TEST(CheckLoad, IsNoMoreThanItsPartsComeTo) {
    EXPECT_THAT(said_of(15, 3), Not(HasSubstr("health checks a second")))
        << "fifteen fifths, one after the other, are a little over 3";
}

}  // namespace
}  // namespace meridian::server
