// Checks what becomes of regions of which something else is checked than what they answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "meridian/zones/verdict.h"
#include "server/health/health_book.h"
#include "server/health/override_request.h"
#include "tests/server/health/book_fixture.h"
#include "tests/support/zone_asker.h"

namespace meridian::server {
namespace {

using dns::Type;
using test::fail;
using test::kRefused;
using test::ModelZone;
using test::pass;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zones::ProbePoint;
using zones::Rung;

ProbePoint probe(const std::string& text) {
    const auto address = IpAddress::parse(text);
    return address ? ProbePoint{.address = *address} : ProbePoint{.host_name = text};
}

std::vector<ProbePoint> probes(const std::vector<std::string>& texts) {
    std::vector<ProbePoint> points;
    for (const std::string& text : texts) {
        points.push_back(probe(text));
    }
    return points;
}

class ProbeBookTest : public test::BookTest {
protected:
    std::vector<std::string> ask(const std::string& name, Type type) {
        test::ZoneAsker asker(*serving_);
        return test::texts_of(asker.ask(name, type).answer);
    }
    [[nodiscard]] zones::Verdict why(const std::string& name) const {
        return zones::explain(
            *serving_, {}, {test::name(name), Type::A, IpAddress::parse("192.0.2.53").value(), {}});
    }
    void serve_and_pass(const ModelZone& zone) {
        serve(zone);
        pass_all(2);
    }
    void drain(const std::string& target) {
        book_.set_overrides(
            {{.kind = OverrideKind::Drain, .target = parse_override_target(target).value()}});
        publish();
    }
    [[nodiscard]] std::vector<std::string> labels() const {
        std::vector<std::string> labels;
        for (const auto& [number, target] : book_.targets()) {
            labels.push_back(target.label());
        }
        return labels;
    }
};

/// `api` in two regions with both families; something else is checked in the first.
ModelZone zone_with_probes(const std::vector<std::string>& texts) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    zone.policy("nearest");
    zone.steer_by("api", "api", 0,
                  {{"first", {"192.0.2.11", "192.0.2.12", "2001:db8::11"}},
                   {"second", {"192.0.2.21", "2001:db8::21"}}});
    zone.last_service().probes = {probes(texts), {}};
    zone.health(test::health_of("/"));
    return zone;
}

TEST_F(ProbeBookTest, AProbeDecidesForAllAddressesOfItsRegion) {
    serve_and_pass(zone_with_probes({"10.0.0.1"}));
    EXPECT_THAT(labels(), ElementsAre("10.0.0.1", "192.0.2.21", "2001:db8::21"));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up));
    results({"10.0.0.1"}, kRefused, 3);
    EXPECT_THAT(rungs(0), ElementsAre(Rung::Down, Rung::Up));
    EXPECT_THAT(rungs(1), ElementsAre(Rung::Down, Rung::Up));
    EXPECT_THAT(ask("api.z.test.", Type::AAAA), ElementsAre("api.z.test. 60 AAAA 2001:db8::21"));
    EXPECT_EQ(why("api.z.test.").regions[0].note, "is down (checked at 10.0.0.1)");
    clock_.seconds += 60;
    results({"10.0.0.1"}, pass(), 2);
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up));
}

TEST_F(ProbeBookTest, MinUpIsAboutTheProbes) {
    serve_and_pass(zone_with_probes({"10.0.0.1", "10.0.0.2", "10.0.0.3"}));
    results({"10.0.0.1"}, kRefused, 3);
    EXPECT_EQ(rungs()[0], Rung::Up) << "2 of 3";
    results({"10.0.0.2"}, kRefused, 3);
    EXPECT_EQ(rungs()[0], Rung::BelowMinimum) << "1 of 3";
    EXPECT_EQ(serving_->live()->up_addresses(0, 0), 0b11U) << "no single address is down";
    results({"192.0.2.21"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ::testing::SizeIs(2));
    results({"10.0.0.3"}, kRefused, 3);
    EXPECT_EQ(rungs()[0], Rung::Down);
}

TEST_F(ProbeBookTest, StatusAndTurnsNameTheProbe) {
    serve_and_pass(zone_with_probes({"db.internal"}));
    results({"db.internal"}, fail(FailureKind::Refused), 3);
    const HealthStatus status = book_.status();
    EXPECT_TRUE(status.regions[0].has_probes);
    ASSERT_EQ(status.regions[0].addresses.size(), 1U) << "once for both families";
    EXPECT_EQ(status.regions[0].addresses[0].address, "db.internal");
    EXPECT_EQ(status.regions[0].addresses[0].state, "down");
    EXPECT_FALSE(status.regions[1].has_probes);
    const std::vector<AddressTurn> turns = book_.take_address_turns();
    ASSERT_FALSE(turns.empty());
    EXPECT_EQ(turns.back().address, "db.internal");
    EXPECT_THAT(book_.take_turns().back().reason, ::testing::HasSubstr("db.internal: "));
}

TEST_F(ProbeBookTest, AHostThatCannotBeLookedUpKeepsItsStateAndStatusSaysWhy) {
    serve_and_pass(zone_with_probes({"db.internal"}));
    const Judge::Target number = book_.targets()[0].number;
    clock_.seconds += 60;
    book_.note_none(number, "db.internal cannot be looked up: no such name");
    book_.look();
    publish();
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up));
    const AddressHealth address = book_.status().regions[0].addresses[0];
    EXPECT_TRUE(address.stale);
    EXPECT_EQ(address.state, "up");
    EXPECT_EQ(address.why_none, "db.internal cannot be looked up: no such name");
    results({"db.internal"}, pass());
    EXPECT_EQ(book_.status().regions[0].addresses[0].why_none, "");
}

TEST_F(ProbeBookTest, AnOtherProbeOfARunningServiceIsPending) {
    serve_and_pass(zone_with_probes({"10.0.0.1"}));
    serve(zone_with_probes({"10.0.0.9"}));
    EXPECT_THAT(rungs(), ElementsAre(Rung::Down, Rung::Up)) << "it has not passed yet";
    results({"10.0.0.9"}, pass());
    EXPECT_THAT(rungs(), ElementsAre(Rung::Up, Rung::Up));
}

TEST_F(ProbeBookTest, OverridesStandBesideProbes) {
    serve_and_pass(zone_with_probes({"10.0.0.1"}));
    drain("first/api/192.0.2.11");
    EXPECT_EQ(rungs()[0], Rung::Up);
    EXPECT_EQ(serving_->live()->up_addresses(0, 0), 0b10U);
    drain("first");
    EXPECT_EQ(rungs()[0], Rung::Drained);
    results({"10.0.0.1"}, kRefused, 3);
    EXPECT_EQ(rungs()[0], Rung::DrainedDown);
    book_.set_overrides({});
    publish();
    EXPECT_EQ(rungs()[0], Rung::Down);
}

TEST_F(ProbeBookTest, AfterADrainAProbeHasToPassOftenEnough) {
    serve_and_pass(zone_with_probes({"10.0.0.1"}));
    drain("first");
    results({"10.0.0.1"}, kRefused);
    book_.set_overrides({});
    publish();
    EXPECT_EQ(rungs()[0], Rung::Down);
    results({"10.0.0.1"}, pass(), 2);
    EXPECT_EQ(rungs()[0], Rung::Up);
}

/// `db` is never answered; `api` depends on it, and hands out CNAMEs where `named`.
ModelZone zone_of_depended(bool named = false) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    zone.policy("nearest");
    zone.steer_by("api", "db", 0, {});
    zone.last_service().addresses.clear();
    zone.last_service().is_probed_only = true;
    zone.last_service().probes = {probes({"db.internal"}), probes({"10.0.0.2"})};
    zone.health(test::health_of("/db"));
    zone.steer_by("api", "api", 0, {{"first", {"192.0.2.31"}}, {"second", {"192.0.2.32"}}});
    zone.last_service().depends = {0};
    if (named) {
        zone.last_service().addresses.clear();
        zone.last_service().cnames = {test::name("eu.cdn.test."), test::name("us.cdn.test.")};
    }
    return zone;
}

TEST_F(ProbeBookTest, AServiceWithProbesAloneTakesItsDependentsAlong) {
    serve_and_pass(zone_of_depended());
    EXPECT_THAT(labels(), ElementsAre("db.internal", "10.0.0.2"));
    results({"db.internal"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
    EXPECT_EQ(why("api.z.test.").regions[0].note, "is down, since db is down there");
    EXPECT_THAT(book_.status().alarms, IsEmpty());
    results({"10.0.0.2"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.31"));
    ASSERT_EQ(book_.status().alarms.size(), 1U) << "it has no answers that could be wrong itself";
    EXPECT_EQ(book_.status().alarms[0].service, "api");
}

TEST_F(ProbeBookTest, ADrainedServiceWithProbesAloneDrainsItsDependents) {
    serve_and_pass(zone_of_depended());
    drain("first/db");
    EXPECT_EQ(rungs()[2], Rung::Drained);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 A 192.0.2.32"));
}

TEST_F(ProbeBookTest, AServiceOfCnamesDependsOnIt) {
    serve_and_pass(zone_of_depended(true));
    results({"db.internal"}, kRefused, 3);
    EXPECT_THAT(ask("api.z.test.", Type::A), ElementsAre("api.z.test. 60 CNAME us.cdn.test."));
}

TEST_F(ProbeBookTest, AServiceOfCnamesIsCheckedAtItsProbes) {
    ModelZone zone("z.test.");
    zone.region("first", 0, 0, {"192.0.2.1"}).region("second", 10, 10, {"192.0.2.2"});
    zone.policy("nearest");
    zone.steer_by("assets", "assets", 0, {});
    zone.last_service().addresses.clear();
    zone.last_service().cnames = {test::name("eu.cdn.test."), test::name("us.cdn.test.")};
    zone.last_service().probes = {probes({"eu.cdn.test"}), {}};
    zone.health(test::health_of("/"));
    serve_and_pass(zone);
    EXPECT_THAT(labels(), ElementsAre("eu.cdn.test")) << "the other region is never checked";
    results({"eu.cdn.test"}, kRefused, 3);
    EXPECT_THAT(ask("assets.z.test.", Type::A),
                ElementsAre("assets.z.test. 60 CNAME us.cdn.test."));
    EXPECT_FALSE(book_.status().regions[0].has_families);
}

}  // namespace
}  // namespace meridian::server
