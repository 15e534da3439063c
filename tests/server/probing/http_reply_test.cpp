// Checks what is read of a reply to a check, however it is cut, and where reading ends.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/http_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "meridian/limits.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The result of `reply`, in pieces of so many octets, and then the end of the connection.
CheckResult read(const zones::HealthCheck& check, std::string_view reply, std::size_t piece) {
    HttpReply reader(check);
    while (!reply.empty()) {
        if (const auto result = reader.take(reply.substr(0, piece))) { return *result; }
        reply.remove_prefix(std::min(piece, reply.size()));
    }
    return reader.take_end();
}

/// The same, with a look at whether the cuts matter.
CheckResult read(const zones::HealthCheck& check, const std::string& reply) {
    const CheckResult whole = read(check, reply, reply.size() + 1);
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 100u}) {
        const CheckResult cut = read(check, reply, piece);
        EXPECT_EQ(cut.failure, whole.failure) << piece;
        EXPECT_EQ(cut.text, whole.text) << piece;
    }
    return whole;
}

const zones::HealthCheck kAnyBody{.kind = zones::CheckKind::Http};
const zones::HealthCheck kOk{.kind = zones::CheckKind::Http, .body = "all is well"};

TEST(HttpReply, PassesWithACodeOfTheTwoHundreds) {
    for (const char* const code : {"200", "204", "299"}) {
        EXPECT_TRUE(read(kAnyBody, std::string("HTTP/1.1 ") + code + " Fine\r\n\r\n").passed());
    }
    EXPECT_TRUE(read(kAnyBody, "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nbody").passed());
}

TEST(HttpReply, IsDecidedBehindTheHeaderWhereNoBodyIsAskedFor) {
    HttpReply reader(kAnyBody);
    EXPECT_FALSE(reader.take("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n"));
    const auto result = reader.take("\r\n");
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->passed());
    EXPECT_EQ(reader.status(), 200);
}

TEST(HttpReply, SaysWhichCodeItWas) {
    const CheckResult result = read(kAnyBody, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(result.failure, FailureKind::BadStatus);
    EXPECT_EQ(result.text, "503");
    zones::HealthCheck wants_404{.kind = zones::CheckKind::Http, .status = {404, 410}};
    EXPECT_TRUE(read(wants_404, "HTTP/1.1 404 Gone\r\n\r\n").passed());
    EXPECT_EQ(read(wants_404, "HTTP/1.1 200 OK\r\n\r\n").text, "200");
}

TEST(HttpReply, SaysWhereARedirectLeads) {
    const CheckResult result =
        read(kAnyBody, "HTTP/1.1 302 Found\r\nLocation: https://login.example/\x1b[2J\r\n\r\n");
    // RFC 9110 §5.5: no control characters.
    EXPECT_EQ(result.failure, FailureKind::Other);
    const CheckResult plain =
        read(kAnyBody, "HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\n\r\n");
    EXPECT_EQ(plain.failure, FailureKind::Redirect);
    EXPECT_EQ(plain.text, "302 redirect to https://login.example/");
    EXPECT_EQ(read(kAnyBody, "HTTP/1.1 304 Not Modified\r\n\r\n").text, "304 redirect");
    zones::HealthCheck wants_302{.kind = zones::CheckKind::Http, .status = {302}};
    EXPECT_TRUE(read(wants_302, "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n").passed());
}

TEST(HttpReply, CutsWhatTheNetworkWrote) {
    const std::string far(1000, 'a');
    const CheckResult result =
        read(kAnyBody, "HTTP/1.1 302 Found\r\nLocation: " + far + "\xe2\x80\xae\r\n\r\n");
    EXPECT_EQ(result.text, "302 redirect to " + std::string(kMaxProbeTextCharacters, 'a') + "...");
    const CheckResult turned =
        read(kAnyBody, "HTTP/1.1 302 Found\r\nLocation: /\xe2\x80\xae\xff\r\n\r\n");
    EXPECT_EQ(turned.text, "302 redirect to /\\u202e\xef\xbf\xbd");
}

TEST(HttpReply, FindsTheTextInBodiesOfEveryFraming) {
    const std::string text = "so all is well here";
    EXPECT_TRUE(read(kOk, "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n" + text).passed());
    EXPECT_TRUE(read(kOk, "HTTP/1.1 200 OK\r\n\r\n" + text).passed());
    EXPECT_TRUE(read(kOk,
                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "6\r\nso all\r\n6;x=y\r\n is we\r\n7\r\nll here\r\n0\r\n\r\n")
                    .passed());
}

TEST(HttpReply, FailsWhereTheTextIsMissing) {
    for (const std::string& reply : {
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
             std::string("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\ncut short"),
             std::string("HTTP/1.1 200 OK\r\n\r\nall is wel"),
             std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         }) {
        const CheckResult result = read(kOk, reply);
        EXPECT_EQ(result.failure, FailureKind::BadBody) << reply;
        EXPECT_EQ(result.text, "the body lacks \"all is well\"") << reply;
    }
}

TEST(HttpReply, LooksAtTheFirstEightKibibytesOfTheBody) {
    const std::string header = "HTTP/1.1 200 OK\r\n\r\n";
    const std::string room(kMaxProbeBodyOctets - kOk.body.size(), '.');
    EXPECT_TRUE(read(kOk, header + room + kOk.body).passed());
    EXPECT_EQ(read(kOk, header + room + "." + kOk.body).failure, FailureKind::BadBody);
}

TEST(HttpReply, PassesOverInterimResponses) {
    const std::string reply =
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        "HTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nall is well";
    EXPECT_TRUE(read(kOk, reply).passed());
}

TEST(HttpReply, ReadsNoBodyBehindHead) {
    zones::HealthCheck head{.kind = zones::CheckKind::Http, .method = "HEAD"};
    EXPECT_TRUE(read(head, "HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n").passed());
}

TEST(HttpReply, TakesALastChunkThatComesInPieces) {
    HttpReply reader(kOk);
    EXPECT_FALSE(reader.take("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"));
    EXPECT_FALSE(reader.take("0\r"));
    const auto result = reader.take("\n");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->failure, FailureKind::BadBody);
}

TEST(HttpReply, NeedsChunksThatFitTheirSize) {
    const std::string header = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char* const body :
         {"1\r\nab\r\n", "x\r\n", "\r\n", "fffffffffffffffff\r\n", "-1\r\n"}) {
        const CheckResult result = read(kOk, header + body);
        EXPECT_EQ(result.failure, FailureKind::Other) << body;
        EXPECT_THAT(result.text, HasSubstr("a chunk")) << body;
    }
}

TEST(HttpReply, TakesLinesThatEndInABareLineFeed) {
    EXPECT_TRUE(read(kOk, "HTTP/1.1 200\nContent-Length: 11\n\nall is well").passed());
}

TEST(HttpReply, SaysThatItIsNoHttp) {
    for (const char* const reply :
         {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n\r\n\r\n",
          "HTTP/1.1 2x0 \r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n folded: a\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "HTTP/1.1 099 \r\n"}) {
        const CheckResult result = read(kAnyBody, reply);
        EXPECT_EQ(result.failure, FailureKind::Other) << reply;
        EXPECT_THAT(result.text, StartsWith("no HTTP: ")) << reply;
    }
}

TEST(HttpReply, EndsAtEndlessHeaders) {
    std::string endless = "HTTP/1.1 200 OK\r\n";
    while (endless.size() < 2 * kMaxProbeHeaderOctets) {
        endless += "X-Padding: more\r\n";
    }
    HttpReply reader(kAnyBody);
    std::size_t taken = 0;
    std::optional<CheckResult> result;
    for (; !result && taken < endless.size(); taken += 100) {
        result = reader.take(std::string_view(endless).substr(taken, 100));
    }
    ASSERT_TRUE(result);
    EXPECT_EQ(result->failure, FailureKind::Other);
    EXPECT_LE(taken, kMaxProbeHeaderOctets + 200);
}

TEST(HttpReply, EndsAtEndlessInterimResponsesAndExtensionsOfChunks) {
    for (const auto& [begin, more] :
         {std::pair<std::string, std::string>{"", "HTTP/1.1 103 Early Hints\r\n\r\n"},
          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x=y;"},
          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;aaaaaaaaaaaa=b\r\nx\r\n"}}) {
        HttpReply reader(kOk);
        std::optional<CheckResult> result = reader.take(begin.empty() ? more : begin);
        std::size_t taken = begin.size();
        for (; !result && taken < 2 * kMaxProbeReplyOctets; taken += more.size()) {
            result = reader.take(more);
        }
        ASSERT_TRUE(result) << more;
        EXPECT_FALSE(result->passed());
        EXPECT_LE(taken, kMaxProbeReplyOctets + 100) << more;
    }
}

TEST(HttpReply, SaysWhereTheConnectionWasClosed) {
    EXPECT_EQ(read(kAnyBody, "").text, "closed before a reply");
    EXPECT_EQ(read(kAnyBody, "HTTP/1.1 200 OK\r\n").text, "closed within the header of its reply");
    EXPECT_THAT(read(kAnyBody, "HTTP/1.1 200 OK\r\n").failure, FailureKind::Other);
}

}  // namespace
}  // namespace meridian::server
