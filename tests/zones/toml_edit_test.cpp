// Tests that edits of a TOML text look like their neighbours and touch nothing else.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/toml_edit.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace meridian::zones {
namespace {

TomlDocument read(std::string_view text) {
    auto document = read_toml("test.toml", text);
    EXPECT_TRUE(document.ok()) << text << "\n"
                               << (document.ok() ? "" : to_text(document.error().front(), false));
    return document ? std::move(document).value() : TomlDocument{};
}

/// The text after one edit, which has to read again. "(refused)" where it says so.
std::string edited(std::string_view text, const std::function<bool(TomlEdit&)>& change) {
    const TomlDocument document = read(text);
    TomlEdit edit(text, document.root);
    const bool fine = change(edit);
    std::string result = edit.finish();
    if (!fine) {
        EXPECT_EQ(result, text);
        return "(refused)";
    }
    read(result);
    return result;
}

TomlValue text_value(std::string text) {
    return {std::move(text), {}};
}

TomlValue number(std::int64_t number) {
    return {number, {}};
}

TomlValue list(const std::vector<std::string>& items) {
    TomlArray array;
    for (const std::string& item : items) {
        array.items.push_back(text_value(item));
    }
    return {std::move(array), {}};
}

std::string set_serial(std::string_view text) {
    return edited(text, [](TomlEdit& edit) { return edit.set({"soa", "serial"}, number(7)); });
}

std::string set_text(std::string_view text, const TomlPath& path, const std::string& value) {
    return edited(text, [&](TomlEdit& edit) { return edit.set(path, text_value(value)); });
}

std::string removed(std::string_view text, const TomlPath& path) {
    return edited(text, [&](TomlEdit& edit) { return edit.remove(path); });
}

std::string with_item(std::string_view text, const std::string& item = "c") {
    return edited(text, [&](TomlEdit& edit) { return edit.add_item({"x"}, text_value(item)); });
}

std::string without_item(std::string_view text, std::size_t index) {
    return edited(text, [&](TomlEdit& edit) { return edit.remove_item({"x"}, index); });
}

/// With region "new"; taking it out again has to give the text as it was.
std::string with_region(std::string_view text, const std::string& name = "new") {
    constexpr std::array<std::string_view, 2> kFollowers{"policies", "records"};
    std::string result = edited(text, [&](TomlEdit& edit) {
        TomlTable content;
        content.add({"at", {}, text_value("FRA")});
        content.add({"addresses", {}, list({"192.0.2.1", "::1"})});
        return edit.add_table({"regions"}, name, content, kFollowers);
    });
    EXPECT_EQ(removed(result, {"regions", name}), text);
    return result;
}

// --- Setting values ---

TEST(TomlEditSet, ReplacesAValueAndKeepsWhatIsAroundIt) {
    EXPECT_EQ(set_serial("[soa]\nserial\t=  1   # counted up\nretry = 1\n"),
              "[soa]\nserial\t=  7   # counted up\nretry = 1\n");
    EXPECT_EQ(set_serial("soa = { serial=1,retry = 1 }\n"), "soa = { serial=7,retry = 1 }\n");
    EXPECT_EQ(set_serial("soa.serial = 1"), "soa.serial = 7");
    EXPECT_EQ(set_text("a = 'x'\n", {"a"}, "y"), "a = 'y'\n") << "quotes as they were";
    EXPECT_EQ(set_text("a = 'x'\n", {"a"}, "it's \x01"), "a = \"it's \\u0001\"\n");
    EXPECT_EQ(set_text("a = 1\n", {"a"}, "\"\\"), "a = \"\\\"\\\\\"\n");
}

TEST(TomlEditSet, AddsAKeyBehindTheOthersOfItsHeader) {
    EXPECT_EQ(set_serial("zone = \"a\"\n\n[soa]\nretry   = 1  # often\nrefresh = 2\n\n[ttl]\n"),
              "zone = \"a\"\n\n[soa]\nretry   = 1  # often\nrefresh = 2\nserial  = 7\n\n[ttl]\n");
    EXPECT_EQ(set_serial("[soa]\n  retry=1\n# end"), "[soa]\n  retry=1\n  serial=7\n# end");
    EXPECT_EQ(set_serial("[soa]\r\nretry = 1\r\n[b]\r\n"),
              "[soa]\r\nretry = 1\r\nserial = 7\r\n[b]\r\n");
    EXPECT_EQ(set_serial("[soa]\nretry = 1"), "[soa]\nretry = 1\nserial = 7");
    EXPECT_EQ(set_serial("[soa] # nothing yet\n[b]\n"), "[soa] # nothing yet\nserial = 7\n[b]\n");
    EXPECT_EQ(set_serial("[soa]"), "[soa]\nserial = 7");
    EXPECT_EQ(set_serial("[soa.x]\na = 1\n"), "[soa]\nserial = 7\n\n[soa.x]\na = 1\n");
}

TEST(TomlEditSet, AddsAKeyWithinBraces) {
    EXPECT_EQ(set_serial("soa = { refresh = \"2h\" }  # x\n"),
              "soa = { refresh = \"2h\", serial = 7 }  # x\n");
    EXPECT_EQ(set_serial("soa = {refresh=1,retry=2}\n"), "soa = {refresh=1,retry=2,serial=7}\n");
    EXPECT_EQ(set_serial("soa = {}\n"), "soa = { serial = 7 }\n");
    EXPECT_EQ(set_serial("soa = { a = \"}\", b = { c = [1, 2] } }\n"),
              "soa = { a = \"}\", b = { c = [1, 2] }, serial = 7 }\n");
    EXPECT_EQ(set_text("a = { b.c = 1, d = 2 }\n", {"a", "b", "e"}, "x"),
              "a = { b.c = 1, b.e = \"x\", d = 2 }\n");
}

TEST(TomlEditSet, AddsADottedKeyBehindTheOthers) {
    EXPECT_EQ(set_serial("zone = 1\nsoa.refresh = \"2h\"\nsoa.retry   = 2\nttl.static = 1\n"),
              "zone = 1\nsoa.refresh = \"2h\"\nsoa.retry   = 2\nsoa.serial  = 7\nttl.static = 1\n");
    EXPECT_EQ(set_text("[x]\n a.b.c = 1\n", {"x", "a", "b", "d e"}, "f"),
              "[x]\n a.b.c = 1\n a.b.\"d e\" = \"f\"\n");
}

TEST(TomlEditSet, AddsADottedKeyWhereTheTableIsMissing) {
    EXPECT_EQ(set_serial("# Head\n\nzone        = \"a\"\nnameservers = [\n  \"b\"\n]\n\n[ttl]\n"),
              "# Head\n\nzone        = \"a\"\nnameservers = [\n  \"b\"\n]\nsoa.serial  = 7\n\n"
              "[ttl]\n");
    EXPECT_EQ(set_serial(""), "soa.serial = 7\n");
    EXPECT_EQ(set_serial("# only words\n"), "# only words\nsoa.serial = 7\n");
    EXPECT_EQ(set_serial("# Ours\n[ttl]\n"), "soa.serial = 7\n\n# Ours\n[ttl]\n");
    EXPECT_EQ(set_serial("\xef\xbb\xbfzone = 1\n"), "\xef\xbb\xbfzone = 1\nsoa.serial = 7\n");
    EXPECT_EQ(set_serial("\xef\xbb\xbf[ttl]\n"), "\xef\xbb\xbfsoa.serial = 7\n\n[ttl]\n");
}

TEST(TomlEditSet, RefusesAWayThroughWhatIsNoTable) {
    EXPECT_EQ(set_serial("soa = 1\n"), "(refused)");
    EXPECT_EQ(set_serial("[[soa]]\n"), "(refused)");
    EXPECT_EQ(set_text("[a.b]\n", {"a"}, "x"), "(refused)");
}

// --- Arrays ---

TEST(TomlEditArray, GrowsOnItsLine) {
    EXPECT_EQ(with_item("x = [\"a\", \"b\"]  # all\n"), "x = [\"a\", \"b\", \"c\"]  # all\n");
    EXPECT_EQ(with_item("x = [ 'a','b', ]\n"), "x = [ 'a','b','c', ]\n");
    EXPECT_EQ(with_item("x = []\n"), "x = [\"c\"]\n");
    EXPECT_EQ(with_item("x = \"a\"\n"), "x = [\"a\", \"c\"]\n");
    EXPECT_EQ(with_item("x = 1\n"), "(refused)");
    EXPECT_EQ(with_item("y = 1\n"), "(refused)");
    EXPECT_EQ(with_item("[[x]]\n"), "(refused)");
}

TEST(TomlEditArray, GrowsByALine) {
    EXPECT_EQ(with_item("x = [\n  \"a\",  # first\n  \"b\",  # last\n  # that is all\n]\n"),
              "x = [\n  \"a\",  # first\n  \"b\",  # last\n  \"c\",\n  # that is all\n]\n");
    EXPECT_EQ(with_item("x = [\n\t\"a\",\n\t\"b\" # last, [\n]\n"),
              "x = [\n\t\"a\",\n\t\"b\", # last, [\n\t\"c\"\n]\n");
    EXPECT_EQ(with_item("x = [\r\n  \"a\"]\r\n"), "x = [\r\n  \"a\",\r\n  \"c\"]\r\n");
    EXPECT_EQ(with_item("x = [\n  # none yet\n]\n"), "x = [\n  # none yet\n    \"c\"\n]\n");
    EXPECT_EQ(with_item("x = [\"a\", \"b\",\n     \"d\"]\n"),
              "x = [\"a\", \"b\",\n     \"d\",\n     \"c\"]\n");
    EXPECT_EQ(with_item("x = [\n  \"a\", \"b\"\n]\n"), "x = [\n  \"a\", \"b\", \"c\"\n]\n");
    EXPECT_EQ(with_item("x = [\n  \"a\" # one\n  , ]\n"), "x = [\n  \"a\" # one\n  , \"c\" ]\n");
}

TEST(TomlEditArray, ShrinksOnItsLine) {
    EXPECT_EQ(without_item("x = [\"a\", \"b\", \"c\"]\n", 0), "x = [\"b\", \"c\"]\n");
    EXPECT_EQ(without_item("x = [\"a\", \"b\", \"c\"]\n", 1), "x = [\"a\", \"c\"]\n");
    EXPECT_EQ(without_item("x = [\"a\", \"b\", \"c\" ,]\n", 2), "x = [\"a\", \"b\" ,]\n");
    EXPECT_EQ(without_item("x = [ \"a\" ]\n", 0), "x = []\n");
    EXPECT_EQ(without_item("x = [\"a\",]\n", 0), "x = []\n");
    EXPECT_EQ(without_item("x = [\"a\"]\n", 1), "(refused)");
    EXPECT_EQ(without_item("x = \"a\"\n", 0), "(refused)");
}

TEST(TomlEditArray, ShrinksByALine) {
    constexpr std::string_view kLines = "x = [\n  \"a\",  # first\n  # then\n  \"b\"   # last\n]\n";
    EXPECT_EQ(without_item(kLines, 0), "x = [\n  # then\n  \"b\"   # last\n]\n");
    EXPECT_EQ(without_item(kLines, 1), "x = [\n  \"a\"  # first\n  # then\n]\n");
    EXPECT_EQ(without_item("x = [\n  \"a\",\n]\n", 0), "x = [\n]\n");
    EXPECT_EQ(without_item("x = [\n  \"a\",\n  \"b\",\n]\n", 1), "x = [\n  \"a\",\n]\n");
    EXPECT_EQ(without_item("x = [\"a\",\n     \"b\",\n     \"c\"]\n", 0),
              "x = [\n     \"b\",\n     \"c\"]\n");
    EXPECT_EQ(without_item("x = [\"a\",\n     \"b\"]\n", 1), "x = [\"a\"]\n");
    EXPECT_EQ(without_item("x = [\"a\", # one\n     \"b\"]\n", 1), "x = [\"a\" # one\n     ]\n");
    EXPECT_EQ(without_item("x = [\"a\", # one\n     \"b\", ]\n", 1),
              "x = [\"a\", # one\n      ]\n");
    EXPECT_EQ(without_item("x = [\n  \"a\" # one\n  , \"b\"\n]\n", 1),
              "x = [\n  \"a\" # one\n   \n]\n");
    EXPECT_EQ(without_item("x = [\n  \"a\", \"b\",\n  \"c\", \"d\"\n]\n", 2),
              "x = [\n  \"a\", \"b\",\n  \"d\"\n]\n");
}

TEST(TomlEditArray, IsAsItWasWhenTheNewItemGoes) {
    for (const std::string_view text :
         {"x = [\"a\", \"b\"]\n", "x = [ 'a','b', ]\n", "x = []",
          "x = [\n  \"a\",\n  \"b\" # l\n]\n", "x = [\n  \"a\",\n  \"b\", # l\n # end\n]\n",
          "x = [\r\n  \"a\"]\r\n", "x = [\n\"a\",]\n", "x = [\"a\", \"b\",\n     \"d\"]\n",
          "x = [\n  \"a\", \"b\"\n]\n"}) {
        const std::size_t count = read(text).root.list("x").size();
        EXPECT_EQ(without_item(with_item(text), count), text);
    }
}

// --- Tables ---

TEST(TomlEditTable, GetsAHeaderLikeItsSiblings) {
    EXPECT_EQ(with_region("zone = 1\n\n# --- Regions\n\n[regions.a]  # the first\n"
                          "at        = \"IAD\"\naddresses = [\"192.0.2.9\"]\n\n"
                          "# --- Policies\n\n[policies.x]\n"),
              "zone = 1\n\n# --- Regions\n\n[regions.a]  # the first\n"
              "at        = \"IAD\"\naddresses = [\"192.0.2.9\"]\n\n"
              "[regions.new]\nat        = \"FRA\"\naddresses = [\"192.0.2.1\", \"::1\"]\n\n"
              "# --- Policies\n\n[policies.x]\n");
}

TEST(TomlEditTable, HasTheBlanksQuotesAndOrderOfItsSiblings) {
    EXPECT_EQ(with_region("[regions.a]\r\naddresses=[ '192.0.2.9','192.0.2.8' ]\r\nat='IAD'\r\n"
                          "[ regions . b ]\r\n\taddresses\t= ['192.0.2.7']\r\n\tat\t= 'IAD'\r\n"
                          "[policies.x]\r\n"),
              "[regions.a]\r\naddresses=[ '192.0.2.9','192.0.2.8' ]\r\nat='IAD'\r\n"
              "[ regions . b ]\r\n\taddresses\t= ['192.0.2.7']\r\n\tat\t= 'IAD'\r\n"
              "[ regions . new ]\r\n\taddresses\t= ['192.0.2.1', '::1']\r\n\tat\t= 'FRA'\r\n"
              "[policies.x]\r\n");
    EXPECT_EQ(with_region("[regions.a]\nat = [1.0, 2.0]\n\n\n[regions.b]\nat = [1.0, 2.0]"),
              "[regions.a]\nat = [1.0, 2.0]\n\n\n[regions.b]\nat = [1.0, 2.0]\n\n\n"
              "[regions.new]\nat = \"FRA\"\naddresses = [\"192.0.2.1\", \"::1\"]");
}

TEST(TomlEditTable, HasALineForEachAddressWhereSiblingsHave) {
    EXPECT_EQ(with_region("[regions.a]\nat = \"IAD\"\naddresses = [\n  \"192.0.2.9\",  # rack 1\n"
                          "]\n"),
              "[regions.a]\nat = \"IAD\"\naddresses = [\n  \"192.0.2.9\",  # rack 1\n]\n\n"
              "[regions.new]\nat = \"FRA\"\naddresses = [\n  \"192.0.2.1\",\n  \"::1\",\n]\n");
}

TEST(TomlEditTable, StandsBehindTheCommentsOfTheLastSibling) {
    EXPECT_EQ(with_region("[regions.a]\nat = 1\n# capacity = 5\n\n[b]\n"),
              "[regions.a]\nat = 1\n# capacity = 5\n\n[regions.new]\nat = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n\n[b]\n");
    EXPECT_EQ(with_region("[regions.a]\nat = 1\n# of b\n[b]\n"),
              "[regions.a]\nat = 1\n\n[regions.new]\nat = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n# of b\n[b]\n");
    EXPECT_EQ(with_region("x = 1\n[regions.a]\nat = 1\n# note\n\n[b]\n"),
              "x = 1\n[regions.a]\nat = 1\n# note\n\n[regions.new]\nat = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n\n[b]\n")
        << "the note must not become that of the new one";
}

TEST(TomlEditTable, StandsInBracesLikeItsSiblings) {
    EXPECT_EQ(with_region("[regions]\na    = { at = 'IAD' } # one\nlong = { at = 'IAD' }\n[b]\n"),
              "[regions]\na    = { at = 'IAD' } # one\nlong = { at = 'IAD' }\n"
              "new  = { at = 'FRA', addresses = ['192.0.2.1', '::1'] }\n[b]\n");
    EXPECT_EQ(with_region("regions.a = {addresses=[],at=\"x\"}\nother = 1\n"),
              "regions.a = {addresses=[],at=\"x\"}\n"
              "regions.new = {addresses=[\"192.0.2.1\", \"::1\"],at=\"FRA\"}\nother = 1\n");
    EXPECT_EQ(with_region("regions = { a = { at = \"x\" } } # all\n"),
              "regions = { a = { at = \"x\" }, new = { at = \"FRA\", "
              "addresses = [\"192.0.2.1\", \"::1\"] } } # all\n");
    EXPECT_EQ(with_region("regions = { a.at = \"x\", a.addresses = [\"y\"] }"),
              "regions = { a.at = \"x\", a.addresses = [\"y\"], new = { at = \"FRA\", "
              "addresses = [\"192.0.2.1\", \"::1\"] } }");
    EXPECT_EQ(with_region("regions = {}\n"),
              "regions = { new = { at = \"FRA\", addresses = [\"192.0.2.1\", \"::1\"] } }\n");
}

TEST(TomlEditTable, HasDottedKeysLikeItsSiblings) {
    EXPECT_EQ(with_region("zone = 1\nregions.a.at        = \"x\"\nregions.a.addresses = [\"y\"]\n"),
              "zone = 1\nregions.a.at        = \"x\"\nregions.a.addresses = [\"y\"]\n"
              "regions.new.at        = \"FRA\"\n"
              "regions.new.addresses = [\"192.0.2.1\", \"::1\"]\n");
    EXPECT_EQ(with_region("[regions]\na.at = \"x\"\n\nb.at = \"x\"\n\n[b]\n"),
              "[regions]\na.at = \"x\"\n\nb.at = \"x\"\n\nnew.at = \"FRA\"\n"
              "new.addresses = [\"192.0.2.1\", \"::1\"]\n\n[b]\n");
}

TEST(TomlEditTable, TheFirstOfItsKindStandsAboveItsFollowers) {
    EXPECT_EQ(with_region("zone = 1\n\n[ttl]\nstatic = 1\n\n# --- Records\n\n[records]\n"),
              "zone = 1\n\n[ttl]\nstatic = 1\n\n[regions.new]\nat        = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n\n# --- Records\n\n[records]\n");
    EXPECT_EQ(with_region("[records]\n"),
              "[regions.new]\nat        = \"FRA\"\naddresses = [\"192.0.2.1\", \"::1\"]\n\n"
              "[records]\n");
    EXPECT_EQ(with_region("zone = 1\nrecords.a.a = 1\n"),
              "zone = 1\nrecords.a.a = 1\n\n[regions.new]\nat        = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n");
    EXPECT_EQ(with_region("\xef\xbb\xbf"),
              "\xef\xbb\xbf[regions.new]\nat        = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n");
    EXPECT_EQ(with_region("[regions]\n\n[records]\n"),
              "[regions]\n\n[regions.new]\nat        = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n\n[records]\n");
}

TEST(TomlEditTable, QuotesANameThatNeedsIt) {
    EXPECT_EQ(with_region("[regions.a]\nat = \"x\"\n", "us east.1"),
              "[regions.a]\nat = \"x\"\n\n[regions.\"us east.1\"]\nat = \"FRA\"\n"
              "addresses = [\"192.0.2.1\", \"::1\"]\n");
}

TEST(TomlEditRemove, TakesATableWithItsComments) {
    constexpr std::string_view kFile =
        "# --- Regions\n\n# About a.\n# More about a.\n[regions.a]\nat = 1\n# within\nx = 2\n\n"
        "# Not of b.\n\n[regions.b]\nat = 1\n\n# --- Policies\n\n[policies.x]\n";
    EXPECT_EQ(removed(kFile, {"regions", "a"}),
              "# --- Regions\n\n# Not of b.\n\n[regions.b]\nat = 1\n\n# --- Policies\n\n"
              "[policies.x]\n");
    EXPECT_EQ(removed(kFile, {"regions", "b"}),
              "# --- Regions\n\n# About a.\n# More about a.\n[regions.a]\nat = 1\n# within\nx = 2\n"
              "\n# Not of b.\n\n# --- Policies\n\n[policies.x]\n");
    EXPECT_EQ(removed("[a]\nx = 1\n\n[b]\nx = 1\n", {"a"}), "[b]\nx = 1\n");
    EXPECT_EQ(removed("[a]\nx = 1\n\n[b]\nx = 1", {"b"}), "[a]\nx = 1");
    EXPECT_EQ(removed("[a]\nx = 1\r\n\r\n[b]\r\nx = 1", {"b"}), "[a]\nx = 1");
    EXPECT_EQ(removed("[a]\nx = 1\n\n[b]\nx = 1\n# of b?\n\n[c]\n", {"b"}),
              "[a]\nx = 1\n\n# of b?\n\n[c]\n")
        << "what may be about something else stays, apart from the table above";
    EXPECT_EQ(removed("[a]\ns = \"\"\"\n# no comment\"\"\"\n[b]\n", {"b"}),
              "[a]\ns = \"\"\"\n# no comment\"\"\"\n");
}

TEST(TomlEditRemove, TakesAKeyWithItsComments) {
    EXPECT_EQ(removed("a = 1\n# of b\nb = [\n 1,\n]  # end\nc = 3\n", {"b"}), "a = 1\nc = 3\n");
    EXPECT_EQ(removed("# Head of the file.\na = 1\nb = 2\n", {"a"}),
              "# Head of the file.\nb = 2\n");
    EXPECT_EQ(removed("[x]\n# About x.\na = 1\nb = 2\n", {"x", "a"}), "[x]\n# About x.\nb = 2\n");
    EXPECT_EQ(removed("a = 1\n\nb = 2\nc = 3\n", {"b"}), "a = 1\n\nc = 3\n");
    EXPECT_EQ(removed("a = 1\n\nb = 2\n\nc = 3\n", {"b"}), "a = 1\n\nc = 3\n");
    EXPECT_EQ(removed("a = 1\nb = 2", {"b"}), "a = 1");
    EXPECT_EQ(removed("a = 1", {"a"}), "");
    EXPECT_EQ(removed("a = 1\n", {"b"}), "(refused)");
}

TEST(TomlEditRemove, TakesAKeyOutOfBraces) {
    EXPECT_EQ(removed("x = { a = 1, b = 2, c = 3 }\n", {"x", "a"}), "x = { b = 2, c = 3 }\n");
    EXPECT_EQ(removed("x = { a = 1, b = 2, c = 3 }\n", {"x", "b"}), "x = { a = 1, c = 3 }\n");
    EXPECT_EQ(removed("x = { a = 1, b = 2, c = 3 }\n", {"x", "c"}), "x = { a = 1, b = 2 }\n");
    EXPECT_EQ(removed("x = { a = 1 }\n", {"x", "a"}), "x = {}\n");
    EXPECT_EQ(removed("x = { a.b = 1, c = 2, a.d = 3, e = 4, a.f = 5 }\n", {"x", "a"}),
              "x = { c = 2, e = 4 }\n");
    EXPECT_EQ(removed("x = { y = { a = 1, b = 2 }, z = 1 }\n", {"x", "y", "b"}),
              "x = { y = { a = 1 }, z = 1 }\n");
}

TEST(TomlEditRemove, TakesATableThatIsWrittenInSeveralPlaces) {
    EXPECT_EQ(removed("a.x = 1\nb = 2\na.y = 3\n", {"a"}), "b = 2\n");
    EXPECT_EQ(removed("[a.x]\nk = 1\n\n[b]\nk = 2\n\n[a.y]\nk = 3\n", {"a"}), "[b]\nk = 2\n");
}

TEST(TomlEdit, DoesSeveralThingsAtOnce) {
    constexpr std::string_view kFile =
        "[regions.a]\nat = 1\n\n[policies.p]\nregions = [\"a\", \"b\"]\ndefault = [\"b\"]\n\n"
        "[regions.b]\nat = 2";
    EXPECT_EQ(edited(kFile,
                     [](TomlEdit& edit) {
                         return edit.remove({"regions", "b"}) &&
                                edit.remove_item({"policies", "p", "regions"}, 1) &&
                                edit.remove({"policies", "p", "default"});
                     }),
              "[regions.a]\nat = 1\n\n[policies.p]\nregions = [\"a\"]\n");
}

}  // namespace
}  // namespace meridian::zones
