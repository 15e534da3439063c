// Checks that what `why` says is what clients get, whatever is down and set by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/atlas.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/verdict.h"
#include "server/health/health_book.h"
#include "server/health/override_request.h"
#include "server/runtime/override_notes.h"
#include "tests/server/health/book_fixture.h"
#include "tests/support/random_addresses.h"
#include "tests/support/seeds.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

using test::below;
using test::fail;
using test::pass;
using test::Random;
using zones::ConsideredRegion;
using zones::Verdict;

constexpr std::size_t kStates = 50;
constexpr std::size_t kClients = 200;  // of each state
// That of ZoneAsker: it decides for clients whose address has no place.
constexpr IpAddress kResolver = IpAddress::v4(0xc0000235);

std::vector<std::string> addresses_of(const tests::DecodedMessage& reply) {
    std::vector<std::string> addresses;
    for (const tests::DecodedRecord& record : reply.answer) {
        addresses.push_back(record.rdata);
    }
    std::ranges::sort(addresses);
    return addresses;
}

/// Each block of 256ths of both address spaces lies somewhere, or nowhere.
std::shared_ptr<const geo::Atlas> world(Random& random) {
    geo::AtlasBuilder builder;
    for (const Family family : {Family::V4, Family::V6}) {
        for (std::uint64_t block = 0; block < 256; ++block) {
            if (below(random, 5) == 0) { continue; }
            geo::Location place;
            place.has_coordinates = true;
            place.at = {static_cast<double>(below(random, 60)) - 20,
                        static_cast<double>(below(random, 60)) - 20};
            builder.add({IpAddress::left_aligned(family, block << 56, 0), 8},
                        builder.add_location(place));
        }
    }
    return std::make_shared<const geo::Atlas>(std::move(builder).build());
}

class WhyTest : public test::BookTest {
protected:
    /// Some addresses fail, some pass again, and some regions and addresses are set by hand.
    void shake(Random& random) {
        for (const auto& [number, target] : book_.targets()) {
            const std::uint64_t dice = below(random, 3);
            if (dice == 0) { continue; }
            results({target.address.to_string()},
                    dice == 1 ? fail(FailureKind::BadStatus, "503") : pass(), 3);
        }
        static const std::vector<std::string> kTargets{
            "first",    "second/*", "third", "third/*/192.0.2.31", "*/nearest/192.0.2.32",
            "first/*/*"};
        const std::string& target = kTargets[below(random, kTargets.size())];
        const std::uint64_t dice = below(random, 4);
        OverrideRequest request{
            .target = parse_override_target(target).value(), .author = "alice", .force = true};
        if (dice < 3) { request.kind = static_cast<OverrideKind>(dice); }
        (void)carry_out(request, book_, test::kStart + clock_.seconds);
        publish();
    }

    [[nodiscard]] Verdict why(const IpAddress& client, dns::Type type) const {
        Verdict verdict = zones::explain(
            *serving_, {},
            {test::name("www.z.test."), type, kResolver, IpPrefix{client, client.width()}});
        add_override_notes(book_.overrides(), verdict);
        return verdict;
    }
};

/// The one that `why` says has answered; null where none did.
const ConsideredRegion* chosen_of(const Verdict& verdict) {
    const auto found = std::ranges::find(verdict.regions, true, &ConsideredRegion::chosen);
    return found == verdict.regions.end() ? nullptr : &*found;
}

/// What of the region `why` says clients get: its addresses without those left out.
std::vector<std::string> promised_by(const ConsideredRegion& chosen, dns::Type type,
                                     const test::ModelZone& zone) {
    std::vector<std::string> promised;
    for (const zones::Region& region : zone.zone().regions) {
        if (region.name != chosen.name) { continue; }
        for (const IpAddress& address : region.addresses) {
            const std::string text = address.to_string();
            const bool is_left_out =
                std::ranges::any_of(chosen.left_out, [&](const std::string& left_out) {
                    return left_out == text || left_out.starts_with(text + " (");
                });
            if (address.is_v4() == (type == dns::Type::A) && !is_left_out) {
                promised.push_back(text);
            }
        }
    }
    std::ranges::sort(promised);
    return promised;
}

TEST_F(WhyTest, SaysWhatTenThousandClientsGetInFiftyStates) {
    const std::uint64_t seed = test::seeds(1).front();
    SCOPED_TRACE(test::seed_note(seed));
    Random random(seed);
    zones::Health health = test::health_of("/");
    health.timing.hold = std::chrono::seconds(1);
    const test::ModelZone zone =
        test::zone_of_three({"192.0.2.31", "192.0.2.32", "192.0.2.33"}, health);
    zones::CompileInput input = test::input_of({zone});
    input.atlas = world(random);
    const auto snapshot = zones::compile(input).value();
    serving_ = std::make_unique<zones::Serving>(snapshot, book_.plan(*snapshot));
    pass_all(3);
    std::size_t left_out_count = 0;
    for (std::size_t state = 0; state < kStates; ++state) {
        shake(random);
        test::ZoneAsker asker(*serving_);
        for (std::size_t i = 0; i < kClients; ++i) {
            const Family family = below(random, 2) == 0 ? Family::V4 : Family::V6;
            const IpAddress client = test::random_address(random, family);
            const dns::Type type = below(random, 2) == 0 ? dns::Type::A : dns::Type::AAAA;
            const Verdict verdict = why(client, type);
            tests::QueryOptions options;
            options.client_subnet = IpPrefix{client, client.width()};
            const std::vector<std::string> given =
                addresses_of(asker.ask("www.z.test.", type, options));
            const ConsideredRegion* chosen = chosen_of(verdict);
            ASSERT_EQ(chosen == nullptr, given.empty());
            ASSERT_NE(chosen, nullptr) << "an answer is never empty";
            ASSERT_EQ(promised_by(*chosen, type, zone), given)
                << client.to_string() << " in state " << state << ": " << chosen->name << ' '
                << chosen->note;
            left_out_count += chosen->left_out.size();
        }
    }
    EXPECT_GT(left_out_count, 0U) << "no state left an address out";
}

}  // namespace
}  // namespace meridian::server
