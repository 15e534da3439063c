// Tests how names are read, compared and printed.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "meridian/dns/wire/ascii_case.h"
#include "tests/dns/packet.h"

namespace meridian::dns {
namespace {

std::string repeated(std::string_view part, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += part;
    }
    return text;
}

std::vector<std::uint8_t> wire_of(const Name& name) {
    return {name.wire().begin(), name.wire().end()};
}

TEST(Name, IsReadFromText) {
    EXPECT_EQ(wire_of(named("a.bc.")), (std::vector<std::uint8_t>{1, 'a', 2, 'b', 'c', 0}));
    EXPECT_EQ(wire_of(named("A.b")), (std::vector<std::uint8_t>{1, 'A', 1, 'b', 0}));
    EXPECT_EQ(wire_of(named(".")), (std::vector<std::uint8_t>{0}));
    EXPECT_EQ(wire_of(named("a\\.b.c")), (std::vector<std::uint8_t>{3, 'a', '.', 'b', 1, 'c', 0}));
    EXPECT_EQ(wire_of(named("\\000\\255\\092.")), (std::vector<std::uint8_t>{3, 0, 255, 92, 0}));
    EXPECT_EQ(wire_of(named("\\a\\\\")), (std::vector<std::uint8_t>{2, 'a', '\\', 0}));
    EXPECT_EQ(wire_of(named("@")), (std::vector<std::uint8_t>{1, '@', 0}));
}

TEST(Name, ContinuesWithTheOriginUnlessItEndsInADot) {
    const Name origin = named("Example.");
    EXPECT_EQ(Name::parse("www", origin)->to_text(), "www.Example.");
    EXPECT_EQ(Name::parse("www.", origin)->to_text(), "www.");
    EXPECT_EQ(Name::parse("@", origin)->to_text(), "Example.");
    EXPECT_EQ(Name::parse("\\@", origin)->to_text(), "\\@.Example.");
    EXPECT_EQ(Name::parse("a\\.", origin)->to_text(), "a\\..Example.");
    EXPECT_EQ(Name::parse(".", origin)->to_text(), ".");
}

TEST(Name, SaysWhatIsWrongWithText) {
    struct Case {
        std::string text;
        NameError error;
    };
    const std::array cases{
        Case{"", NameError::Empty},
        Case{"..", NameError::EmptyLabel},
        Case{".a", NameError::EmptyLabel},
        Case{"a..", NameError::EmptyLabel},
        Case{"a..b", NameError::EmptyLabel},
        Case{repeated("a", 64), NameError::LabelTooLong},
        Case{"b." + repeated("a", 64) + ".c.", NameError::LabelTooLong},
        Case{repeated("a.", 128), NameError::NameTooLong},
        Case{repeated("a.", 40'000), NameError::NameTooLong},
        Case{"a\\", NameError::BadEscape},
        Case{"a\\25", NameError::BadEscape},
        Case{"a\\256", NameError::BadEscape},
        Case{"a\\2x5", NameError::BadEscape},
        Case{"a\\999.", NameError::BadEscape},
        Case{"b\xc3\xbc"
             "cher",
             NameError::NotAscii},
        Case{"a b", NameError::Space},
        Case{" ", NameError::Space},
        Case{"a\x7f", NameError::NotAscii},
        Case{"a\tb", NameError::NotAscii},
        Case{"a\\\n", NameError::NotAscii},
        Case{std::string("a\0b", 3), NameError::NotAscii},
    };
    for (const Case& expected : cases) {
        const auto name = Name::parse_absolute(expected.text);
        ASSERT_FALSE(name.ok()) << expected.text;
        EXPECT_EQ(name.error(), expected.error) << expected.text << ": " << describe(name.error());
        EXPECT_FALSE(describe(expected.error).empty());
    }
}

// Faults that RDATA cannot have: none of its words is empty or holds a space.
TEST(Name, SaysInWordsWhatIsWrong) {
    EXPECT_EQ(describe(NameError::Empty), "the name is empty");
    EXPECT_EQ(describe(NameError::Space), "the name holds a space; write \\032 for a space");
}

TEST(Name, LabelsHoldUpTo63Octets) {
    EXPECT_EQ(named(repeated("a", 62)).octets(), 64u);
    EXPECT_EQ(named(repeated("a", 63)).octets(), 65u);
    EXPECT_FALSE(Name::parse_absolute(repeated("a", 64)).ok());
    EXPECT_EQ(named(repeated("\\001", 63)).octets(), 65u);
    EXPECT_FALSE(Name::parse_absolute(repeated("\\001", 64)).ok());
}

TEST(Name, HoldsUpTo255OctetsAnd127Labels) {
    const std::string three_labels = repeated(repeated("a", 63) + ".", 3);  // 192 octets
    EXPECT_EQ(named(three_labels + repeated("b", 59)).octets(), 253u);
    EXPECT_EQ(named(three_labels + repeated("b", 60)).octets(), 254u);
    EXPECT_EQ(named(three_labels + repeated("b", 61)).octets(), 255u);
    EXPECT_FALSE(Name::parse_absolute(three_labels + repeated("b", 62)).ok());  // 256
    EXPECT_EQ(named(repeated("a.", 127)).label_count(), 127u);
    EXPECT_EQ(named(repeated("a.", 127)).octets(), 255u);

    // The origin counts too.
    EXPECT_EQ(Name::parse(repeated("a.", 123) + "b", named("xy.z."))->octets(), 254u);
    const auto too_long = Name::parse(repeated("a.", 125) + "b", named("xy.z."));
    ASSERT_FALSE(too_long.ok());
    EXPECT_EQ(too_long.error(), NameError::NameTooLong);
}

TEST(Name, IsTakenFromTheFrontOfOctets) {
    const std::vector<std::uint8_t> octets{1, 'a', 2, 'b', 'c', 0, 7, 7};
    EXPECT_EQ(Name::from_wire(octets)->to_text(), "a.bc.");
    const std::span<const std::uint8_t> all(octets);
    for (std::size_t length = 0; length < 6; ++length) {
        EXPECT_FALSE(Name::from_wire(all.first(length)).ok()) << length;
    }
    EXPECT_TRUE(Name::from_wire(all.first(6)).ok());
    for (const std::uint8_t length : std::array<std::uint8_t, 4>{0x40, 0x80, 0xc0, 0xff}) {
        const std::vector<std::uint8_t> bad{1, 'a', length, 0, 0};
        EXPECT_FALSE(Name::from_wire(bad).ok()) << int{length};
    }
}

TEST(Name, OfWireFormStopsAt255Octets) {
    for (const std::size_t total : {253u, 254u, 255u, 256u, 257u}) {
        std::vector<std::uint8_t> octets;
        for (int i = 0; i < 3; ++i) {
            octets.push_back(63);
            octets.insert(octets.end(), 63, 'a');
        }
        const std::size_t rest = total - 192 - 2;
        octets.push_back(static_cast<std::uint8_t>(rest));
        octets.insert(octets.end(), rest, 'b');
        octets.push_back(0);
        ASSERT_EQ(octets.size(), total);
        EXPECT_EQ(Name::from_wire(octets).ok(), total <= 255) << total;
    }
}

TEST(Name, EveryOctetSurvivesTheWayToTextAndBack) {
    for (int octet = 0; octet < 256; ++octet) {
        const std::vector<std::uint8_t> wire{1, static_cast<std::uint8_t>(octet), 0};
        const Name name = Name::from_wire(wire).value();
        EXPECT_EQ(wire_of(named(name.to_text())), wire) << name.to_text();
    }
}

TEST(Name, IsPrintedAsDigPrintsIt) {
    EXPECT_EQ(Name().to_text(), ".");
    EXPECT_EQ(named("a\\.b\\032c\\\"\\;.D").to_text(), "a\\.b\\032c\\\"\\;.D.");
    EXPECT_EQ(named("\\000\\127").to_text(), "\\000\\127.");
}

TEST(Name, ComparesWithoutRegardToCase) {
    EXPECT_EQ(named("WwW.Example"), named("www.eXAMPLE."));
    EXPECT_NE(named("www.example"), named("www.exampl3"));
    EXPECT_NE(named("[.example"), named("{.example"));  // differ by the bit of the case alone
    EXPECT_NE(named("\\193"), named("\\225"));          // case is for ASCII only
    EXPECT_EQ(named("WwW.[\\193").lower_cased().to_text(), "www.[\\193.");
}

TEST(Name, SortsInCanonicalOrder) {
    // The example of RFC 4034 §6.1.
    const std::array<const char*, 9> ordered{
        "example",   "a.example",       "yljkjljk.a.example", "Z.a.example",    "zABC.a.EXAMPLE",
        "z.example", "\\001.z.example", "*.z.example",        "\\200.z.example"};
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        for (std::size_t j = 0; j < ordered.size(); ++j) {
            EXPECT_EQ(named(ordered[i]) <=> named(ordered[j]), i <=> j)
                << ordered[i] << ' ' << ordered[j];
        }
    }
    EXPECT_TRUE(Name() < named("a"));
    EXPECT_TRUE(named("a.b") < named("aa.b"));
}

TEST(Name, LiesBelowItsAncestorsOnly) {
    EXPECT_TRUE(named("a.b.c").is_at_or_below(named("B.C")));
    EXPECT_TRUE(named("b.c").is_at_or_below(named("b.c")));
    EXPECT_TRUE(named("b.c").is_at_or_below(Name()));
    EXPECT_FALSE(named("c").is_at_or_below(named("b.c")));
    EXPECT_FALSE(named("ab.c").is_at_or_below(named("b.c")));
    EXPECT_FALSE(Name().is_at_or_below(named("c")));
    // The label's last octets look like the ancestor's wire form.
    EXPECT_FALSE(named("x\\001b\\001c").is_at_or_below(named("b.c")));
}

TEST(Name, HasParentsAndChildren) {
    EXPECT_EQ(named("a.b.c").parent(), named("b.c"));
    EXPECT_TRUE(named("c").parent().is_root());
    EXPECT_EQ(named("b.c").child("*")->to_text(), "*.b.c.");
    EXPECT_EQ(named("b.c").child("x.y")->to_text(), "x\\.y.b.c.");
    EXPECT_EQ(Name().child("").error(), NameError::EmptyLabel);
    EXPECT_EQ(Name().child(repeated("a", 64)).error(), NameError::LabelTooLong);
    EXPECT_EQ(named(repeated("a.", 127)).child("b").error(), NameError::NameTooLong);
    EXPECT_EQ(named(repeated("a.", 126)).child("b")->octets(), 255u);
}

TEST(Name, WildcardsAreExactlyAnAsterisk) {
    EXPECT_TRUE(named("*.example").is_wildcard());
    EXPECT_TRUE(named("*").is_wildcard());
    EXPECT_FALSE(named("**.example").is_wildcard());
    EXPECT_FALSE(named("a.*.example").is_wildcard());
    EXPECT_FALSE(named("\\001*").is_wildcard());
    EXPECT_FALSE(Name().is_wildcard());
}

TEST(AsciiCase, SeveralAtATimeAgreeWithOneAtATime) {
    for (unsigned octet = 0; octet < 256; ++octet) {
        for (unsigned neighbour : {0x00u, 0x40u, 0x5au, 0x7fu, 0x80u, 0xdau, 0xffu}) {
            // By octets, eight, two overlapping eights, sixteen, and several of these.
            for (const std::size_t count : {3u, 8u, 11u, 16u, 21u, 40u}) {
                for (std::size_t place = 0; place < count; ++place) {
                    std::vector<std::uint8_t> octets(count, static_cast<std::uint8_t>(neighbour));
                    octets[place] = static_cast<std::uint8_t>(octet);
                    std::vector<std::uint8_t> expected(count);
                    std::transform(octets.begin(), octets.end(), expected.begin(),
                                   [](std::uint8_t one) { return lower_cased(one); });
                    std::vector<std::uint8_t> lower(count);
                    copy_lower_cased(octets, lower);
                    ASSERT_EQ(lower, expected) << octet << " at " << place << " of " << count;
                }
            }
        }
    }
}

}  // namespace
TEST(Name, IsCopiedAndMovedWholeAtAnyLength) {
    for (const std::size_t label_octets : {1U, 37U, 38U, 63U}) {  // around what fits in place
        const Name name = Name::parse_absolute(std::string(label_octets, 'x') + ".").value();
        Name copy = name;
        EXPECT_EQ(copy, name);
        Name moved = std::move(copy);
        EXPECT_EQ(moved, name);
        EXPECT_TRUE(copy.is_root());  // NOLINT: what was moved from is sound
        copy = moved;
        EXPECT_EQ(copy, name);
        copy = Name();
        EXPECT_TRUE(copy.is_root());
        copy = std::move(moved);
        EXPECT_EQ(copy, name);
        copy = *&copy;
        EXPECT_EQ(copy, name);
    }
}

}  // namespace meridian::dns
