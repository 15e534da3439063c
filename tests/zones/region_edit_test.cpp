// Tests that regions come into zone files and go again, whatever the style, and nothing else moves.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/region_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "meridian/zones/zone_reader.h"
#include "tests/support/seeds.h"

namespace meridian::zones {
namespace {

using testing::ElementsAre;

std::string file_text(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool loads(const std::string& text) {
    return !has_errors(read_zone({"test.toml", text, 1}).diagnostics);
}

TomlDocument document_of(const std::string& text) {
    auto document = read_toml("test.toml", text);
    EXPECT_TRUE(document.ok()) << text;
    return document ? std::move(document).value() : TomlDocument{};
}

std::vector<WrittenRegion> regions_of(const std::string& text) {
    return written_regions(text, document_of(text).root);
}

std::string with(const std::string& text, const RegionText& region) {
    return add_region(text, document_of(text).root, region);
}

std::string without(const std::string& text, const std::string& region) {
    return remove_region(text, document_of(text).root, region);
}

/// Whether `part` is left of `whole` when some of it is crossed out.
bool is_left_of(std::string_view part, std::string_view whole) {
    std::size_t at = 0;
    for (const char octet : whole) {
        if (at < part.size() && part[at] == octet) { ++at; }
    }
    return at == part.size();
}

/// Whether `longer` is `text` with one piece more.
bool is_one_piece_more(std::string_view text, std::string_view longer) {
    const auto front = std::ranges::mismatch(text, longer).in1 - text.begin();
    const std::string_view rest = text.substr(static_cast<std::size_t>(front));
    return longer.size() > text.size() && longer.ends_with(rest);
}

/// A zone file in a style that chance picks: every one that an operator might have.
class RandomZone {
public:
    explicit RandomZone(std::uint64_t seed) : random_(seed) {
        line_ending_ = chance(3) ? "\r\n" : "\n";
        quote_ = chance(3) ? '\'' : '"';
        equals_ = chance(4) ? "=" : chance(3) ? "\t= " : chance(2) ? "     = " : " = ";
        comma_ = chance(3) ? "," : ", ";
        indent_ = chance(3) ? "  " : "";
        blank_lines_ = chance(3) ? 0 : 1 + pick(2);
        form_ = pick(6);
        array_form_ = pick(5);
        region_count_ = 2 + pick(4);
    }

    std::string text() {
        if (chance(4)) { text_ = "\xef\xbb\xbf"; }
        statement("zone", quoted_text("a.example"));
        statement("nameservers", "[" + quoted_text("ns1") + comma_ + quoted_text("ns2") + "]");
        regions();
        policies();
        blanks();
        line("[records]");
        statement("www.steer", quoted_text("nearest"));
        statement("ns1.a", quoted_text("192.0.2.53"));
        statement("ns2.a", quoted_text("198.51.100.53"));
        if (chance(3)) { regions_at_the_end(); }
        for (std::size_t i = pick(3); i > 0; --i) {
            line(chance(2) ? "" : "# the end");
        }
        if (chance(3)) { text_.erase(text_.size() - line_ending_.size()); }
        return text_;
    }

private:
    std::size_t pick(std::size_t count) { return random_() % count; }
    bool chance(std::size_t one_in) { return pick(one_in) == 0; }

    [[nodiscard]] std::string quoted_text(const std::string& text) const {
        return quote_ + text + quote_;
    }
    void line(const std::string& text) { text_ += text + line_ending_; }
    void blanks() {
        for (std::size_t i = 0; i < blank_lines_; ++i) {
            line("");
        }
    }
    void comments() {
        if (chance(5)) { line(indent_ + "# [not.a.header] = \"not a value\""); }
        if (chance(8)) {
            line("");
            line("  # on its own");
            line("");
        }
    }
    void statement(const std::string& key, const std::string& value) {
        comments();
        line(indent_ + key + equals_ + value + (chance(5) ? "  # why" : ""));
    }
    std::string array(const std::vector<std::string>& items, bool one_line = false) {
        const bool lines = !one_line && array_form_ < 3;
        std::string result = lines ? "[" + line_ending_ : "[";
        for (const std::string& item : items) {
            const bool last = &item == &items.back();
            if (lines) {
                result += "    " + quoted_text(item) + (last && array_form_ == 0 ? "" : ",") +
                          (chance(3) ? "  # item, [" : "");
                result += line_ending_;
                if (chance(6)) { result += "    # between" + line_ending_; }
            } else {
                result += quoted_text(item) + (last ? "" : comma_);
            }
        }
        return result + "]";
    }
    std::vector<std::string> addresses(std::size_t region) {
        const std::string number = std::to_string(region + 1);
        std::vector<std::string> result{"192.0.2." + number, "2001:db8::" + number};
        if (chance(2)) { result.push_back("198.51.100." + number); }
        return result;
    }
    std::string braces(std::size_t region) {
        return "{ at = " + quoted_text("FRA") + ", addresses = " + array(addresses(region), true) +
               " }";
    }
    static std::string name(std::size_t region) { return "r" + std::to_string(region); }

    void region_keys(std::size_t region, const std::string& prefix) {
        statement(prefix + "at", quoted_text("FRA"));
        statement(prefix + "addresses", array(addresses(region)));
    }
    void region_with_header(std::size_t region) {
        blanks();
        comments();
        line(indent_ + "[regions." + name(region) + "]" + (chance(4) ? " # here" : ""));
        region_keys(region, "");
        if (chance(6)) { line("# capacity = 5"); }
    }
    void regions() {
        if (form_ == 4 || form_ == 5) {
            blanks();
            line("[regions]");
        }
        std::string all;
        for (std::size_t i = 0; i < region_count_; ++i) {
            if (form_ == 0) { region_with_header(i); }
            if (form_ == 1) { region_keys(i, "regions." + name(i) + "."); }
            if (form_ == 2) { statement("regions." + name(i), braces(i)); }
            if (form_ == 3) { all += (i > 0 ? ", " : "") + name(i) + " = " + braces(i); }
            if (form_ == 4) { region_keys(i, name(i) + "."); }
            if (form_ == 5) { statement(name(i), braces(i)); }
        }
        if (form_ == 3) { statement("regions", "{ " + all + " }"); }
    }
    /// More of them in another place.
    void regions_at_the_end() {
        if (form_ != 0) { return; }
        region_with_header(region_count_);
    }
    void policies() {
        if (chance(3)) { return; }
        blanks();
        line("[policies.nearest]");
        if (chance(2)) { statement("default", array({name(1)})); }
        if (chance(2)) { statement("regions", array({name(1), name(0)})); }
        if (chance(2)) { return; }
        blanks();
        line("[policies]");
        statement("other", "{ regions = " + array({name(1), name(0)}, true) +
                               ", default = " + array({name(1)}, true) + " }");
    }

    std::mt19937_64 random_;
    std::string text_;
    std::string line_ending_;
    char quote_ = '"';
    std::string equals_;
    std::string comma_;
    std::string indent_;
    std::size_t blank_lines_ = 0;
    std::size_t form_ = 0;
    std::size_t array_form_ = 0;
    std::size_t region_count_ = 0;
};

/// What holds for every text.
void expect_a_region_to_come_and_go(const std::string& text) {
    const RegionText lagos{"lagos", "LOS", {"203.0.113.20", "2001:db8:7::10"}};
    const std::vector<WrittenRegion> before = regions_of(text);
    const std::string more = with(text, lagos);
    EXPECT_TRUE(loads(more)) << more;
    EXPECT_TRUE(is_one_piece_more(text, more)) << more;
    const std::vector<WrittenRegion> after = regions_of(more);
    ASSERT_EQ(after.size(), before.size() + 1) << more;
    EXPECT_EQ(after.back().name, "lagos") << "the order decides ties";
    EXPECT_TRUE(is_same_region(after.back(), lagos));
    EXPECT_EQ(without(more, "lagos"), text);

    const std::string joined = add_to_policies(
        more, document_of(more).root, policies_with_regions(document_of(more).root), "lagos");
    EXPECT_TRUE(loads(joined)) << joined;
    EXPECT_TRUE(is_left_of(more, joined)) << joined;
    EXPECT_EQ(without(joined, "lagos"), text);

    const RegionText moved{"lagos", geo::Coordinates{35.5, 139}, {"2001:DB8:7::10", "192.0.2.99"}};
    const std::string replaced = replace_region(more, moved);
    EXPECT_TRUE(loads(replaced)) << replaced;
    EXPECT_TRUE(is_same_region(regions_of(replaced).back(), moved)) << replaced;
    EXPECT_EQ(without(replaced, "lagos"), text);
}

/// Takes out one region after the other, in an order that chance picks.
void expect_all_regions_to_go(std::string text, std::mt19937_64& random) {
    std::vector<WrittenRegion> regions = regions_of(text);
    while (regions.size() > 1) {
        const std::string gone = regions[random() % regions.size()].name;
        const std::string less = without(text, gone);
        EXPECT_TRUE(is_left_of(less, text)) << gone << " of\n" << text << "\nleft\n" << less;
        std::erase_if(regions, [&](const WrittenRegion& region) { return region.name == gone; });
        const std::vector<WrittenRegion> left = regions_of(less);
        ASSERT_EQ(left.size(), regions.size()) << less;
        for (std::size_t i = 0; i < left.size(); ++i) {
            EXPECT_EQ(left[i].name, regions[i].name);
            EXPECT_EQ(left[i].addresses, regions[i].addresses);
        }
        EXPECT_EQ(without(less, gone), less);
        if (!loads(less)) { return; }  // a policy has none left
        text = less;
    }
}

TEST(RegionEdit, ComesAndGoesInEveryStyle) {
    for (const std::uint64_t seed : test::seeds(40)) {
        SCOPED_TRACE(test::seed_note(seed));
        const std::string text = RandomZone(seed).text();
        ASSERT_TRUE(loads(text)) << text;
        expect_a_region_to_come_and_go(text);
        std::mt19937_64 random(seed);
        expect_all_regions_to_go(text, random);
        if (HasFailure()) { FAIL() << text; }
    }
}

TEST(RegionEdit, ComesAndGoesInWhatWeShip) {
    for (const char* file : {MERIDIAN_SOURCE "/packaging/zones/beigel.example.toml",
                             MERIDIAN_SOURCE "/tests/scenarios/zones/beigel.toml"}) {
        SCOPED_TRACE(file);
        const std::string text = file_text(file);
        ASSERT_TRUE(loads(text));
        expect_a_region_to_come_and_go(text);
        for (const std::uint64_t seed : test::seeds(5)) {
            SCOPED_TRACE(test::seed_note(seed));
            std::mt19937_64 random(seed);
            expect_all_regions_to_go(text, random);
        }
    }
}

constexpr const char* kZone = R"(zone = "a.example"
nameservers = ["ns1", "ns2"]
[regions.fra]
at = "FRA"
addresses = [
    "192.0.2.1",  # rack 1
    "192.0.2.2",  # rack 2
]
[regions.iad]
at = [38, -77.5]
addresses = "192.0.2.3"
[policies.nearest]
default = ["iad"]
[policies.bulk]
regions = ["iad", "fra"]
default = ["iad"]
[records]
www.steer = "nearest"
ns1.a = "192.0.2.53"
ns2.a = "198.51.100.53"
)";

TEST(RegionEdit, KnowsWhatIsWritten) {
    const std::vector<WrittenRegion> regions = regions_of(kZone);
    ASSERT_EQ(regions.size(), 2U);
    EXPECT_EQ(regions[0].name, "fra");
    EXPECT_EQ(regions[0].position.line, 3U);
    EXPECT_EQ(regions[0].place, "\"FRA\"");
    EXPECT_NEAR(regions[0].at.latitude, 50.0, 0.1);
    EXPECT_THAT(regions[0].addresses, ElementsAre("192.0.2.1", "192.0.2.2"));
    EXPECT_THAT(regions[0].policies, ElementsAre("nearest", "bulk"));
    EXPECT_EQ(regions[1].place, "[38, -77.5]");
    EXPECT_EQ(regions[1].at, (geo::Coordinates{38, -77.5}));
    EXPECT_THAT(regions[1].addresses, ElementsAre("192.0.2.3"));
}

TEST(RegionEdit, TheSameRegionMayBeSpelledInOtherWords) {
    const std::vector<WrittenRegion> regions = regions_of(kZone);
    EXPECT_TRUE(is_same_region(regions[0], {"fra", "fra", {"192.0.2.2", "192.0.2.1"}}));
    EXPECT_FALSE(is_same_region(regions[0], {"fra", "FRA", {"192.0.2.1"}}));
    EXPECT_FALSE(is_same_region(regions[0], {"fra", "FRA", {"192.0.2.1", "192.0.2.2", "::1"}}));
    EXPECT_FALSE(is_same_region(regions[0], {"fra", "nowhere", {"192.0.2.1", "192.0.2.2"}}));
    EXPECT_TRUE(is_same_region(regions[1], {"iad", geo::Coordinates{38, -77.5}, {"192.0.2.3"}}));
    EXPECT_FALSE(is_same_region(regions[1], {"iad", geo::Coordinates{38, -77}, {"192.0.2.3"}}));
}

TEST(RegionEdit, LeavesListsOfPoliciesWithIt) {
    const std::string left = without(kZone, "iad");
    EXPECT_TRUE(loads(left)) << left;
    EXPECT_NE(left.find("[policies.nearest]\n[policies.bulk]\nregions = [\"fra\"]\n[records]"),
              std::string::npos)
        << left;
}

TEST(RegionEdit, TheLastRegionOfAPolicyDoesNotLoadWithoutIt) {
    std::string text = kZone;
    text.replace(text.find("\"iad\", \"fra\""), 12, "\"iad\"");
    const std::string left = without(text, "iad");
    const Diagnostics diagnostics = read_zone({"test.toml", left, 1}).diagnostics;
    ASSERT_TRUE(has_errors(diagnostics)) << left;
    EXPECT_EQ(diagnostics[0].key, "policies.bulk.regions");
}

TEST(RegionEdit, AReplacedRegionKeepsTheCommentsOfWhatStays) {
    const std::string text =
        replace_region(kZone, {"fra", "Frankfurt, DE", {"2001:db8::9", "192.0.2.2"}});
    EXPECT_NE(text.find("at = \"Frankfurt, DE\"\naddresses = [\n    \"192.0.2.2\",  # rack 2\n"
                        "    \"2001:db8::9\",\n]\n"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace meridian::zones
