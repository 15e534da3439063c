// Tests what a search keeps beside the node: the closest encloser, and whether a wildcard answers.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/zone_asker.h"
#include "zones/snapshot/lookup.h"

namespace meridian::zones {
namespace {

using dns::Type;
using test::ModelZone;

std::vector<ModelZone> zones() {
    ModelZone zone("z.test.");
    zone.record("a.c", Type::A, "192.0.2.1").record("*.wild", Type::A, "192.0.2.2");
    zone.record("below.wild", Type::TXT, "\"x\"").record("to-wild", Type::CNAME, "q.wild");
    zone.record("old", Type::DNAME, "new.test.").record("cut", Type::NS, "ns.cut");
    zone.record("ns.cut", Type::A, "192.0.2.53");
    ModelZone below("b.c.z.test.");
    below.record("*", Type::A, "192.0.2.3");
    return {zone, ModelZone("child.z.test."), below};
}

std::string name_of(const ZoneData& zone, NodeId id) {
    const auto labels = zone.names.name(zone.names.node(id));
    std::vector<std::uint8_t> wire(labels.begin(), labels.end());
    wire.insert(wire.end(), zone.apex.begin(), zone.apex.end());
    return dns::Name::from_wire(wire).value().to_text();
}

struct Expected {
    const char* name;
    FoundKind kind;
    bool by_wildcard;
    const char* encloser;
    Type type = Type::A;
};

const std::vector<Expected> kExpected{
    {"z.test.", FoundKind::Node, false, "z.test."},
    {"ns1.z.test.", FoundKind::Node, false, "ns1.z.test."},
    {"c.z.test.", FoundKind::Node, false, "c.z.test."},  // an empty non-terminal
    {"nowhere.z.test.", FoundKind::NoSuchName, false, "z.test."},
    {"x.y.nowhere.z.test.", FoundKind::NoSuchName, false, "z.test."},
    {"x.c.z.test.", FoundKind::NoSuchName, false, "c.z.test."},
    {"x.y.ns1.z.test.", FoundKind::NoSuchName, false, "ns1.z.test."},
    {"x.wild.z.test.", FoundKind::Node, true, "wild.z.test."},
    {"x.y.WILD.z.test.", FoundKind::Node, true, "wild.z.test."},
    {"x.wild.z.test.", FoundKind::Node, true, "wild.z.test.", Type::MX},  // NODATA
    {"*.wild.z.test.", FoundKind::Node, false, "*.wild.z.test."},
    {"x.*.wild.z.test.", FoundKind::NoSuchName, false, "*.wild.z.test."},
    {"below.wild.z.test.", FoundKind::Node, false, "below.wild.z.test."},
    {"x.below.wild.z.test.", FoundKind::NoSuchName, false, "below.wild.z.test."},
    {"old.z.test.", FoundKind::Node, false, "old.z.test."},
    {"x.y.old.z.test.", FoundKind::Redirected, false, "old.z.test."},
    {"cut.z.test.", FoundKind::Delegated, false, "cut.z.test."},
    {"cut.z.test.", FoundKind::Node, false, "cut.z.test.", Type::DS},
    {"ns.cut.z.test.", FoundKind::Delegated, false, "ns.cut.z.test."},
    {"x.y.cut.z.test.", FoundKind::Delegated, false, "cut.z.test."},
    {"x.child.z.test.", FoundKind::NoSuchName, false, "child.z.test."},
    {"b.c.z.test.", FoundKind::Node, false, "b.c.z.test."},
    {"x.b.c.z.test.", FoundKind::Node, true, "b.c.z.test."},
};

TEST(FoundName, KeepsItsClosestEncloserAndWhetherAWildcardAnswers) {
    const auto snapshot = compile(test::input_of(zones())).value();
    for (const Expected& expected : kExpected) {
        SCOPED_TRACE(std::string(expected.name) + " " + dns::type_to_text(expected.type));
        const Found found =
            find_name(snapshot->data(), test::name(expected.name).wire(), expected.type);
        ASSERT_EQ(found.kind, expected.kind);
        EXPECT_EQ(found.by_wildcard, expected.by_wildcard);
        EXPECT_EQ(name_of(*found.zone->data, found.encloser), expected.encloser);
    }
}

/// The compiler searches for the target once; the answer goes on from what it found.
TEST(FoundName, TheTargetOfAnAliasKeepsThemToo) {
    const auto snapshot = compile(test::input_of(zones())).value();
    const Found alias =
        find_name(snapshot->data(), test::name("to-wild.z.test.").wire(), Type::CNAME);
    const ZoneData& zone = *alias.zone->data;
    const SetEntry* cname = zone.find_set(zone.names.node(alias.node), Type::CNAME);
    ASSERT_NE(cname, nullptr);
    const FoundInZone& target = zone.aliases[cname->ref].target;
    EXPECT_TRUE(target.by_wildcard);
    EXPECT_EQ(name_of(zone, target.node), "*.wild.z.test.");
    EXPECT_EQ(name_of(zone, target.encloser), "wild.z.test.");
}

}  // namespace
}  // namespace meridian::zones
