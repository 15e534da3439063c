// Tests that the outcome of a request says what its finished reply says: code, TC, zone, region.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/geo/atlas.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/client_route.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

using dns::Outcome;
using dns::Type;
using test::ModelZone;

constexpr std::uint8_t reason(AddressSource source) {
    return static_cast<std::uint8_t>(source);
}

/// Berlin is at 203.0.113.0/24 and 2a00::/16, Sydney at 198.51.100.0/24.
std::shared_ptr<const geo::Atlas> small_atlas() {
    geo::AtlasBuilder builder;
    const auto add = [&builder](const char* prefix, geo::Coordinates at) {
        geo::Location location;
        location.has_coordinates = true;
        location.at = at;
        builder.add(*IpPrefix::parse(prefix), builder.add_location(location));
    };
    add("198.51.100.0/24", {-33.9, 151.2});
    add("203.0.113.0/24", {52.5, 13.4});
    add("2a00::/16", {52.5, 13.4});
    return std::make_shared<geo::Atlas>(std::move(builder).build());
}

std::vector<ModelZone> zones() {
    ModelZone steered("z.test.");
    steered.region("virginia", 38.95, -77.45, {"192.0.2.1", "2001:db8::1"})
        .region("frankfurt", 50.03, 8.57, {"192.0.2.2"})
        .region("sydney", -33.94, 151.17, {"192.0.2.4", "2001:db8::4"});
    steered.policy("nearest");
    steered.policy("resolver").client_subnet = false;
    steered.steer("www", 0).steer("*.shops", 0).steer("resolver", 1);
    steered.record("alias", Type::CNAME, "www").record("to-host", Type::CNAME, "host.other.test.");
    steered.record("host", Type::A, "192.0.2.9").record("cut", Type::NS, "ns.cut");
    steered.record("ns.cut", Type::A, "192.0.2.53").record("old", Type::DNAME, "other.test.");
    ModelZone other("other.test.");
    other.record("host", Type::A, "192.0.2.10").record("mx", Type::MX, "5 host");
    for (int i = 0; i < 60; ++i) {
        other.record("many", Type::A, "192.0.2." + std::to_string(i));
        other.record("texts", Type::TXT, "\"" + std::string(40, 'x') + std::to_string(i) + "\"");
    }
    return {steered, other};
}

struct Asked {
    dns::Request request;
    tests::DecodedMessage reply;
    std::vector<std::uint8_t> buffer;
};

class Asker {
public:
    Asker() {
        CompileInput input = test::input_of(zones());
        input.atlas = small_atlas();
        serving_.emplace(compile(input).value());
    }
    [[nodiscard]] std::uint32_t zone(const char* apex) const {
        return *serving_->snapshot()->data().apexes->find(test::name(apex));
    }
    /// The slot holds the outcome of a query before.
    Asked send(const std::vector<std::uint8_t>& query, const IpAddress& peer) {
        Asked asked;
        asked.buffer.resize(kMaxTcpOctets);
        std::copy(query.begin(), query.end(), asked.buffer.begin());
        asked.request.buffer = asked.buffer;
        asked.request.query_octets = query.size();
        asked.request.peer = {peer, 5353};
        asked.request.outcome = {
            .zone = 77, .region = 7, .reason = 3, .truncated = true, .rcode = 9};
        answer(*serving_, {}, {&asked.request, 1}, *state_);
        if (asked.request.reply_octets != 0) {
            asked.reply =
                tests::decode_message(std::span(asked.buffer).first(asked.request.reply_octets));
        }
        return asked;
    }
    Asked ask(std::string_view name, Type type, const tests::QueryOptions& options = {},
              const IpAddress& peer = IpAddress::v4(0xcb007101)) {
        return send(tests::build_query(name, type, options), peer);
    }

private:
    std::optional<Serving> serving_;
    std::unique_ptr<AnswerState> state_ = std::make_unique<AnswerState>();
};

struct Question {
    const char* name;
    Type type;
    const char* apex;  ///< Of the zone that holds the name; null where none does.
};

const std::vector<Question> kQuestions{
    {"host.z.test.", Type::A, "z.test."},
    {"host.z.test.", Type::MX, "z.test."},
    {"none.z.test.", Type::A, "z.test."},
    {"alias.z.test.", Type::A, "z.test."},
    {"to-host.z.test.", Type::A, "z.test."},
    {"x.old.z.test.", Type::A, "z.test."},
    {"a.cut.z.test.", Type::A, "z.test."},
    {"z.test.", Type::SOA, "z.test."},
    {"host.other.test.", Type::A, "other.test."},
    {"mx.other.test.", Type::MX, "other.test."},
    {"many.other.test.", Type::A, "other.test."},
    {"texts.other.test.", Type::TXT, "other.test."},
    {"host.other.test.", Type::ANY, "other.test."},
    {"else.where.", Type::A, nullptr},
    {"z.test.", Type::AXFR, nullptr},
    {"test.", Type::A, nullptr},
    {"z.test.", Type::DS, "z.test."},
    {"hostmaster.z.test.", Type::A, "z.test."},
};

TEST(Outcome, SaysWhatTheReplySaysAndWhoseNameWasAsked) {
    Asker asker;
    std::size_t truncated_count = 0;
    for (const Question& question : kQuestions) {
        for (const std::uint16_t udp_octets : std::array<std::uint16_t, 2>{512, 1232}) {
            SCOPED_TRACE(std::string(question.name) + " " + dns::type_to_text(question.type));
            const Asked asked = asker.ask(question.name, question.type, {.udp_octets = udp_octets});
            const Outcome& outcome = asked.request.outcome;
            EXPECT_EQ(outcome.rcode, asked.reply.rcode);
            EXPECT_EQ(outcome.truncated, asked.reply.truncated);
            EXPECT_EQ(outcome.zone,
                      question.apex == nullptr ? Outcome::kNoZone : asker.zone(question.apex));
            EXPECT_EQ(outcome.region, Outcome::kNoRegion);
            EXPECT_EQ(outcome.reason, Outcome::kNoReason);
            truncated_count += outcome.truncated ? 1 : 0;
        }
    }
    EXPECT_GE(truncated_count, 3u);
}

TEST(Outcome, OfErrorsHasTheirWholeCodeAndNoZone) {
    Asker asker;
    const auto expect_error = [&asker](const std::vector<std::uint8_t>& query,
                                       std::uint16_t rcode) {
        const Asked asked = asker.send(query, IpAddress::v4(0xcb007101));
        EXPECT_EQ(asked.reply.rcode, rcode);
        EXPECT_EQ(asked.request.outcome.rcode, rcode);
        EXPECT_FALSE(asked.request.outcome.truncated);
        EXPECT_EQ(asked.request.outcome.zone, Outcome::kNoZone);
        EXPECT_EQ(asked.request.outcome.region, Outcome::kNoRegion);
    };
    auto bad_version = tests::edns_query("www.z.test.", {.version = 1});
    expect_error(bad_version, 16);
    auto notify = tests::plain_query("www.z.test.");
    notify[2] = 0x20;
    expect_error(notify, 4);
    auto trailing = tests::plain_query("www.z.test.");
    trailing.push_back(0);
    expect_error(trailing, 1);
    auto response = tests::plain_query("www.z.test.");
    response[2] = 0x80;
    EXPECT_EQ(asker.send(response, IpAddress::v4(0xcb007101)).request.reply_octets, 0u);
}

struct SteeredQuestion {
    const char* name;
    Type type;
    const char* peer;
    const char* subnet;    ///< Null: none.
    std::uint32_t region;  ///< By cell: those of the first policy, then of the second.
    AddressSource source;
};

const std::vector<SteeredQuestion> kSteered{
    {"www.z.test.", Type::A, "203.0.113.1", nullptr, 1, AddressSource::Resolver},
    {"www.z.test.", Type::A, "198.51.100.1", nullptr, 2, AddressSource::Resolver},
    {"www.z.test.", Type::A, "192.0.2.77", nullptr, 0, AddressSource::Resolver},
    {"www.z.test.", Type::A, "2a00::1", nullptr, 1, AddressSource::Resolver},
    // Frankfurt has no IPv6 address.
    {"www.z.test.", Type::AAAA, "203.0.113.1", nullptr, 0, AddressSource::Resolver},
    {"www.z.test.", Type::A, "203.0.113.1", "198.51.100.0/24", 2, AddressSource::ClientSubnet},
    {"www.z.test.", Type::A, "198.51.100.1", "2a00::/56", 1, AddressSource::ClientSubnet},
    {"www.z.test.", Type::A, "198.51.100.1", "0.0.0.0/0", 2, AddressSource::ResolverBySourceZero},
    {"www.z.test.", Type::A, "198.51.100.1", "10.0.0.0/24", 2, AddressSource::ResolverByPlaceless},
    {"resolver.z.test.", Type::A, "203.0.113.1", "198.51.100.0/24", 4, AddressSource::Resolver},
    {"a.b.shops.z.test.", Type::A, "203.0.113.1", "198.51.100.0/24", 2,
     AddressSource::ClientSubnet},
};

TEST(Outcome, OfSteeredAnswersNamesTheRegionAndWhoseAddressDecided) {
    const std::vector<std::vector<std::string>> addresses{
        {"192.0.2.1", "2001:db8::1"}, {"192.0.2.2"}, {"192.0.2.4", "2001:db8::4"}};
    Asker asker;
    for (const SteeredQuestion& question : kSteered) {
        SCOPED_TRACE(std::string(question.name) + " from " + question.peer);
        tests::QueryOptions options;
        if (question.subnet != nullptr) {
            options.client_subnet = IpPrefix::parse(question.subnet);
        }
        const Asked asked =
            asker.ask(question.name, question.type, options, *IpAddress::parse(question.peer));
        const Outcome& outcome = asked.request.outcome;
        EXPECT_EQ(outcome.zone, asker.zone("z.test."));
        EXPECT_EQ(outcome.rcode, 0);
        EXPECT_FALSE(outcome.truncated);
        EXPECT_EQ(outcome.region, question.region);
        EXPECT_EQ(outcome.reason, reason(question.source));
        ASSERT_EQ(asked.reply.answer.size(), 1u);
        const auto& ours = addresses.at(outcome.region % addresses.size());
        EXPECT_NE(std::ranges::find(ours, asked.reply.answer[0].rdata), ours.end())
            << asked.reply.answer[0].rdata;
    }
}

}  // namespace
}  // namespace meridian::zones
