// Writes messages between server and helper, reads them back, and refuses all others.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/helper_message.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "meridian/limits.h"

namespace meridian::server {
namespace {

const HelperRequest kRun{.id = 0x01020304,
                         .command = 5,
                         .timeout_milliseconds = 3'000,
                         .values = {"192.0.2.1", "frankfurt", "api", "", "", "", "z.example."}};

TEST(HelperMessages, AreReadAsTheyWereWritten) {
    EXPECT_EQ(read_request(write_request(kRun)), kRun);
    const HelperRequest cancel{.kind = HelperRequest::Kind::Cancel, .id = 7};
    EXPECT_EQ(read_request(write_request(cancel)), cancel);
    const auto reply = read_reply(write_reply({9, {CommandEnd::Exited, -3, "why\n"}}));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->id, 9U);
    EXPECT_EQ(reply->outcome.end, CommandEnd::Exited);
    EXPECT_EQ(reply->outcome.code, -3);
    EXPECT_EQ(reply->outcome.output, "why\n");
}

TEST(HelperMessages, AreCutToTheirBounds) {
    HelperRequest request = kRun;
    request.values.fill(std::string(100'000, 'x'));
    const auto message = write_request(request);
    EXPECT_LE(message.size(), kMaxHelperMessageOctets);
    EXPECT_EQ(read_request(message)->values[6], std::string(kMaxCommandValueOctets, 'x'));
    const auto reply = write_reply({1, {CommandEnd::Exited, 0, std::string(100'000, 'x')}});
    EXPECT_LE(reply.size(), kMaxHelperMessageOctets);
    EXPECT_EQ(read_reply(reply)->outcome.output.size(), kMaxCommandOutputOctets);
}

TEST(HelperMessages, CutOrLongerOnesAreNone) {
    auto message = write_request(kRun);
    auto reply = write_reply({1, {CommandEnd::Killed, 9, "x"}});
    for (std::size_t octets = 0; octets < message.size(); ++octets) {
        EXPECT_FALSE(read_request(std::span(message).first(octets))) << octets;
    }
    for (std::size_t octets = 0; octets < reply.size(); ++octets) {
        EXPECT_FALSE(read_reply(std::span(reply).first(octets))) << octets;
    }
    message.push_back(0);
    reply.push_back(0);
    EXPECT_FALSE(read_request(message));
    EXPECT_FALSE(read_reply(reply));
}

TEST(HelperMessages, OfAnotherKindOrOverABoundAreNone) {
    auto message = write_request(kRun);
    message[0] = 3;
    EXPECT_FALSE(read_request(message));
    auto reply = write_reply({1, {CommandEnd::Exited, 0, ""}});
    for (const int end : {static_cast<int>(CommandEnd::Lost), 5, 255}) {
        reply[4] = static_cast<std::uint8_t>(end);
        EXPECT_FALSE(read_reply(reply)) << end;
    }
    std::vector<std::uint8_t> long_output = write_reply({1, {CommandEnd::Exited, 0, ""}});
    long_output[9] = (kMaxCommandOutputOctets + 1) >> 8;
    long_output[10] = (kMaxCommandOutputOctets + 1) & 0xff;
    long_output.resize(long_output.size() + kMaxCommandOutputOctets + 1);
    EXPECT_FALSE(read_reply(long_output));
}

}  // namespace
}  // namespace meridian::server
