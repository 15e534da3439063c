// Compares $GENERATE and quotes with BIND: named-compilezone writes out what each line makes.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/rdata.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kHead =
    "$TTL 300\n@ SOA ns.example.net. admin 1 2h 15m 2w 1m\n@ NS ns.example.net.\n";

std::string text_of(const Zone& zone) {
    std::vector<std::string> lines;
    for (const Owner& owner : zone.owners) {
        for (const OwnedSet& set : owner.sets) {
            for (const dns::Rdata& rdata : set.records.records) {
                lines.push_back(owner.name.to_text() + " " +
                                std::to_string(set.records.ttl_seconds) + " " +
                                dns::type_to_text(set.records.type) + " " +
                                dns::rdata_to_text(set.records.type, rdata) + "\n");
            }
        }
    }
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines) {
        text += line;
    }
    return text;
}

/// The records of a master file of example.org, a line each; "refused" where it has an error.
std::string meridian_reads(const std::string& text) {
    const ZoneReading reading = read_zone({"example.org.zone", text, 1});
    return reading.zones.empty() ? "refused" : text_of(reading.zones.front());
}

/// What BIND makes of the file, in the same form.
std::string bind_reads(const std::string& text) {
    namespace fs = std::filesystem;
    const fs::path zone =
        fs::temp_directory_path() / ("meridian-generate-" + std::to_string(getpid()));
    std::ofstream(zone) << text;
    const fs::path written = zone.string() + ".out";
    const std::string command = "named-compilezone -q -i none -k ignore -s full -o " +
                                written.string() + " example.org " + zone.string() +
                                " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) < 2) << "named-compilezone is missing";
    std::ifstream stream(written);
    const std::string all{std::istreambuf_iterator<char>(stream), {}};
    fs::remove(zone);
    fs::remove(written);
    return status == 0 ? meridian_reads(all) : "refused";
}

/// Lines of every form, each alone in its zone.
const std::vector<std::string>& lines() {
    static const std::vector<std::string> kLines{
        // Ranges.
        "1-3 h$ A 192.0.2.$",
        "0-9/3 h$ A 192.0.2.$",
        "1-3/5 h$ A 192.0.2.$",
        "+1-+3 h$ A 192.0.2.$",
        "7-7 h$ A 192.0.2.$",
        "3-1 h$ A 192.0.2.$",
        "1-3/0 h$ A 192.0.2.$",
        "-1-3 h$ A 192.0.2.$",
        // TTL and class.
        "1-2 h$ 77 A 192.0.2.$",
        "1-2 h$ IN A 192.0.2.$",
        "1-2 h$ 1h IN A 192.0.2.$",
        "1-2 h$ IN 78 A 192.0.2.$",
        // Owners.
        "1-2 $ A 192.0.2.$",
        "1-2 @ A 192.0.2.$",
        "1-2 a$.b$ A 192.0.2.$",
        "1-2 h$.example.org. A 192.0.2.$",
        "1-2 h$.example.com. A 192.0.2.$",
        "2-4 h.example.or\\10$. A 192.0.2.$",  // the second of three lies in the zone
        "1-2 \\$$ A 192.0.2.$",
        "1-2 $$x$ A 192.0.2.$",
        "1-2 a\\.$ A 192.0.2.$",
        "1-2 \\101$ A 192.0.2.$",
        "1-2 *.$ A 192.0.2.$",
        // Offset, width and base.
        "1-2 h${10} A 192.0.2.$",
        "1-2 h${-1} A 192.0.2.$",
        "1-2 h${-3} A 192.0.2.$",
        "1-2 h${+5,3,d} A 192.0.2.$",
        "1-2 h${0,3} A 192.0.2.$",
        "1-2 h${-9,4,d} A 192.0.2.$",
        "1-2 h${-9,4,x} A 192.0.2.$",
        "1-2 h${-9,0,o} A 192.0.2.$",
        "1-2 h${-9,0,n} A 192.0.2.$",
        "254-257 h${0,4,x} A 192.0.2.1",
        "254-257 h${0,4,X} A 192.0.2.1",
        "254-257 h${0,5,o} A 192.0.2.1",
        "254-257 ${0,0,n} A 192.0.2.1",
        "254-257 ${0,1,n} A 192.0.2.1",
        "254-257 ${0,5,n}.x A 192.0.2.1",
        "254-257 ${0,7,N} A 192.0.2.1",
        "254-257 ${0,8,N} A 192.0.2.1",
        "1-2 h${0,3,z} A 192.0.2.$",
        "1-2 h${} A 192.0.2.$",
        "1-2 h${x} A 192.0.2.$",
        "1-2 h${0,3 A 192.0.2.$",
        "1-2 h${2147483646} A 192.0.2.$",
        // Data in quotes and without.
        "1-2 h$ A \"192.0.2.$\"",
        "1-2 h$ AAAA 2001:db8::${0,0,x}",
        "1-2 $ PTR host$.example.com.",
        "1-2 $ CNAME $.0/25",
        "1-2 $ NS ns$.example.com.",
        "1-2 $ DNAME d$.example.com.",
        "1-2 h$ MX \"1$ mail$\"",
        "1-2 h$ MX \"10 mail$.example.com.\"",
        "1-2 h$ SRV \"1 2 506$ sip$\"",
        "1-2 h$ TXT text$",
        "1-2 h$ TXT \"text $ more\"",
        "1-2 h$ TXT \"\\\"text $ more\\\"\"",
        "1-2 h$ TXT \"\\\"one $\\\" \\\"two $\\\"\"",
        "1-2 h$ TXT \"costs \\$ and $$, $\"",
        "1-2 h$ TXT \\$$",
        "1-2 h$ TXT $$$",
        "1-2 h$ TXT \"v=DKIM1\\; k=$\"",
        "1-2 h$ TXT \"v=DKIM1; k=$\"",
        "1-2 h$ TXT \"\\\"v=DKIM1; k=$\\\"\"",
        "1-2 h$ TXT \"(a $)\"",
        "1-2 h$ TXT \"\\\\100 \\101 \\\\$\"",
        "1-2 h$ TXT \"\"",
        "1-2 h$ TXT a$ ; a comment",
        "1-2 h$ HINFO \"CPU$ OS$\"",
        "1-2 h$ CAA \"0 issue \\\"ca$.example\\\"\"",
        "1-2 h$ NAPTR \"100 1$ \\\"u\\\" \\\"E2U+sip\\\" \\\"!^.*\\$!sip:$@x!\\\" .\"",
        "1-2 h$ NAPTR \"100 1$ \\\"u\\\" \\\"E2U+sip\\\" \\\"!^.*$$!sip:$@x!\\\" .\"",
        "1-2 h$ LOC \"1 2 3 N 4 5 $ E 0m\"",
        "1-2 h$ HTTPS \"1 . alpn=h2 port=443$\"",
        "1-2 h$ HTTPS \"1 . alpn=\\\"h2,h3\\\" port=443$\"",
        "1-2 h$ SSHFP \"1 1 123456789abcdef67890123456789abcdef6789$\"",
        "1-2 h$ DS \"$ 13 2 d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a\"",
        "1-2 h$ TYPE65280 \"\\# 2 c00$\"",
        "1-2 h$ RP \"admin$ text$\"",
        "1-2 h$ SOA \"ns1 admin $ 2 3 4 5\"",
        "250-260 h$ A 192.0.2.$",
    };
    return kLines;
}

TEST(Generate, MakesWhatBindMakes) {
    for (const std::string& line : lines()) {
        const std::string text = std::string(kHead) + "$GENERATE " + line + "\nlast TXT \"x\"\n";
        EXPECT_EQ(meridian_reads(text), bind_reads(text)) << line;
    }
}

/// Quotes that are escaped twice end a string; in a text the next one may follow without a space.
TEST(Generate, EndsAStringAtQuotesThatAreEscapedTwice) {
    const std::string text =
        std::string(kHead) +
        "$GENERATE 1-2 h$ TXT \"\\\"say \\\\\\\"$\\\\\\\"\\\"\"\nlast TXT \"x\"\n";
    EXPECT_EQ(meridian_reads(text), bind_reads(text));
}

/// Not made by $GENERATE; the twin is the same.
TEST(MasterFile, ReadsQuotesAndForeignOctetsAsBindDoes) {
    for (const std::string line :
         {"\"www\" A 192.0.2.1", "\"a b\" TXT x", "\"*\" TXT x", "a TXT a\"b c\"d",
          "a TXT \"a\"\"b\"", "a TXT \"a\"b", "m\xc3\xbcnchen TXT x", "\xff\xfe TXT x",
          "a CNAME m\xc3\xbcnchen.example.net.", "a CNAME \xfc", "\"m\xc3\xbc\" TXT x",
          "$ORIGIN k\xf6ln\na TXT x"}) {
        const std::string text = std::string(kHead) + line + "\n";
        const std::string read = meridian_reads(text);
        EXPECT_EQ(read, bind_reads(text)) << line;
        EXPECT_NE(read, "refused") << line;
    }
    for (const std::string line : {"\"www\"x A 192.0.2.1", "a CNAME \"www\"", "a MX \"10\" b",
                                   "\"\" TXT x", "$ORIGIN \"eu\"\na TXT x"}) {
        const std::string text = std::string(kHead) + line + "\n";
        EXPECT_EQ(meridian_reads(text), "refused") << line;
        EXPECT_EQ(bind_reads(text), "refused") << line;
    }
}

/// BIND takes no notice of what follows a range, which is a mistake rather than meant.
TEST(Generate, RefusesWhatBindReadsByAccident) {
    EXPECT_EQ(meridian_reads(std::string(kHead) + "$GENERATE 1-3x h$ A 192.0.2.$\n"), "refused");
}

/// BIND wants one word; what has been read so far stays readable.
TEST(Generate, TakesSeveralWordsForTheDataToo) {
    EXPECT_EQ(meridian_reads(std::string(kHead) + "$GENERATE 1-1 h$ MX 10 mail$.example.com.\n"
                                                  "$GENERATE 1-1 t$ TXT \"a b $\" \"c;d\"\n"),
              "h1.example.org. 300 MX 10 mail1.example.com.\n"
              "t1.example.org. 300 TXT \"a b 1\" \"c;d\"\n");
}

}  // namespace
}  // namespace meridian::zones
