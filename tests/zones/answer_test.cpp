// Tests what must hold for answers to any client: sound scopes, existence for everybody.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/answer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/zones/compiler.h"
#include "tests/support/call_counters.h"
#include "tests/support/message_builder.h"
#include "tests/support/model_zone.h"
#include "tests/support/random_states.h"
#include "tests/support/seeds.h"
#include "zones/explain/message_text.h"

namespace meridian::zones {
namespace {

using Random = std::mt19937_64;

IpAddress random_address(Random& random, Family family) {
    if (family == Family::V4) { return IpAddress::v4(static_cast<std::uint32_t>(random())); }
    // Mostly where the database has networks, sometimes anywhere.
    std::uint64_t high = random();
    if (random() % 8 != 0) { high = 0x2a00000000000000 | (high & 0x000fffffffffffff); }
    return IpAddress::v6(high, random());
}

/// An atlas of random networks of random lengths at random places.
std::shared_ptr<const geo::Atlas> random_atlas(Random& random) {
    geo::AtlasBuilder builder;
    for (const Family family : {Family::V4, Family::V6}) {
        std::set<IpPrefix> prefixes;
        for (int i = 0; i < 3000; ++i) {
            const unsigned longest = family == Family::V4 ? 32 : 64;
            const auto bits = static_cast<std::uint8_t>(8 + random() % (longest - 7));
            prefixes.insert({random_address(random, family).masked(bits), bits});
        }
        const IpPrefix* last = nullptr;
        for (const IpPrefix& prefix : prefixes) {
            if (last != nullptr && last->contains(prefix.address)) { continue; }
            geo::Location location;
            location.has_coordinates = true;
            location.at = {static_cast<double>(random() % 140) - 70,
                           static_cast<double>(random() % 360) - 180};
            builder.add(prefix, builder.add_location(location));
            last = &prefix;
        }
    }
    return std::make_shared<geo::Atlas>(std::move(builder).build());
}

test::ModelZone world_zone() {
    test::ModelZone zone("world.example.");
    zone.region("virginia", 38.95, -77.45, {"192.0.2.1", "2001:db8::1"})
        .region("frankfurt", 50.03, 8.57, {"192.0.2.2", "2001:db8::2"})
        .region("singapore", 1.35, 103.99, {"192.0.2.3"})
        .region("sydney", -33.94, 151.17, {"192.0.2.4", "2001:db8::4"})
        .region("saopaulo", -23.43, -46.47, {"2001:db8::5"});
    zone.policy("nearest");
    zone.policy("resolver").client_subnet = false;
    zone.policy("complete").missing_family = MissingFamily::Omit;
    zone.steer("@", 0).steer("www", 0).steer("*.shops", 0).steer("resolver", 1).steer("strict", 2);
    zone.steer_by("far", "far", 0,
                  {{"sydney", {"198.51.100.4", "2001:db8:1::4"}}, {"saopaulo", {"198.51.100.5"}}});
    zone.record("alias", dns::Type::CNAME, "www").record("www", dns::Type::MX, "10 mail");
    zone.record("mail", dns::Type::A, "192.0.2.25").record("mail", dns::Type::A, "192.0.2.26");
    return zone;
}

std::shared_ptr<const Snapshot> world_snapshot(Random& random) {
    CompileInput input;
    input.zones = {world_zone().shared()};
    input.atlas = random_atlas(random);
    return compile(input).value();
}

struct Asker {
    IpAddress peer = IpAddress::v4(0xc0000235);
    std::optional<IpPrefix> subnet;
};

class Client {
public:
    explicit Client(std::shared_ptr<const Snapshot> snapshot) : serving_(std::move(snapshot)) {}
    explicit Client(Serving serving) : serving_(std::move(serving)) {}

    MessageText ask(std::string_view name, dns::Type type, const Asker& asker) {
        const auto query = tests::build_query(name, type, {.client_subnet = asker.subnet});
        std::copy(query.begin(), query.end(), buffer_.begin());
        dns::Request request{buffer_, query.size(), {asker.peer, 5353}, false, 0};
        answer(serving_, {}, {&request, 1}, *state_);
        return message_to_text(std::span(buffer_).first(request.reply_octets));
    }

private:
    Serving serving_;
    std::unique_ptr<AnswerState> state_ = std::make_unique<AnswerState>();
    std::vector<std::uint8_t> buffer_ = std::vector<std::uint8_t>(kMaxUdpQueryOctets);
};

std::vector<std::string> sorted_texts(const MessageText& message) {
    std::vector<std::string> texts;
    for (const RecordText& record : message.answer) {
        texts.push_back(record.text);
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

/// The last prefix of `bits` bits inside a block.
IpAddress last_inside(const IpPrefix& block, unsigned bits) {
    std::uint64_t high = block.address.high();
    std::uint64_t low = block.address.low();
    for (unsigned bit = block.bits; bit < bits; ++bit) {
        (bit < 64 ? high : low) |= std::uint64_t{1} << (63 - bit % 64);
    }
    return IpAddress::left_aligned(block.address.family(), high, low);
}

/// Every client inside a returned scope, asked for with the same SOURCE, gets the same answer.
void expect_sound_scopes(Client& client, const char* name, Random& random, Family family,
                         unsigned shortest) {
    for (unsigned source = shortest; source <= width_bits(family); ++source) {
        for (int round = 0; round < 40; ++round) {
            const IpAddress address = random_address(random, family).masked(source);
            const IpPrefix subnet{address, static_cast<std::uint8_t>(source)};
            const MessageText first = client.ask(name, dns::Type::A, {.subnet = subnet});
            ASSERT_TRUE(first.scope_bits.has_value());
            ASSERT_LE(*first.scope_bits, source) << subnet.to_string();
            const IpPrefix shared{address.masked(*first.scope_bits), *first.scope_bits};
            for (const IpAddress& neighbour : {shared.address, last_inside(shared, source)}) {
                const IpPrefix other{neighbour.masked(source), subnet.bits};
                const MessageText second = client.ask(name, dns::Type::A, {.subnet = other});
                ASSERT_EQ(sorted_texts(second), sorted_texts(first))
                    << subnet.to_string() << " and " << other.to_string();
                ASSERT_EQ(second.scope_bits, first.scope_bits)
                    << subnet.to_string() << " and " << other.to_string();
            }
        }
    }
}

TEST(Answer, NoScopeCoversAClientWhoShouldGetAnotherAnswer) {
    for (const std::uint64_t seed : test::seeds(3)) {
        SCOPED_TRACE(test::seed_note(seed));
        Random random(seed);
        Client client(world_snapshot(random));
        for (const char* name : {"www.world.example.", "far.world.example."}) {
            expect_sound_scopes(client, name, random, Family::V4, 16);
            expect_sound_scopes(client, name, random, Family::V6, 32);
        }
    }
}

TEST(Answer, NoScopeCoversAClientWhoShouldGetAnotherAnswerWhateverIsDown) {
    for (const std::uint64_t seed : test::seeds(3)) {
        SCOPED_TRACE(test::seed_note(seed));
        Random random(seed);
        const Serving all_up(world_snapshot(random));
        Client client(Serving(all_up.snapshot(),
                              all_up.live()->with(test::random_changes(*all_up.live(), random))));
        for (const char* name : {"www.world.example.", "far.world.example."}) {
            expect_sound_scopes(client, name, random, Family::V4, 16);
            expect_sound_scopes(client, name, random, Family::V6, 32);
        }
    }
}

TEST(Answer, ExistenceNeverDependsOnTheClient) {
    struct Question {
        const char* name;
        dns::Type type;
    };
    const std::vector<Question> questions{
        {"www.world.example.", dns::Type::A},     {"www.world.example.", dns::Type::AAAA},
        {"www.world.example.", dns::Type::MX},    {"www.world.example.", dns::Type::TXT},
        {"a.shops.world.example.", dns::Type::A}, {"a.shops.world.example.", dns::Type::AAAA},
        {"strict.world.example.", dns::Type::A},  {"strict.world.example.", dns::Type::AAAA},
        {"alias.world.example.", dns::Type::A},   {"nothing.world.example.", dns::Type::A},
        {"shops.world.example.", dns::Type::A},   {"resolver.world.example.", dns::Type::AAAA},
        {"far.world.example.", dns::Type::A},     {"far.world.example.", dns::Type::AAAA}};
    for (const std::uint64_t seed : test::seeds(4)) {
        SCOPED_TRACE(test::seed_note(seed));
        Random random(seed);
        Client client(world_snapshot(random));
        for (const Question& question : questions) {
            const MessageText reference = client.ask(question.name, question.type, {});
            for (int i = 0; i < 200; ++i) {
                const Family family = i % 2 == 0 ? Family::V4 : Family::V6;
                Asker asker{random_address(random, family), {}};
                if (i % 3 != 0) {
                    const std::uint8_t bits = family == Family::V4 ? 24 : 56;
                    asker.subnet = {random_address(random, family).masked(bits), bits};
                }
                const MessageText reply = client.ask(question.name, question.type, asker);
                ASSERT_EQ(reply.rcode, reference.rcode) << question.name;
                ASSERT_EQ(reply.answer.size(), reference.answer.size()) << question.name;
                ASSERT_EQ(reply.authority.size(), reference.authority.size()) << question.name;
            }
        }
    }
}

TEST(Answer, NegativeAndFixedAnswersHaveScopeZero) {
    Random random(1);
    Client client(world_snapshot(random));
    const Asker asker{.subnet = IpPrefix::parse("46.114.0.0/24")};
    EXPECT_EQ(client.ask("nothing.world.example.", dns::Type::A, asker).scope_bits, 0);
    EXPECT_EQ(client.ask("www.world.example.", dns::Type::TXT, asker).scope_bits, 0);
    EXPECT_EQ(client.ask("mail.world.example.", dns::Type::A, asker).scope_bits, 0);
    EXPECT_EQ(client.ask("alias.world.example.", dns::Type::A, asker).scope_bits, 0);
    EXPECT_EQ(client.ask("resolver.world.example.", dns::Type::A, asker).scope_bits, 0);
}

TEST(Answer, SeveralAddressesTakeTurnsInFront) {
    Random random(2);
    Client client(world_snapshot(random));
    std::set<std::string> in_front;
    for (int i = 0; i < 200; ++i) {
        const MessageText reply = client.ask("mail.world.example.", dns::Type::A, {});
        ASSERT_EQ(reply.answer.size(), 2u);
        in_front.insert(reply.answer[0].text);
    }
    EXPECT_EQ(in_front.size(), 2u);
}

TEST(Answer, ABatchGetsTheAnswersOfItsSingleQueries) {
    Random random(3);
    const auto snapshot = world_snapshot(random);
    Client client(snapshot);
    const std::vector<std::string> names{"www.world.example.", "nothing.world.example.",
                                         "a.b.shops.world.example.", "elsewhere.test."};
    constexpr std::size_t kCount = 3 * kUdpBatch + 5;
    std::vector<std::vector<std::uint8_t>> buffers(kCount,
                                                   std::vector<std::uint8_t>(kMaxUdpQueryOctets));
    std::vector<dns::Request> batch;
    std::vector<Asker> askers;
    for (std::size_t i = 0; i < kCount; ++i) {
        const IpPrefix subnet{random_address(random, Family::V4).masked(24), 24};
        askers.push_back({.subnet = subnet});
        const auto query =
            tests::build_query(names[i % names.size()], dns::Type::A, {.client_subnet = subnet});
        std::copy(query.begin(), query.end(), buffers[i].begin());
        batch.push_back({buffers[i], query.size(), {askers[i].peer, 5353}, false, 0});
    }
    const auto state = std::make_unique<AnswerState>();
    answer(Serving(snapshot), {}, batch, *state);
    for (std::size_t i = 0; i < kCount; ++i) {
        const MessageText alone = client.ask(names[i % names.size()], dns::Type::A, askers[i]);
        const MessageText batched =
            message_to_text(std::span(buffers[i]).first(batch[i].reply_octets));
        EXPECT_EQ(sorted_texts(batched), sorted_texts(alone));
        EXPECT_EQ(batched.rcode, alone.rcode);
    }
}

TEST(Answer, AllocatesNothing) {
    Random random(4);
    const Serving serving(world_snapshot(random));
    const auto state = std::make_unique<AnswerState>();
    std::vector<std::uint8_t> buffer(kMaxUdpQueryOctets);
    for (const char* name : {"www.world.example.", "nothing.world.example.",
                             "x.shops.world.example.", "alias.world.example.", "elsewhere.test."}) {
        const auto query = tests::build_query(name, dns::Type::A,
                                              {.client_subnet = IpPrefix::parse("46.114.0.0/24")});
        std::copy(query.begin(), query.end(), buffer.begin());
        dns::Request request{buffer, query.size(), {IpAddress::v4(0xc0000235), 5353}, false, 0};
        const auto before = allocation_count();
        answer(serving, {}, {&request, 1}, *state);
        EXPECT_EQ(allocation_count(), before) << name;
        EXPECT_GT(request.reply_octets, 0u);
    }
}

}  // namespace
}  // namespace meridian::zones
