// Tests answers from a zone that is too large for a core's cache and searched in steps.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "meridian/dns/image.h"
#include "tests/support/zone_asker.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kNames = 20'000;

std::string host(std::size_t number) {
    return "host-" + std::to_string(number);
}

std::string address_of(std::size_t number) {
    return "10.1." + std::to_string(number / 256) + "." + std::to_string(number % 256);
}

const test::ModelZone& large_zone() {
    static const test::ModelZone zone = [] {
        test::ModelZone model("large.test.");
        for (std::size_t i = 0; i < kNames; ++i) {
            model.record(host(i), dns::Type::A, address_of(i));
            // Some with several sets, some with several records in one.
            if (i % 7 == 0) { model.record(host(i), dns::Type::MX, "1 mail"); }
            if (i % 11 == 0) { model.record(host(i), dns::Type::A, "192.0.2.77"); }
        }
        model.record("*.wild", dns::Type::A, "192.0.2.9").record("mail", dns::Type::A, "192.0.2.8");
        model.record("alias", dns::Type::CNAME, "mail").record("cut", dns::Type::NS, "ns1.cut");
        return model;
    }();
    return zone;
}

struct Question {
    std::string name;
    dns::Type type;
};

/// Of every kind, so that a batch has them side by side.
std::vector<Question> questions() {
    std::vector<Question> all;
    for (std::size_t i = 0; i < kNames; i += 13) {
        all.push_back({host(i) + ".large.test.", dns::Type::A});
        if (i % 3 == 0) { all.push_back({host(i) + ".large.test.", dns::Type::MX}); }
    }
    for (const char* name : {"x.wild", "alias", "no.such.name", "a.cut", "mail"}) {
        all.push_back({std::string(name) + ".large.test.", dns::Type::A});
    }
    all.push_back({"elsewhere.example.", dns::Type::A});
    return all;
}

/// Its records in an order of their own, since several addresses take turns.
std::vector<std::string> sorted_texts(const tests::DecodedMessage& message) {
    std::vector<std::string> texts{test::head_of(message)};
    for (const auto* section : {&message.answer, &message.authority, &message.additional}) {
        for (const std::string& text : test::texts_of(*section)) {
            texts.push_back(text);
        }
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

TEST(LargeZone, ABatchGetsTheAnswersOfItsSingleQueries) {
    const auto snapshot = compile(test::input_of({large_zone()})).value();
    ASSERT_TRUE(snapshot->data().exceeds_cache);
    test::ZoneAsker asker(snapshot);
    const auto state = std::make_unique<AnswerState>();
    const std::vector<Question> all = questions();
    std::vector<std::vector<std::uint8_t>> buffers(all.size());
    std::vector<dns::Request> batch;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto query = tests::build_query(all[i].name, all[i].type, {});
        buffers[i].resize(kMaxUdpQueryOctets);
        std::copy(query.begin(), query.end(), buffers[i].begin());
        batch.push_back({buffers[i], query.size(), {IpAddress::v4(0xc0000235), 5353}, false, 0});
    }
    answer(Serving(snapshot), {}, batch, *state);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto batched =
            tests::decode_message(std::span(buffers[i]).first(batch[i].reply_octets));
        EXPECT_EQ(sorted_texts(batched), sorted_texts(asker.ask(all[i].name, all[i].type)))
            << all[i].name;
    }
}

TEST(LargeZone, EveryNameHasItsOwnAddress) {
    test::ZoneAsker asker({large_zone()});
    for (std::size_t i = 0; i < kNames; i += 17) {
        const auto texts = sorted_texts(asker.ask(host(i) + ".large.test.", dns::Type::A));
        const std::string wanted = host(i) + ".large.test. 3600 A " + address_of(i);
        EXPECT_TRUE(std::ranges::find(texts, wanted) != texts.end()) << wanted;
    }
}

TEST(LargeZone, ASmallOneDoesWithoutTheSteps) {
    const test::ModelZone zone("small.test.");
    EXPECT_FALSE(compile(test::input_of({zone})).value()->data().exceeds_cache);
}

TEST(ImageStore, GivesBackWhatItWasGiven) {
    const auto zone_apex = test::name("z.test.");
    const dns::Rdata one{192, 0, 2, 1};
    const dns::Rdata other{192, 0, 2, 2};
    const auto target = test::name("mail.z.test.");
    const dns::Rdata wire(target.wire().begin(), target.wire().end());
    const std::vector<dns::RecordSet> sets{
        {dns::Type::A, 60, {one}},   {dns::Type::A, 60, {one, other}},
        {dns::Type::NS, 60, {wire}}, {dns::Type::TXT, 60, {{1, 'a'}, {2, 'b', 'c'}}},
        {dns::Type::TXT, 60, {{0}}},
    };
    ImageStore store;
    std::vector<ImageRef> refs;
    std::vector<dns::ImageBuffer> images;
    for (const dns::RecordSet& set : sets) {
        images.push_back(dns::make_image(set, zone_apex.wire()).value());
        refs.push_back(store.add(images.back()));
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const dns::Image stored = store.view(refs[i]);
        EXPECT_TRUE(std::ranges::equal(stored.octets, images[i].octets)) << i;
        EXPECT_TRUE(std::ranges::equal(stored.pointers, images[i].pointers)) << i;
        EXPECT_EQ(stored.record_count, images[i].record_count) << i;
        EXPECT_EQ(stored.stride_octets, images[i].stride_octets) << i;
    }
}

}  // namespace
}  // namespace meridian::zones
