// Tests that differences of texts read as `patch` and people expect.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "server/commands/command_texts.h"

namespace meridian::server {
namespace {

std::string difference(std::string_view before, std::string_view after) {
    return line_difference("f", before, after);
}

TEST(LineDifference, IsEmptyWhenNothingChanges) {
    EXPECT_EQ(difference("a\nb\n", "a\nb\n"), "");
    EXPECT_EQ(difference("", ""), "");
}

TEST(LineDifference, ShowsThreeLinesAroundAChange) {
    EXPECT_EQ(difference("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\ny\n6\n7\n8\n"),
              "--- f\n+++ f\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+x\n+y\n 6\n 7\n 8\n");
}

TEST(LineDifference, PartsChangesThatAreFarApart) {
    EXPECT_EQ(difference("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\n"),
              "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
              "@@ -6,4 +6,3 @@\n 5\n 6\n 7\n-b\n");
    EXPECT_EQ(difference("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\n"),
              "--- f\n+++ f\n@@ -1,8 +1,7 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n");
}

TEST(LineDifference, TellsOfAMissingLineEnd) {
    EXPECT_EQ(difference("a", "a\nb"),
              "--- f\n+++ f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n"
              "\\ No newline at end of file\n");
    EXPECT_EQ(difference("", "a\n"), "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n");
    EXPECT_EQ(difference("a\n", ""), "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-a\n");
}

TEST(LineDifference, ShowsLongTextsAsOneChange) {
    std::string before = "first\n";
    std::string after = "start\n";
    for (int i = 0; i < 4000; ++i) {
        before += std::to_string(i) + "\n";
        after += std::to_string(i) + "\n";
    }
    const std::string text = difference(before + "last\n", after + "end\n");
    EXPECT_EQ(text.substr(0, 40), "--- f\n+++ f\n@@ -1,4002 +1,4002 @@\n-first");
}

}  // namespace
}  // namespace meridian::server
