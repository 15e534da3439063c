// Checks what targets of overrides mean, and what overrides make of a region.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "meridian/zones/model/zone.h"
#include "server/runtime/override_store.h"

namespace meridian::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

OverrideTarget target(const std::string& text) {
    return parse_override_target(text).value();
}

Override entry_of(OverrideKind kind, const std::string& text, std::int64_t until = 0) {
    return {.kind = kind, .target = target(text), .until = until};
}

zones::Region region_of(const std::string& name = "frankfurt",
                        const std::string& file = "/etc/meridian/zones/beigel.example.toml") {
    zones::Region region;
    region.name = name;
    region.file = file;
    for (const char* text : {"192.0.2.1", "2001:db8::1", "192.0.2.2"}) {
        region.addresses.push_back(IpAddress::parse(text).value());
    }
    return region;
}

TEST(OverrideTarget, IsARegionAServiceInItOrOneAddress) {
    EXPECT_EQ(target("frankfurt"), (OverrideTarget{.region = "frankfurt"}));
    EXPECT_EQ(target("frankfurt/api"), (OverrideTarget{.region = "frankfurt", .service = "api"}));
    EXPECT_EQ(target("*/api/2001:DB8::0:1").address, "2001:db8::1");
    EXPECT_EQ(target("shared/world.toml:frankfurt/api").file, "shared/world.toml");
    EXPECT_EQ(target("shared/world.toml:frankfurt/api").service, "api");
    EXPECT_EQ(target("beigel*:fra").file, "beigel*");
}

TEST(OverrideTarget, ReadsAsItIsWritten) {
    for (const char* text : {"frankfurt", "fra*", "frankfurt/api", "*/api", "a/*/192.0.2.1",
                             "a/b/2001:db8::*", "zones/x.toml:a/b/192.0.2.1", "x:a"}) {
        EXPECT_EQ(to_text(target(text)), text);
    }
    EXPECT_EQ(to_text(target("frankfurt/*/*")), "frankfurt") << "the same in fewer words";
}

TEST(OverrideTarget, SaysWhatIsWrongWithIt) {
    const auto fault = [](const std::string& text) {
        const auto read = parse_override_target(text);
        return read ? "" : read.error();
    };
    EXPECT_THAT(fault(""), HasSubstr("is no target; a target is REGION"));
    EXPECT_THAT(fault("a//192.0.2.1"), HasSubstr("is no target"));
    EXPECT_THAT(fault("a/b/192.0.2.1/c"), HasSubstr("is no target"));
    EXPECT_EQ(fault("a/b/192.0.2.300"), "\"192.0.2.300\" is no IP address");
    EXPECT_THAT(fault(":a"), HasSubstr("no file stands before the colon"));
    EXPECT_THAT(fault("a\nb"), HasSubstr("control characters"));
}

TEST(OverrideTarget, StarsStandForAnyText) {
    EXPECT_TRUE(matches("*", ""));
    EXPECT_TRUE(matches("fra*", "frankfurt"));
    EXPECT_TRUE(matches("*k*t", "frankfurt"));
    EXPECT_FALSE(matches("*k*f", "frankfurt"));
    EXPECT_FALSE(matches("fra", "frankfurt"));
    EXPECT_FALSE(matches("frankfurt*x", "frankfurt"));
    EXPECT_TRUE(matches("*a*a*a*", "banana"));
    EXPECT_FALSE(matches(std::string(2000, '*') + "b", std::string(2000, 'a')));
}

TEST(OverrideTarget, MatchesARegionByNameServiceFileAndAddress) {
    const zones::Region region = region_of();
    EXPECT_TRUE(matches(target("frankfurt"), "api", region));
    EXPECT_FALSE(matches(target("frankfurt/shop"), "api", region));
    EXPECT_TRUE(matches(target("*/ap*"), "api", region));
    EXPECT_TRUE(matches(target("beigel.example.toml:frankfurt"), "api", region));
    EXPECT_TRUE(matches(target("zones/beigel.example.toml:frankfurt"), "api", region));
    EXPECT_FALSE(matches(target("example.toml:frankfurt"), "api", region)) << "no whole name";
    EXPECT_TRUE(matches(target("frankfurt/api/2001:db8::1"), "api", region));
    EXPECT_FALSE(matches(target("frankfurt/api/192.0.2.9"), "api", region));
}

TEST(Overrides, ADrainReplacesADrainAndAForceAForce) {
    std::vector<Override> overrides;
    EXPECT_THAT(put(overrides, entry_of(OverrideKind::Drain, "a")), IsEmpty());
    EXPECT_THAT(put(overrides, entry_of(OverrideKind::ForceUp, "a")), IsEmpty());
    EXPECT_THAT(put(overrides, entry_of(OverrideKind::Drain, "b")), IsEmpty());
    EXPECT_THAT(put(overrides, entry_of(OverrideKind::ForceDown, "a", 5)),
                ElementsAre(entry_of(OverrideKind::ForceUp, "a")));
    EXPECT_THAT(put(overrides, entry_of(OverrideKind::Drain, "a", 7)),
                ElementsAre(entry_of(OverrideKind::Drain, "a")));
    EXPECT_EQ(overrides.size(), 3U);
}

TEST(Overrides, AReleaseEndsWhatItsTargetCovers) {
    std::vector<Override> overrides;
    for (const char* text : {"a", "a/api", "fra*", "x.toml:a/api/192.0.2.1", "b/api"}) {
        put(overrides, entry_of(OverrideKind::Drain, text));
    }
    EXPECT_THAT(release(overrides, target("a/shop")), IsEmpty());
    EXPECT_THAT(release(overrides, target("frankfurt")), IsEmpty()) << "fra* is more than that";
    EXPECT_EQ(release(overrides, target("a/api")).size(), 2U);
    EXPECT_EQ(release(overrides, target("*/api")).size(), 1U);
    EXPECT_EQ(release(overrides, target("*")).size(), 2U);
    EXPECT_THAT(overrides, IsEmpty());
}

TEST(Overrides, ExpireAtTheirEndAndNotBefore) {
    std::vector<Override> overrides{entry_of(OverrideKind::Drain, "a", 100),
                                    entry_of(OverrideKind::Drain, "b"),
                                    entry_of(OverrideKind::ForceUp, "c", 101)};
    EXPECT_THAT(expire(overrides, {.date = 99}), IsEmpty());
    EXPECT_THAT(expire(overrides, {.date = 100, .is_date_trusted = false}), IsEmpty());
    EXPECT_THAT(expire(overrides, {.date = 100}),
                ElementsAre(entry_of(OverrideKind::Drain, "a", 100)));
    EXPECT_EQ(expire(overrides, {.date = 1'000}).size(), 1U);
    EXPECT_EQ(overrides.size(), 1U) << "a drain without an end stays";
}

TEST(Overrides, WhatACommandSetEndsByTheTimeSinceBootWhateverTheDateIs) {
    std::vector<Override> overrides{entry_of(OverrideKind::Drain, "a", 1'000)};
    pin_ends(overrides, {.date = 400, .is_date_trusted = false, .since_boot = {50, "this"}});
    EXPECT_EQ(overrides[0].boot_end, BootEnd()) << "how long is left is not known";
    pin_ends(overrides, {.date = 400, .since_boot = {50, "this"}});
    EXPECT_EQ(overrides[0].boot_end, (BootEnd{650, "this"}));
    EXPECT_THAT(expire(overrides, {.date = 5'000, .since_boot = {649, "this"}}), IsEmpty());
    pin_ends(overrides, {.date = 5'000, .since_boot = {649, "this"}});
    EXPECT_EQ(overrides[0].until, 5'001) << "what is shown follows the date that was set";
    const EndTime end{.date = 1, .is_date_trusted = false, .since_boot = {650, "this"}};
    EXPECT_THAT(expire(overrides, end), SizeIs(1));
}

TEST(Overrides, AfterAnotherStartOfTheMachineTheDateDecides) {
    Override entry = entry_of(OverrideKind::Drain, "a", 1'000);
    entry.boot_end = {650, "before"};
    std::vector<Override> overrides{entry};
    EXPECT_THAT(expire(overrides, {.date = 999, .since_boot = {9'999, "this"}}), IsEmpty());
    pin_ends(overrides, {.date = 999, .since_boot = {10, "this"}});
    EXPECT_EQ(overrides[0].boot_end, (BootEnd{11, "this"}));
    EXPECT_THAT(expire(overrides, {.date = 999, .since_boot = {11, "this"}}), SizeIs(1));
}

TEST(HandState, AddsUpAllThatIsAboutTheRegion) {
    const std::vector<Override> overrides{entry_of(OverrideKind::Drain, "fra*/api"),
                                          entry_of(OverrideKind::ForceUp, "frankfurt", 9),
                                          entry_of(OverrideKind::ForceDown, "*/*/192.0.2.2", 9)};
    const HandState state = hand_state_of(overrides, "api", region_of());
    EXPECT_TRUE(state.is_drained);
    EXPECT_TRUE(state.is_forced_up);
    EXPECT_FALSE(state.is_forced_down);
    EXPECT_EQ(state.addresses[0].forced_down, 0b10U);
    EXPECT_EQ(state.addresses[1].forced_down, 0U);
    EXPECT_FALSE(hand_state_of(overrides, "shop", region_of()).is_drained);
    EXPECT_EQ(hand_state_of(overrides, "api", region_of("b", "x")).addresses[0].forced_down, 0b10U);
}

TEST(HandState, ARegionIsDrainedInItsFileAsWell) {
    zones::Region region = region_of();
    EXPECT_EQ(hand_state_of({}, "api", region), HandState());
    region.is_drained = true;
    EXPECT_TRUE(hand_state_of({}, "api", region).is_drained);
}

TEST(OverrideStore, WhatIsWrittenIsRead) {
    const std::vector<Override> overrides{
        {OverrideKind::Drain, target("zones/x.toml:fra*/api/2001:db8::1"), 5, 0, "alice (sudo)",
         "new  switches, says\xc3\xa9"},
        {OverrideKind::ForceDown, target("b"), 6, 1'000'000'000'000, "", ""},
        {.target = target("c"), .until = 7, .reason = "x", .boot_end = {650, "0123abcd"}}};
    const auto read = parse_overrides(overrides_text(overrides));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, overrides);
    EXPECT_THAT(parse_overrides(overrides_text({})).value(), IsEmpty());
}

TEST(OverrideStore, TextsOfUsersBreakNoLine) {
    const std::vector<Override> overrides{
        {OverrideKind::Drain, target("a"), 5, 0, "x\ty", "one\ntwo\nend 0"}};
    const auto read = parse_overrides(overrides_text(overrides));
    ASSERT_TRUE(read) << read.error();
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ(read->front().author, "x y");
    EXPECT_EQ(read->front().reason, "one two end 0");
}

TEST(OverrideStore, ATextThatWasCutOrChangedIsRefused) {
    const std::string text = overrides_text({{OverrideKind::Drain, target("a"), 5, 0, "x", "y"},
                                             {OverrideKind::ForceUp, target("b"), 5, 9, "x", "y"}});
    for (std::size_t octets = 0; octets < text.size(); ++octets) {
        EXPECT_FALSE(parse_overrides(text.substr(0, octets))) << octets;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string changed = text;
        changed[at] ^= 1;
        EXPECT_FALSE(parse_overrides(changed)) << at;
    }
}

}  // namespace
}  // namespace meridian::server
