// Checks what the file of overrides says, and what is wrong with one.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/overrides_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "meridian/date_time.h"
#include "meridian/limits.h"
#include "server/health/override_request.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kGood = R"([[drain]]
target = "frankfurt/api"
reason = "new switches"
author = "alice"

[[force]]
target = "tokyo"
state  = "down"
until  = 2026-12-01T04:00:00+01:00
)";

/// The first error of a text, on one line.
std::string error_of(const std::string& text) {
    const auto read = read_overrides("o.toml", text);
    return read ? std::string("none") : zones::to_line(read.error().front());
}

TEST(OverridesFile, HoldsDrainsAndForcesWithAbsoluteEnds) {
    const auto read = read_overrides("o.toml", kGood);
    ASSERT_TRUE(read) << zones::to_line(read.error().front());
    ASSERT_THAT(*read, SizeIs(2));
    EXPECT_EQ(read->at(0).kind, OverrideKind::Drain);
    EXPECT_EQ(to_text(read->at(0).target), "frankfurt/api");
    EXPECT_EQ(read->at(0).author, "alice");
    EXPECT_EQ(read->at(0).reason, "new switches");
    EXPECT_EQ(read->at(0).until, 0);
    EXPECT_EQ(read->at(0).file, "o.toml");
    EXPECT_EQ(read->at(0).line, 1U);
    EXPECT_EQ(read->at(1).kind, OverrideKind::ForceDown);
    EXPECT_EQ(date_time_text(read->at(1).until), "2026-12-01T03:00:00Z");
}

TEST(OverridesFile, NamesWhatIsWrongWithItsPlace) {
    EXPECT_THAT(error_of("[[drian]]\ntarget = \"a\"\n"), HasSubstr("did you mean \"drain\""));
    EXPECT_THAT(error_of("[[drain]]\nreason = \"a\"\n"), HasSubstr("target"));
    EXPECT_THAT(error_of("[[drain]]\ntarget = \"a/b/c/d\"\n"), HasSubstr("o.toml:2:10"));
    EXPECT_THAT(error_of("[[drain]]\ntarget = \"a\"\nuntil = 2026-12-01T03:00:00\n"),
                HasSubstr("o.toml:3:9"));
    EXPECT_THAT(error_of("[[drain]]\ntarget = \"a\"\nuntil = 2026-12-01T03:00:00\n"),
                HasSubstr("offset"));
    EXPECT_THAT(error_of("[[force]]\ntarget = \"a\"\nstate = \"up\"\n"), HasSubstr("until"));
    EXPECT_THAT(error_of("[[force]]\ntarget = \"a\"\nstate = \"upp\"\n"
                         "until = 2026-12-01T03:00:00Z\n"),
                HasSubstr("did you mean \"up\""));
}

TEST(OverridesFile, AStanzaIsReadAsItWasMeant) {
    const Override entry{.kind = OverrideKind::ForceUp,
                         .target = parse_override_target("world.toml:frank*").value(),
                         .until = 1'796'000'000,
                         .author = "alice \"al\"",
                         .reason = "back\\slash"};
    const auto read = read_overrides("o.toml", stanza_of(entry));
    ASSERT_TRUE(read) << zones::to_line(read.error().front());
    ASSERT_THAT(*read, SizeIs(1));
    EXPECT_EQ(read->front().kind, entry.kind);
    EXPECT_EQ(read->front().target, entry.target);
    EXPECT_EQ(read->front().until, entry.until);
    EXPECT_EQ(read->front().author, entry.author);
    EXPECT_EQ(read->front().reason, entry.reason);
}

TEST(OverridesFile, ABadOneChangesNothing) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("o.toml", kGood);
    OverridesSource source;
    EXPECT_TRUE(source.has_changed(file));
    EXPECT_TRUE(source.read_if_changed(file));
    EXPECT_FALSE(source.read_if_changed(file)) << "as before";
    directory.write("o.toml", "[[drain]]\n");
    EXPECT_FALSE(source.read_if_changed(file));
    EXPECT_THAT(source.errors(), SizeIs(1));
    EXPECT_FALSE(source.has_changed(file)) << "it is read once";
    directory.write("o.toml", "# nothing is drained any more\n");
    const auto mended = source.read_if_changed(file);
    ASSERT_TRUE(mended);
    EXPECT_THAT(*mended, IsEmpty());
    EXPECT_THAT(source.errors(), IsEmpty());
    EXPECT_TRUE(source.read_if_changed("")) << "no file is named any more";
}

TEST(OverridesFile, WhatIsTooMuchOrContradictsItselfIsPointedAt) {
    const std::string until = "until = 2100-12-01T03:00:00Z\n";
    const std::string up = "[[force]]\ntarget = \"a/api\"\nstate = \"up\"\n" + until;
    const std::string down = "[[force]]\ntarget = \"a/api\"\nstate = \"down\"\n" + until;
    EXPECT_THAT(error_of(up + down), HasSubstr("o.toml:6:10: error: force.target: \"a/api\" is "
                                               "forced the other way already (see line 1; leave"));
    EXPECT_TRUE(read_overrides("o.toml", up + "[[drain]]\ntarget = \"a/api\"\n"));
    EXPECT_TRUE(read_overrides("o.toml", up + up));
    for (const std::string key : {"reason", "author"}) {
        const std::string drain = "[[drain]]\ntarget = \"a\"\n" + key + " = \"";
        EXPECT_TRUE(read_overrides("o.toml", drain + std::string(kMaxReasonOctets, 'x') + "\"\n"));
        EXPECT_THAT(
            error_of(drain + std::string(kMaxReasonOctets + 1, 'x') + "\"\n"),
            HasSubstr("o.toml:3:10: error: drain." + key + ": 501 octets; expected at most"));
    }
    std::string many;
    for (std::size_t i = 0; i <= kMaxOverrides; ++i) {
        many += "[[drain]]\ntarget = \"r" + std::to_string(i) + "\"\n";
    }
    EXPECT_THAT(error_of(many), HasSubstr("o.toml:2002:1: error: drain: there are more than 1000"));
}

TEST(OverridesFile, OneThatBecomesEmptyEndsNothing) {
    const test::TemporaryDirectory directory;
    const std::string file = directory.write("o.toml", "\n");
    OverridesSource source;
    EXPECT_TRUE(source.read_if_changed(file)) << "it held nothing before";
    directory.write("o.toml", kGood);
    EXPECT_TRUE(source.read_if_changed(file));
    directory.write("o.toml", " \n");
    EXPECT_FALSE(source.read_if_changed(file));
    ASSERT_THAT(source.errors(), SizeIs(1));
    EXPECT_THAT(zones::to_line(source.errors().front()),
                HasSubstr("the file has become empty, and held 2 overrides before"));
    directory.write("o.toml", "# none\n");
    EXPECT_TRUE(source.read_if_changed(file));
    directory.write("o.toml", "");
    EXPECT_TRUE(source.read_if_changed(file)) << "it held nothing before";
}

TEST(OverridesFile, AtAStartTheLastGoodOneHoldsWhereTheFileCannotBeUsed) {
    const test::TemporaryDirectory directory;
    const StateDirectory state = StateDirectory::open_to_write({directory.path("state")});
    const std::string file = directory.write("o.toml", kGood);
    OverridesSource first;
    EXPECT_THAT(first.read_if_changed(file), testing::Optional(SizeIs(2)));
    EXPECT_TRUE(first.save(state, false));
    for (const char* const text : {"rubbish\n", ""}) {
        directory.write("o.toml", text);
        OverridesSource next;
        EXPECT_EQ(next.restore(state), "");
        EXPECT_THAT(next.read_if_changed(file), testing::Optional(SizeIs(2)));
        EXPECT_THAT(next.errors(), SizeIs(1));
        EXPECT_FALSE(next.is_unknown());
        EXPECT_FALSE(next.read_if_changed(file));
    }
    std::filesystem::remove(file);
    OverridesSource gone;
    EXPECT_EQ(gone.restore(state), "");
    EXPECT_THAT(gone.read_if_changed(file), testing::Optional(SizeIs(2)));
    EXPECT_THAT(gone.errors(), SizeIs(1));
    OverridesSource other;
    EXPECT_EQ(other.restore(state), "");
    EXPECT_FALSE(other.read_if_changed(directory.path("p.toml"))) << "of another file";
    OverridesSource none;
    EXPECT_EQ(none.restore(state), "");
    EXPECT_FALSE(none.read_if_changed("")) << "no file is named";
    EXPECT_TRUE(none.save(state, false));
    EXPECT_EQ(state.read(kOverridesCopy, 100).error().kind, FileFailure::Missing);
}

TEST(OverridesFile, AtAStartWithADamagedCopyNothingIsKnown) {
    const test::TemporaryDirectory directory;
    const StateDirectory state = StateDirectory::open_to_write({directory.path("state")});
    const std::string file = directory.write("o.toml", kGood);
    OverridesSource first;
    EXPECT_TRUE(first.read_if_changed(file));
    EXPECT_TRUE(first.save(state, false));
    const std::string whole = state.read(kOverridesCopy, 10'000).value().text;
    directory.write("o.toml", "rubbish\n");
    for (const std::string& copy : {whole.substr(0, 60), std::string("junk\n"), std::string()}) {
        directory.write("state/" + std::string(kOverridesCopy), copy);
        OverridesSource next;
        EXPECT_THAT(next.restore(state),
                    HasSubstr("what the file of overrides said before is not"));
        EXPECT_FALSE(next.read_if_changed(file));
        EXPECT_TRUE(next.is_unknown());
        directory.write("o.toml", kGood);
        EXPECT_TRUE(next.read_if_changed(file));
        EXPECT_FALSE(next.is_unknown());
        directory.write("o.toml", "rubbish\n");
        EXPECT_FALSE(next.read_if_changed(file));
        EXPECT_FALSE(next.is_unknown()) << "this process knows";
    }
}

TEST(OverridesFile, OneThatWasCutIsAnError) {
    EXPECT_THAT(error_of("[[drain]]\ntarget = \"a\""), HasSubstr("the last line has no end"));
}

TEST(FileOverrides, AnotherVersionEndsWhatIsGoneAndBeginsWhatIsNew) {
    auto first = read_overrides("o.toml", kGood).value();
    std::vector<Override> overrides;
    Override by_command{.target = parse_override_target("frankfurt/api").value()};
    put(overrides, by_command);
    EXPECT_THAT(replace_in_file(overrides, first, {.date = 10}).begun, SizeIs(2));
    EXPECT_THAT(overrides, SizeIs(3));
    put(overrides, by_command);
    EXPECT_THAT(overrides, SizeIs(3)) << "that of the command alone is replaced";
    for (Override& entry : first) {
        entry.line += 5;
    }
    FileChange change = replace_in_file(overrides, first, {.date = 20});
    EXPECT_THAT(change.begun, IsEmpty()) << "they stand elsewhere in the file";
    EXPECT_THAT(change.ended, IsEmpty());
    first.pop_back();
    change = replace_in_file(overrides, first, {.date = 30});
    ASSERT_THAT(change.ended, SizeIs(1));
    EXPECT_EQ(change.ended.front().kind, OverrideKind::ForceDown);
    EXPECT_THAT(release(overrides, parse_override_target("*").value()), SizeIs(1));
    EXPECT_THAT(covered_in_files(overrides, parse_override_target("*").value()), SizeIs(1));
}

TEST(FileOverrides, ThoseWhoseEndHasComeAreLeftOut) {
    std::vector<Override> overrides;
    const auto of_file = read_overrides("o.toml", kGood).value();
    const FileChange change = replace_in_file(overrides, of_file, {.date = of_file.at(1).until});
    EXPECT_THAT(change.begun, SizeIs(1));
    EXPECT_THAT(overrides, SizeIs(1));
}

}  // namespace
}  // namespace meridian::server
