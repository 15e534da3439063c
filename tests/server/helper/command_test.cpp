// Fills placeholders of commands, and says why commands failed.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/command.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "server/probing/command_failure.h"

namespace meridian::server {
namespace {

using Words = std::vector<std::string_view>;

TEST(Commands, HaveWordsInBraces) {
    EXPECT_EQ(braced_words("--at={region}:{address}"), (Words{"region", "address"}));
    EXPECT_EQ(braced_words("{no_such}"), Words{"no_such"});
    EXPECT_EQ(braced_words(R"({"a": 1} {} {A} {region)"), Words{});
    EXPECT_EQ(braced_words("{{region}}"), Words{"region"});
}

TEST(Commands, TakeValuesAsPartsOfOneArgument) {
    const CommandValues values{"192.0.2.1", "a b; rm -rf /", "{address}"};
    EXPECT_EQ(
        with_values({"/bin/x", "{region}", "at {address}", "{service}{service}", "{other}", "{"},
                    values),
        (CommandLine{"/bin/x", "a b; rm -rf /", "at 192.0.2.1", "{address}{address}", "{other}",
                     "{"}))
        << "a value is not looked into";
}

TEST(Commands, FailForAReasonInOneLine) {
    EXPECT_EQ(failure_text({CommandEnd::Exited, 3, ""}), "exit 3");
    EXPECT_EQ(failure_text({CommandEnd::Exited, 3, " \r\n\n  lag is 90 s \r\nmore"}),
              "lag is 90 s");
    EXPECT_EQ(failure_text({CommandEnd::Killed, 9, ""}), "killed by signal 9");
    EXPECT_EQ(failure_text({CommandEnd::TimedOut, 0, "so far"}), "timed out");
    EXPECT_EQ(failure_text({CommandEnd::NotStarted, ENOENT, ""}),
              "cannot be run: No such file or directory");
    EXPECT_EQ(failure_text({CommandEnd::Exited, 1, "\x1b[2Jx"}), "\\u001b[2Jx");
    EXPECT_EQ(failure_text({CommandEnd::Exited, 1, std::string(5000, 'x')}),
              std::string(100, 'x') + "...");
}

}  // namespace
}  // namespace meridian::server
