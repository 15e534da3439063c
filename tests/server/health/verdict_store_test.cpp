// Checks what of the verdicts survives a restart.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/verdict_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "server/health/saved_verdict.h"
#include "tests/server/health/set_time.h"

namespace meridian::server {
namespace {

class FixedClock final : public Clock {
public:
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return test::at(seconds);
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::time_point(std::chrono::seconds(date));
    }
    double seconds = 0;
    std::int64_t date = 1'000'000;
};

Target target_of(const std::string& path = "/") {
    Target target;
    target.address = IpAddress::parse("192.0.2.1").value();
    target.checks = {
        {.kind = zones::CheckKind::Http, .port = 80, .host = "www.test", .path = path}};
    return target;
}

TEST(VerdictStore, WhatIsWrittenIsRead) {
    const std::vector<SavedVerdict> verdicts{
        {target_digest(target_of()), TargetState::Down, 999'000, 1'000'000, 999'000, 60'000, true,
         false, "302 redirect to https://www.test/ with  spaces"},
        {target_digest(target_of("/other")), TargetState::Up, 5, 1'000'000, 0, 0, false, false, ""},
        {target_digest(target_of("/t")), TargetState::Up, 5, 1'000'000, 0, 0, false, true, "404"},
        {target_digest(target_of("/u")), TargetState::Up, 5, 1'000'000, 0, 0, true, true, ""}};
    const auto read = parse_verdicts(verdicts_text(verdicts));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, verdicts);
}

TEST(VerdictStore, ATextThatWasCutOrChangedIsRefused) {
    const std::string text = verdicts_text(
        {{target_digest(target_of()), TargetState::Down, 1, 2, 3, 4, false, false, "503"}});
    for (std::size_t octets = 0; octets < text.size(); ++octets) {
        EXPECT_FALSE(parse_verdicts(text.substr(0, octets))) << octets;
    }
    std::string changed = text;
    changed[changed.find("down")] = 'u';
    EXPECT_FALSE(parse_verdicts(changed));
}

TEST(SavedVerdict, IsOfThePlaceWhereAFileOrACommandIsAskedForThat) {
    Target file = target_of();
    file.checks = {{.kind = zones::CheckKind::File, .place = {"api", "frankfurt"}}};
    Target command = file;
    command.checks[0].kind = zones::CheckKind::Command;
    std::set<Digest> digests{target_digest(file), target_digest(command)};
    file.checks[0].place.region = "tokyo";
    digests.insert(target_digest(file));
    file.checks[0].file.name = "state.json";
    digests.insert(target_digest(file));
    file.checks[0].file.named_by = "z.toml";
    digests.insert(target_digest(file));
    command.checks[0].command = "lag";
    digests.insert(target_digest(command));
    EXPECT_EQ(digests.size(), 6U);
    file.checks[0].file.max_age = std::chrono::minutes(1);
    EXPECT_TRUE(digests.contains(target_digest(file))) << "its state is the same";
}

TEST(SavedVerdict, CountsOnAfterARestart) {
    FixedClock before;
    before.seconds = 100;
    const VerdictRecord record{.state = TargetState::Down,
                               .since = test::at(40),
                               .failures = 7,
                               .reason = "503",
                               .last_result = test::at(98),
                               .last_fall = test::at(40),
                               .hold = std::chrono::minutes(2)};
    const SavedVerdict saved = save(target_of(), record, before);
    FixedClock after;  // another clock for intervals, 16 s later
    after.seconds = 5000;
    after.date = before.date + 16;
    const auto restored = restore(saved, after);
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->state, TargetState::Down);
    EXPECT_EQ(restored->since, test::at(5000 - 76));
    EXPECT_EQ(restored->hold_until(), test::at(5000 - 76 + 120));
    EXPECT_EQ(restored->reason, "503");
}

TEST(SavedVerdict, HoldsForAnHour) {
    FixedClock clock;
    const SavedVerdict saved{.state = TargetState::Down, .since = 1, .last_result = clock.date};
    clock.date += 3600;
    EXPECT_TRUE(restore(saved, clock));
    clock.date += 1;
    EXPECT_FALSE(restore(saved, clock));
    clock.date -= 3602;
    EXPECT_FALSE(restore(saved, clock)) << "from the future";
    EXPECT_FALSE(restore({.state = TargetState::Up, .since = 1}, clock)) << "never a result";
}

TEST(SavedVerdict, IsThatOfOneCheckOfOneAddress) {
    Target other = target_of();
    EXPECT_EQ(target_digest(other), target_digest(target_of()));
    other.timing.every = std::chrono::seconds(1);
    EXPECT_EQ(target_digest(other), target_digest(target_of())) << "its timing does not matter";
    EXPECT_NE(target_digest(target_of("/a")), target_digest(target_of("/b")));
    other.address = IpAddress::parse("192.0.2.2").value();
    EXPECT_NE(target_digest(other), target_digest(target_of()));
    Target header = target_of();
    header.checks.front().headers = {{"A", "BC"}};
    Target shifted = target_of();
    shifted.checks.front().headers = {{"AB", "C"}};
    EXPECT_NE(target_digest(header), target_digest(shifted));
}

TEST(SavedVerdict, IsThatOfAllChecksAndOfWhatTheyAsk) {
    std::vector<Target> targets(6, target_of());
    targets[1].checks.push_back({.kind = zones::CheckKind::Tcp, .port = 22});
    targets[2] = targets[1];
    targets[2].need = zones::CheckNeed::Any;
    targets[3].checks.front().question.type = dns::Type::AAAA;
    targets[4].checks.front().question.rcode = dns::Rcode::Refused;
    targets[5].checks.front().question.answer = "192.0.2.1";
    std::set<Digest> digests;
    for (const Target& target : targets) {
        digests.insert(target_digest(target));
    }
    EXPECT_EQ(digests.size(), targets.size());
}

}  // namespace
}  // namespace meridian::server
