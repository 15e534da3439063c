// Tests that compressed messages say what the zone says, for zones made at random.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "meridian/dns/wire/ascii_case.h"
#include "tests/support/seeds.h"
#include "tests/support/zone_asker.h"

namespace meridian::zones {
namespace {

using dns::Type;
using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::array kPointingTypes{Type::MX, Type::SRV, Type::PTR, Type::HTTPS};

/// Few labels, so that names share what they can; one looks like another with its length in front.
std::string random_name(std::mt19937_64& random, std::size_t most_labels) {
    static const std::vector<std::string> kLabels{"a", "B", "ns", "mail", "\\001a", "*"};
    std::string text;
    for (auto count = random() % (most_labels + 1); count > 0; --count) {
        text += (text.empty() ? "" : ".") + kLabels[random() % kLabels.size()];
    }
    return text.empty() ? "@" : text;
}

std::string random_target(std::mt19937_64& random) {
    const std::string relative = random_name(random, 3);
    switch (random() % 6) {
        case 0:
            return relative == "@" ? "test." : relative + ".test.";
        case 1:
            return relative == "@" ? "." : relative + ".";
        default:
            return relative;
    }
}

std::string random_rdata(std::mt19937_64& random, Type type) {
    const std::string target = random_target(random);
    switch (type) {
        case Type::MX:
            return "10 " + target;
        case Type::SRV:
            return "1 2 3 " + target;
        case Type::HTTPS:
            return "1 " + target;
        default:
            return target;
    }
}

struct Asked {
    std::string name;
    Type type;
};

/// A zone, and the sets that it must answer with.
struct RandomZone {
    explicit RandomZone(std::mt19937_64& random) : model(random() % 4 == 0 ? "." : "z.test.") {
        const std::string end = model.zone().apex.to_text();
        for (int i = 0; i < 12; ++i) {
            const std::string owner = random_name(random, 3);
            const Type type = kPointingTypes[random() % kPointingTypes.size()];
            add(random, owner, type, 1 + random() % 5);
            const std::string below = owner + (end == "." ? "" : ".") + end;
            sets.push_back({owner == "@" ? end : below, type});
            if (random() % 2 == 0) { model.record(random_name(random, 3), Type::A, "192.0.2.1"); }
        }
        add(random, "cut", Type::NS, 3);
        model.record("ns.cut", Type::A, "192.0.2.2").record("a.ns.cut", Type::A, "192.0.2.3");
        model.record("old", Type::DNAME, random_target(random));
        model.record("alias", Type::CNAME, random_target(random));
        model.record("*.some", Type::CNAME, random_target(random));
    }

    void add(std::mt19937_64& random, const std::string& owner, Type type, std::uint64_t count) {
        for (; count > 0; --count) {
            const std::string text =
                type == Type::NS && random() % 2 == 0
                    ? std::array{"ns.cut", "a.ns.cut", "b.a.ns.cut"}[random() % 3]
                    : random_rdata(random, type);
            model.record(owner, type, text);
        }
    }

    test::ModelZone model;
    std::vector<Asked> sets;
};

std::string folded(std::string text) {
    std::ranges::transform(text, text.begin(), [](char letter) {
        return static_cast<char>(dns::lower_cased(static_cast<std::uint8_t>(letter)));
    });
    return text;
}

/// RDATA as the decoder writes it.
std::string decoded_text(Type type, const dns::Rdata& rdata) {
    if (type != Type::HTTPS) { return dns::rdata_to_text(type, rdata); }
    std::string text = "\\# " + std::to_string(rdata.size()) + " ";
    for (const std::uint8_t octet : rdata) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        text += {kDigits[octet >> 4], kDigits[octet & 15]};
    }
    return text;
}

/// Of the owner's set, without regard to case or to records that are said twice.
std::vector<std::string> rdata_of(const Zone& zone, const Asked& asked) {
    std::vector<std::string> texts;
    for (const Owner& owner : zone.owners) {
        if (owner.name != test::name(asked.name)) { continue; }
        for (const OwnedSet& set : owner.sets) {
            if (set.records.type != asked.type) { continue; }
            for (const dns::Rdata& rdata : set.records.records) {
                texts.push_back(folded(decoded_text(asked.type, rdata)));
            }
        }
    }
    std::ranges::sort(texts);
    return texts;
}

std::vector<std::string> rdata_of(const std::vector<tests::DecodedRecord>& records) {
    std::vector<std::string> texts;
    for (const tests::DecodedRecord& record : records) {
        texts.push_back(folded(record.rdata));
    }
    std::ranges::sort(texts);
    return texts;
}

TEST(Compression, EverySetReadsAsItWasWritten) {
    for (const std::uint64_t seed : test::seeds(150)) {
        SCOPED_TRACE(test::seed_note(seed));
        std::mt19937_64 random(seed);
        const RandomZone zone(random);
        test::ZoneAsker asker({zone.model});
        for (const Asked& asked : zone.sets) {
            SCOPED_TRACE(asked.name + " " + dns::type_to_text(asked.type));
            const auto reply = asker.ask_over_tcp(asked.name, asked.type);
            EXPECT_EQ(rdata_of(reply.answer), rdata_of(zone.model.zone(), asked));
        }
        // Referrals, wildcards, chains and names that do not exist: the decoder reads them all, and
        // demands of every pointer that it leads back to a label.
        const std::string end = zone.model.zone().apex.to_text();
        const std::string dot = end == "." ? "" : ".";
        for (int i = 0; i < 100; ++i) {
            const std::string front = random_name(random, 3);
            const std::string top = std::array{"", ".cut", ".old", ".some", ".alias"}[random() % 5];
            const std::string name = (front == "@" ? "mail" : front) + top + dot + end;
            const Type type = kPointingTypes[random() % kPointingTypes.size()];
            SCOPED_TRACE(name + " " + dns::type_to_text(type));
            EXPECT_NO_THROW(asker.ask(name, type, {.udp_octets = 1232}));
            const auto reply = asker.ask_over_tcp(name, type);
            if (top == ".cut" && reply.answer.empty()) {
                EXPECT_EQ(rdata_of(reply.authority),
                          rdata_of(zone.model.zone(), {"cut" + dot + end, Type::NS}));
            }
        }
    }
}

TEST(Compression, ReachesIntoSetsThatAreLongerThanAPointerIs) {
    test::ModelZone zone("z.test.");
    for (int i = 0; i < 900; ++i) {
        const std::string number = std::to_string(i);
        zone.record("mx", Type::MX, "10 mail" + number + ".site" + number + ".z.test.");
        zone.record("mail" + number + ".site" + number, Type::A, "192.0.2.1");
    }
    zone.record("alias", Type::CNAME, "mx");
    test::ZoneAsker asker({zone});
    for (const char* name : {"mx.z.test.", "alias.z.test."}) {
        const auto reply = asker.ask_over_tcp(name, Type::MX);
        EXPECT_GE(reply.answer.size(), 900u);
        // Owners that no pointer reaches are written out.
        EXPECT_THAT(reply.additional, SizeIs(900));
        const auto texts = test::texts_of(reply.additional);
        EXPECT_THAT(texts, Contains("mail899.site899.z.test. 3600 A 192.0.2.1"));
        EXPECT_THAT(texts, Contains("mail0.site0.z.test. 3600 A 192.0.2.1"));
    }
}

TEST(Compression, AReferralForANameserversOwnNamePointsToTheQuestion) {
    test::ModelZone zone("test.");
    zone.record("cut", Type::NS, "ns.cut").record("ns.cut", Type::A, "192.0.2.1");
    test::ZoneAsker asker({zone});
    const auto reply = asker.ask("ns.cut.test.", Type::A);
    EXPECT_THAT(test::texts_of(reply.authority),
                testing::ElementsAre("cut.test. 3600 NS ns.cut.test."));
    EXPECT_THAT(test::texts_of(reply.additional),
                testing::ElementsAre("ns.cut.test. 3600 A 192.0.2.1"));
    // Header, question, NS and A with nothing but pointers for names, OPT.
    EXPECT_EQ(asker.last_octets(), 12u + 13 + 4 + 14 + 16 + 11);
}

}  // namespace
}  // namespace meridian::zones
