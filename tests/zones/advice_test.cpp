// Follows the advice of diagnostics to the letter: the file then loads.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kToml =
    "zone = \"example.org\"\n"
    "nameservers = [\"ns1\", \"ns2\"]\n"
    "[records]\n"
    "ns1.a = \"192.0.2.53\"\n"
    "ns2.a = \"198.51.100.53\"\n";
constexpr std::string_view kMaster =
    "$TTL 1h\n"
    "@ SOA ns1 admin 1 2h 15m 2w 1m\n"
    "  NS ns1\n"
    "  NS ns2\n"
    "ns1 A 192.0.2.53\n"
    "ns2 A 198.51.100.53\n";

/// What was written, what the diagnostic advises, and what follows from that.
struct Slip {
    std::string_view written;
    std::string_view advice;
    std::string_view followed;
};

std::string advice_of(const std::string& file, const std::string& text) {
    std::string advice;
    for (const Diagnostic& diagnostic : read_zone({file, text, 1}).diagnostics) {
        advice += to_line(diagnostic) + "\n";
    }
    return advice;
}

void expect_that_advice_helps(const std::string& file, std::string_view front,
                              const std::vector<Slip>& slips) {
    for (const Slip& slip : slips) {
        const std::string advice = advice_of(file, std::string(front) + std::string(slip.written));
        EXPECT_NE(advice.find(slip.advice), std::string::npos)
            << slip.written << "\nis answered by\n"
            << advice;
        const ZoneReading followed =
            read_zone({file, std::string(front) + std::string(slip.followed), 1});
        EXPECT_EQ(followed.diagnostics.size(), 0U)
            << slip.followed << "\nis answered by\n"
            << advice_of(file, std::string(front) + std::string(slip.followed));
    }
}

TEST(Advice, OfTomlHelps) {
    expect_that_advice_helps(
        "zone.toml", kToml,
        {
            {"x.a = \"192.0.2.1\"; y.a = \"192.0.2.2\"\n",
             "write it on a line of its own, without the \";\"",
             "x.a = \"192.0.2.1\"\ny.a = \"192.0.2.2\"\n"},
            {"x.a = \"192.0.2.1\", \"y.z\".a = \"192.0.2.2\"\n",
             "write it on a line of its own, without the \",\"",
             "x.a = \"192.0.2.1\"\n\"y.z\".a = \"192.0.2.2\"\n"},
            {"x.a = \"192.0.2.1\"; the old one\n", "write # instead",
             "x.a = \"192.0.2.1\"# the old one\n"},
            {"[x]\na = \"192.0.2.1\"\n", "write [records.x]", "[records.x]\na = \"192.0.2.1\"\n"},
            {"[x.y]\na = \"192.0.2.1\"\n", "write [records.\"x.y\"]",
             "[records.\"x.y\"]\na = \"192.0.2.1\"\n"},
            {"[records.x.y]\na = \"192.0.2.1\"\n", "write [records.\"x.y\"]",
             "[records.\"x.y\"]\na = \"192.0.2.1\"\n"},
            {"[records.x]\na = \"192.0.2.1\"\n[records.x.y]\na = \"192.0.2.2\"\n",
             "write [records.\"x.y\"]",
             "[records.x]\na = \"192.0.2.1\"\n[records.\"x.y\"]\na = \"192.0.2.2\"\n"},
            {"[records.x]\na = \"192.0.2.1\"\n[records.x.y.z]\na = \"192.0.2.2\"\n",
             "write [records.\"x.y.z\"]",
             "[records.x]\na = \"192.0.2.1\"\n[records.\"x.y.z\"]\na = \"192.0.2.2\"\n"},
            {"[records.x]\na = \"192.0.2.1\"\ny.a = \"192.0.2.2\"\n",
             "below [records], ahead of that header, write y.a",
             "y.a = \"192.0.2.2\"\n[records.x]\na = \"192.0.2.1\"\n"},
            {"[records.x]\na = \"192.0.2.1\"\ny.z.a = \"192.0.2.2\"\n",
             "below [records], ahead of that header, write \"y.z\".a",
             "\"y.z\".a = \"192.0.2.2\"\n[records.x]\na = \"192.0.2.1\"\n"},
            {"x.txt = v=spf1 mx -all # mail\n", "write \"v=spf1 mx -all\"",
             "x.txt = \"v=spf1 mx -all\" # mail\n"},
            {"x.txt = v=DKIM1; k=rsa; p=MIIB\n", "write \"v=DKIM1; k=rsa; p=MIIB\"",
             "x.txt = \"v=DKIM1; k=rsa; p=MIIB\"\n"},
            {"x.txt = [v=spf1 mx -all, hello world]\n", "write \"v=spf1 mx -all\"",
             "x.txt = [\"v=spf1 mx -all\", \"hello world\"]\n"},
            {"x.txt = { ttl = 60, data = v=spf1 mx -all }\n", "write \"v=spf1 mx -all\"",
             "x.txt = { ttl = 60, data = \"v=spf1 mx -all\" }\n"},
            {"x.mx = 10 mail.example.net.\n", "write \"10 mail.example.net.\"",
             "x.mx = \"10 mail.example.net.\"\n"},
            {"x.a = (\"192.0.2.1\", \"192.0.2.2\")\n", "write [ and ] instead",
             "x.a = [\"192.0.2.1\", \"192.0.2.2\"]\n"},
            {"x.a = {\n  \"192.0.2.1\",\n  \"192.0.2.2\"\n}\n", "write [ and ] instead",
             "x.a = [\n  \"192.0.2.1\",\n  \"192.0.2.2\"\n]\n"},
            {"<!-- the web server -->\nx.a = \"192.0.2.1\"\n", "write # instead",
             "# the web server -->\nx.a = \"192.0.2.1\"\n"},
            {"x.a = \"192.0.2.1\" <!-- the\nweb server -->\n", "write # instead",
             "x.a = \"192.0.2.1\" # the\n#web server -->\n"},
            {"{\n\"x\" = { a = \"192.0.2.1\" }\n}\n", "leave them out",
             "\"x\" = { a = \"192.0.2.1\" }\n"},
            {"x.a = \"192.0.2.1 ; web\"\n", "write \"192.0.2.1\" # web",
             "x.a = \"192.0.2.1\" # web\n"},
            {"x.mx = \"10 mail.example.net. // main\"\n", "write \"10 mail.example.net.\" # main",
             "x.mx = \"10 mail.example.net.\" # main\n"},
            {"www.other.net. IN A 192.0.2.1\n",
             "leave it out: www.other.net. lies outside of the zone example.org", "\n"},
            {"www.example.org. IN A 192.0.2.1\n", "write \"www.example.org.\".a = \"192.0.2.1\"",
             "\"www.example.org.\".a = \"192.0.2.1\"\n"},
            {"www.\u0430 = \"192.0.2.1\"\n", "(write a)", "www.a = \"192.0.2.1\"\n"},
            {"w\u0435b.a = \"192.0.2.1\"\n", "(write e)", "web.a = \"192.0.2.1\"\n"},
            {"x.a \uff1d \"192.0.2.1\"\n", "(write =)", "x.a = \"192.0.2.1\"\n"},
            {"x.a = \uff3b\"192.0.2.1\"]\n", "(write [)", "x.a = [\"192.0.2.1\"]\n"},
            {"x.a = [\"192.0.2.1\"\uff0c\"192.0.2.2\"]\n", "(write ,)",
             "x.a = [\"192.0.2.1\",\"192.0.2.2\"]\n"},
            {"[records\uff3d\n", "(write ])", ""},
            {"x.a = \"192.0.2.\uff11\"\n", "write \"192.0.2.1\"", "x.a = \"192.0.2.1\"\n"},
            {"x.mx = \"10 m\u0430il.example.net.\"\n", "write \"10 mail.example.net.\"",
             "x.mx = \"10 mail.example.net.\"\n"},
            {"\"w\u0435b\".a = \"192.0.2.1\"\n", "write \"web\"", "\"web\".a = \"192.0.2.1\"\n"},
            {"x.txt = \uff02text\uff02\n", "(write \")", "x.txt = \"text\"\n"},
            {"x.a = [\"192.0.2.1\", \"192.0.2.2\"\ny.a = \"192.0.2.3\"\n",
             "write it behind the last value",
             "x.a = [\"192.0.2.1\", \"192.0.2.2\"]\ny.a = \"192.0.2.3\"\n"},
            {"x.a = [\n \"192.0.2.1\", # one\n\"y\".a = \"192.0.2.3\"\n",
             "write it behind the last value",
             "x.a = [\n \"192.0.2.1\"] # one\n\"y\".a = \"192.0.2.3\"\n"},
            {"x.a = [\"192.0.2.1\",\n[regions.fra]\nat = \"FRA\"\naddresses = [\"192.0.2.9\"]\n",
             "write it behind the last value",
             "x.a = [\"192.0.2.1\"]\n[regions.fra]\nat = \"FRA\"\naddresses = [\"192.0.2.9\"]\n"},
            {"x.txt = \"say \"hi\"\"\n", "within \"...\" write \\\" for a quotation mark",
             "x.txt = \"say \\\"hi\\\"\"\n"},
            {"x.txt = ['it's']\n", "within '...' no ' can stand", "x.txt = [\"it's\"]\n"},
            {"x.cname = \"m\u00fcnchen.example.net.\"\n", "write \"xn--mnchen-3ya.example.net.\"",
             "x.cname = \"xn--mnchen-3ya.example.net.\"\n"},
            {"x.mx = \"10 m\u00fcnchen.example.net.\"\n",
             "write \"10 xn--mnchen-3ya.example.net.\"",
             "x.mx = \"10 xn--mnchen-3ya.example.net.\"\n"},
            {"\"x,y\".a = \"192.0.2.1\"\n", "leave the mark out", "\"xy\".a = \"192.0.2.1\"\n"},
            {"\"<x>\".a = \"192.0.2.1\"\n", "leave the mark out", "\"x\".a = \"192.0.2.1\"\n"},
            {"x.a = [\"192.0.2.1 192.0.2.2\"]\n",
             "between [ and ] write \"192.0.2.1\", \"192.0.2.2\"",
             "x.a = [\"192.0.2.1\", \"192.0.2.2\"]\n"},
            {"x.a = \"192.0.2.1, 192.0.2.2\"\n",
             "between [ and ] write \"192.0.2.1\", \"192.0.2.2\"",
             "x.a = [\"192.0.2.1\", \"192.0.2.2\"]\n"},
            {"x.a = [\"192.0.2.1 ; web\", \"192.0.2.2\"]\n", "write \"192.0.2.1\")",
             "x.a = [\"192.0.2.1\", \"192.0.2.2\"]\n"},
            {"x.mx = \"10 https://mail.example.net/\"\n", "write \"10 mail.example.net.\"",
             "x.mx = \"10 mail.example.net.\"\n"},
            {"[regions.new york]\nat = \"JFK\"\naddresses = [\"192.0.2.9\"]\n",
             "write [regions.\"new york\"]",
             "[regions.\"new york\"]\nat = \"JFK\"\naddresses = [\"192.0.2.9\"]\n"},
        });
}

TEST(Advice, OfMasterFilesHelps) {
    expect_that_advice_helps(
        "example.org.zone", kMaster,
        {
            {"x A \"192.0.2.1\"\n", "expected ADDRESS, such as 192.0.2.1", "x A 192.0.2.1\n"},
            {"x CNAME \"web.example.net.\"\n", "expected TARGET, such as www.cdn.example.",
             "x CNAME www.cdn.example.\n"},
            {"x MX \"10 mail.example.net.\"\n", "expected PREFERENCE EXCHANGE, such as 10 mail",
             "x MX 10 mail\nmail A 192.0.2.1\n"},
            {"x IN 192.0.2.1\n", "write A 192.0.2.1", "x IN A 192.0.2.1\n"},
            {"x 192.0.2.1\n", "write A 192.0.2.1", "x A 192.0.2.1\n"},
            {"x 3600 IN 2001:db8::1\n", "write AAAA 2001:db8::1", "x 3600 IN AAAA 2001:db8::1\n"},
            {"x INN A 192.0.2.1\n", "did you mean \"IN\"?", "x IN A 192.0.2.1\n"},
            {"x 5 I A 192.0.2.1\n", "did you mean \"IN\"?", "x 5 IN A 192.0.2.1\n"},
            {"x CAA 0 issue ;\n", "put the \";\" into quotes", "x CAA 0 issue \";\"\n"},
            {"x HINFO PC ; with Unix\n", "put the \";\" into quotes",
             "x HINFO PC \"; with Unix\"\n"},
            {"x A ; 192.0.2.1\n", "leave the \";\" out", "x A  192.0.2.1\n"},
            {"x \u0410 192.0.2.1\n", "write A", "x A 192.0.2.1\n"},
            {"x CNAME \u200bwww.example.net.\n", "write www.example.net.",
             "x CNAME www.example.net.\n"},
            {"x MX 10 mail\uff0eexample.net.\n", "write mail.example.net.",
             "x MX 10 mail.example.net.\n"},
            {"x\u00a0A 192.0.2.1\n", "write x A", "x A 192.0.2.1\n"},
            {"x\u3000A 192.0.2.1\n", "write x A", "x A 192.0.2.1\n"},
            {"ww\u200bw A 192.0.2.1\n", "write www", "www A 192.0.2.1\n"},
            {"w\u0435b A 192.0.2.1\n", "write web", "web A 192.0.2.1\n"},
        });
}

TEST(Advice, OfANameserverInTheRootZoneHasOneDot) {
    const std::string text =
        "$TTL 1h\n@ SOA ns1.example.org. admin 1 2h 15m 2w 1m\n NS ns1.example.org.\n";
    ZoneText source{"root.zone", text, 1};
    source.apex = ".";
    for (const Diagnostic& diagnostic : read_zone(source).diagnostics) {
        EXPECT_EQ(to_line(diagnostic).find(".."), std::string::npos) << to_line(diagnostic);
    }
}

}  // namespace
}  // namespace meridian::zones
