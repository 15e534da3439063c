// Tests that RDATA of every type is read, checked and written as its RFC says.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/rdata.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "dns/wire/rdata_print.h"
#include "dns/wire/rdata_shape.h"
#include "dns/wire/rdata_token.h"
#include "tests/dns/rdata_samples.h"

namespace meridian::dns {
namespace {

Name origin() {
    return *Name::parse_absolute(kSampleOrigin);
}

Result<Rdata, RdataError> parse(Type type, std::string_view text) {
    return parse_rdata(type, text, origin());
}

std::string generic(const Rdata& rdata) {
    return "\\# " + std::to_string(rdata.size()) + " " + print_hex(rdata);
}

std::string explain(const Result<Rdata, RdataError>& result) {
    return result ? "read as " + print_hex(*result)
                  : std::to_string(result.error().column) + ": " + result.error().text;
}

TEST(Rdata, EverySampleHasTheWireFormOfItsRfc) {
    for (const RdataSample& sample : rdata_samples()) {
        SCOPED_TRACE(std::string(sample.type) + " " + std::string(sample.text));
        const auto type = type_from_text(sample.type);
        ASSERT_TRUE(type);
        const auto rdata = parse(*type, sample.text);
        ASSERT_TRUE(rdata) << explain(rdata);
        EXPECT_EQ(print_hex(*rdata), sample.wire);
    }
}

TEST(Rdata, EveryShapeHasASampleAndAnExampleThatIsGood) {
    std::set<Type> sampled;
    for (const RdataSample& sample : rdata_samples()) {
        sampled.insert(type_from_text(sample.type).value_or(Type{}));
    }
    for (const Shape& shape : all_shapes()) {
        EXPECT_TRUE(sampled.contains(shape.type)) << type_to_text(shape.type);
        const auto rdata = parse(shape.type, shape.example);
        EXPECT_TRUE(rdata) << type_to_text(shape.type) << ' ' << explain(rdata);
    }
}

TEST(Rdata, WhatIsWrittenReadsBackTheSame) {
    for (const RdataSample& sample : rdata_samples()) {
        const Type type = *type_from_text(sample.type);
        const Rdata rdata = *parse(type, sample.text);
        const std::string text = rdata_to_text(type, rdata);
        SCOPED_TRACE(std::string(sample.type) + " " + text);
        const auto again = parse(type, text);
        ASSERT_TRUE(again) << explain(again);
        EXPECT_EQ(*again, rdata);
        // Names are written in full, so another origin changes nothing.
        EXPECT_EQ(*parse_rdata(type, text, Name()), rdata);
    }
}

TEST(Rdata, GenericFormGivesTheSameAsTheTypesOwn) {
    for (const RdataSample& sample : rdata_samples()) {
        const Type type = *type_from_text(sample.type);
        const Rdata rdata = *parse(type, sample.text);
        SCOPED_TRACE(std::string(sample.type) + " " + generic(rdata));
        const auto again = parse(type, generic(rdata));
        ASSERT_TRUE(again) << explain(again);
        EXPECT_EQ(*again, rdata);
    }
}

// Every cut is either refused or complete: then it stays equal when written and read again.
TEST(Rdata, CutWireFormIsRefusedOrWhole) {
    for (const RdataSample& sample : rdata_samples()) {
        const Type type = *type_from_text(sample.type);
        const Rdata rdata = *parse(type, sample.text);
        const std::size_t cuts = std::min<std::size_t>(rdata.size(), 300);  // WKS may have 8197
        for (std::size_t octets = 0; octets < cuts; ++octets) {
            const Rdata cut(rdata.begin(), rdata.begin() + static_cast<std::ptrdiff_t>(octets));
            const auto result = parse(type, generic(cut));
            if (!result) { continue; }
            const std::string text = rdata_to_text(type, *result);
            const auto again = parse(type, text);
            ASSERT_TRUE(again) << sample.type << ' ' << text << ' ' << explain(again);
            // WKS may end in octets without a port, which text does not show.
            EXPECT_EQ(rdata_to_text(type, *again), text) << sample.type;
            if (sample.type != "WKS") { EXPECT_EQ(*again, cut) << sample.type << ' ' << text; }
        }
    }
}

TEST(Rdata, AnExtraFieldIsRefusedWhereItStands) {
    for (const Shape& shape : all_shapes()) {
        if (shape.fields().back().kind == FieldKind::Strings) { continue; }  // takes any number
        for (const char* extra : {" \"junk\"", " a..b"}) {
            const std::string text = std::string(shape.example) + extra;
            const auto rdata = parse(shape.type, text);
            ASSERT_FALSE(rdata) << type_to_text(shape.type) << ' ' << text;
            EXPECT_FALSE(rdata.error().text.empty());
            EXPECT_LE(rdata.error().column, text.size());
        }
    }
}

TEST(Rdata, AMissingFieldIsNamed) {
    const std::set<FieldKind> may_be_left_out{
        FieldKind::OptionalString, FieldKind::OptionalBase64,  FieldKind::Names,
        FieldKind::TypeBitmap,     FieldKind::AddressPrefixes, FieldKind::ServiceParameters};
    for (const Shape& shape : all_shapes()) {
        const auto tokens = tokenize(shape.example);
        ASSERT_TRUE(tokens);
        const auto fields = shape.fields();
        for (std::size_t count = 0; count < fields.size() && count < tokens->size(); ++count) {
            if (may_be_left_out.contains(fields[count].kind)) { continue; }
            const std::string text(shape.example.substr(0, (*tokens)[count].column));
            const auto rdata = parse(shape.type, text);
            ASSERT_FALSE(rdata) << type_to_text(shape.type) << ' ' << text;
            EXPECT_NE(rdata.error().text.find("missing"), std::string::npos) << rdata.error().text;
            EXPECT_EQ(rdata.error().column, text.size());
            EXPECT_EQ(rdata.error().hint, "expected " + expectation(shape));
        }
    }
}

/// The example of `shape` with the word of one field replaced.
std::string with_field(const Shape& shape, std::size_t field, std::string_view word,
                       std::size_t& column) {
    const auto tokens = tokenize(shape.example);
    const Token& token = (*tokens)[field];
    column = token.column;
    return std::string(shape.example.substr(0, column)) + std::string(word) +
           std::string(shape.example.substr(column + token.text.size() + (token.quoted ? 2 : 0)));
}

std::optional<std::uint64_t> largest_of(FieldKind kind) {
    switch (kind) {
        case FieldKind::U8:
        case FieldKind::Algorithm:
        case FieldKind::TlsaUsage:
        case FieldKind::TlsaSelector:
        case FieldKind::TlsaMatching:
            return 0xff;
        case FieldKind::U16:
        case FieldKind::CertificateType:
            return 0xffff;
        case FieldKind::Period:
            return 0x7fffffff;
        case FieldKind::U32:
        case FieldKind::Time:
            return 0xffffffff;
        default:
            return std::nullopt;
    }
}

TEST(Rdata, EveryIntegerIsHeldToItsRange) {
    std::size_t checked = 0;
    for (const Shape& shape : all_shapes()) {
        for (std::size_t i = 0; i < shape.fields().size(); ++i) {
            const auto largest = largest_of(shape.fields()[i].kind);
            if (!largest) { continue; }
            ++checked;
            std::size_t column = 0;
            const auto good =
                parse(shape.type, with_field(shape, i, std::to_string(*largest), column));
            EXPECT_TRUE(good) << type_to_text(shape.type) << ' ' << explain(good);
            for (const std::string& bad :
                 {std::to_string(*largest + 1), std::string("-1"), std::string("+1"),
                  std::string("1.0"), std::string("0x1"), std::string("99999999999999999999999")}) {
                const std::string text = with_field(shape, i, bad, column);
                const auto rdata = parse(shape.type, text);
                ASSERT_FALSE(rdata) << type_to_text(shape.type) << ' ' << text;
                EXPECT_EQ(rdata.error().column, column) << text;
                EXPECT_NE(rdata.error().text.find(shape.fields()[i].name), std::string::npos)
                    << rdata.error().text;
            }
        }
    }
    EXPECT_GT(checked, 60u);
}

TEST(Rdata, EveryNameIsHeldToTheLimitsOfNames) {
    const std::string label(63, 'a');
    // 3 * 64 + 62 + the root's octet make 255.
    const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
    std::size_t checked = 0;
    for (const Shape& shape : all_shapes()) {
        for (std::size_t i = 0; i < shape.fields().size(); ++i) {
            if (shape.fields()[i].kind != FieldKind::Name) { continue; }
            ++checked;
            std::size_t column = 0;
            for (const std::string& good : {longest + '.', std::string("."), std::string("@"),
                                            std::string("a\\.b"), std::string("*.x")}) {
                const auto rdata = parse(shape.type, with_field(shape, i, good, column));
                EXPECT_TRUE(rdata) << type_to_text(shape.type) << ' ' << explain(rdata);
            }
            for (const std::string& bad :
                 {longest + "b.", longest, std::string(64, 'a'), std::string("a..b"),
                  std::string(".a"), std::string("\"mail\""), std::string("m\xc3\xbcller"),
                  std::string("a\\25")}) {
                const auto rdata = parse(shape.type, with_field(shape, i, bad, column));
                ASSERT_FALSE(rdata) << type_to_text(shape.type) << ' ' << bad;
                EXPECT_EQ(rdata.error().column, column) << bad;
            }
        }
    }
    EXPECT_GE(checked, 30u);
}

TEST(Rdata, NamesKeepTheirCaseAndContinueWithTheOrigin) {
    EXPECT_EQ(print_hex(*parse(Type::MX, "10 MaiL")),
              "000a044d61694c0662656967656c076578616d706c6500");
    EXPECT_EQ(parse(Type::CNAME, "@").value(), parse(Type::CNAME, "beigel.example.").value());
    EXPECT_EQ(print_hex(*parse_rdata(Type::NS, "ns1", Name())), "036e733100");
}

TEST(Rdata, TheLongestDataFitsAndOneOctetMoreIsRefused) {
    const auto hex = [](std::size_t octets) { return std::string(2 * octets, 'a'); };
    EXPECT_TRUE(parse(*type_from_text("TLSA"), "3 1 0 " + hex(65532)));
    EXPECT_FALSE(parse(*type_from_text("TLSA"), "3 1 0 " + hex(65533)));
    EXPECT_TRUE(parse(*type_from_text("EID"), hex(65535)));
    EXPECT_FALSE(parse(*type_from_text("EID"), hex(65536)));
    // ldns reads base64 of at most 65532 octets.
    EXPECT_TRUE(parse(*type_from_text("OPENPGPKEY"), std::string(65532 / 3 * 4, 'A')));
    const auto key = parse(*type_from_text("OPENPGPKEY"), std::string(65532 / 3 * 4 + 4, 'A'));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().text, "key is too long");
    EXPECT_FALSE(parse(Type::DNSKEY, "257 3 13 " + std::string(65532 / 3 * 4, 'A')));
    EXPECT_TRUE(parse(Type::CAA, "0 a \"" + std::string(65532, 'x') + '"'));
    EXPECT_FALSE(parse(Type::CAA, "0 a \"" + std::string(65533, 'x') + '"'));
    EXPECT_TRUE(parse(Type::SVCB, "1 . key9=" + std::string(65528, 'x')));
    EXPECT_FALSE(parse(Type::SVCB, "1 . key9=" + std::string(65529, 'x')));
    EXPECT_FALSE(parse(Type::SVCB, "1 . key9=" + std::string(65536, 'x')));
    EXPECT_TRUE(parse(Type{65534}, "\\# 65535 " + hex(65535)));
    EXPECT_FALSE(parse(Type{65534}, "\\# 65536 " + hex(65536)));
    EXPECT_FALSE(parse(Type::TXT, std::string((1 << 20) + 1, 'x')));
}

TEST(Rdata, LongerStringsOfTextAreCutWithAWarning) {
    const std::string full(255, 'x');
    for (const char* name : {"TXT", "SPF", "NINFO", "AVC"}) {
        const Type type = *type_from_text(name);
        const auto read = [&](const std::string& text, std::size_t warning_count) {
            RdataWarnings warnings;
            const auto rdata = parse_rdata(type, text, origin(), warnings);
            EXPECT_EQ(warnings.size(), warning_count) << name << " " << text;
            return rdata ? rdata_to_text(type, *rdata) : rdata.error().text;
        };
        EXPECT_EQ(read(full, 0), '"' + full + '"');
        EXPECT_EQ(read(full + "yz", 1), '"' + full + "\" \"yz\"");
        EXPECT_EQ(read('"' + full + "y\" b", 1), '"' + full + "\" \"y\" \"b\"");
        EXPECT_EQ(read("a \"\" " + full + full, 1), "\"a\" \"\" \"" + full + "\" \"" + full + '"');
        EXPECT_EQ(read("\\120" + full, 1), "\"x" + full.substr(1) + "\" \"x\"");
        EXPECT_FALSE(parse(type, std::string(65300, 'x'))) << "RDATA has 65535 octets at most";
    }
}

TEST(Rdata, AStringHoldsAtMost255Octets) {
    EXPECT_TRUE(parse(*type_from_text("ISDN"), '"' + std::string(255, 'x') + '"'));
    EXPECT_FALSE(parse(*type_from_text("ISDN"), '"' + std::string(256, 'x') + '"'));
    EXPECT_FALSE(parse(Type::HINFO, "\"" + std::string(256, 'x') + "\" b"));
    EXPECT_TRUE(parse(Type::CAA, "0 " + std::string(255, 'x') + " y"));
    EXPECT_FALSE(parse(Type::CAA, "0 " + std::string(256, 'x') + " y"));
}

TEST(Rdata, TargetsAreFoundWhereARecordPoints) {
    const auto target = [](Type type, std::string_view text) {
        const auto name = target_name(type, *parse(type, text));
        return name ? name->to_text() : "none";
    };
    EXPECT_EQ(target(Type::NS, "ns1"), "ns1.beigel.example.");
    EXPECT_EQ(target(Type::CNAME, "a.b."), "a.b.");
    EXPECT_EQ(target(Type::PTR, "@"), "beigel.example.");
    EXPECT_EQ(target(Type::DNAME, "x."), "x.");
    EXPECT_EQ(target(Type::MX, "0 ."), ".");
    EXPECT_EQ(target(Type::SRV, "1 2 3 sip"), "sip.beigel.example.");
    EXPECT_EQ(target(Type::SVCB, "1 svc alpn=h2"), "svc.beigel.example.");
    EXPECT_EQ(target(Type::HTTPS, "0 ."), ".");
    EXPECT_EQ(target(Type::A, "192.0.2.1"), "none");
    EXPECT_EQ(target(Type::SOA, "a b 1 1 1 1 1"), "none");
    EXPECT_FALSE(target_name(Type::MX, Rdata{0, 10}));
    EXPECT_FALSE(target_name(Type::NS, Rdata{3, 'a'}));
}

TEST(Rdata, OfServicesMayNameAddresses) {
    const auto has_hints = [](std::string_view text) {
        return has_address_hints(*parse(Type::HTTPS, text));
    };
    EXPECT_TRUE(has_hints("1 . ipv4hint=192.0.2.1"));
    EXPECT_TRUE(has_hints("1 www.example. alpn=h2,h3 port=8443 ipv6hint=2001:db8::1"));
    EXPECT_FALSE(has_hints("1 . alpn=h2 port=8443"));
    EXPECT_FALSE(has_hints("0 www.example."));
    EXPECT_FALSE(has_address_hints(Rdata{0, 1, 0, 0, 4}));      // broken off within a parameter
    EXPECT_FALSE(has_address_hints(Rdata{0, 1, 3, 'w', 'w'}));  // and within the name
}

TEST(Rdata, WhatIsMalformedIsWrittenInGenericForm) {
    EXPECT_EQ(rdata_to_text(Type::A, Rdata{192, 0, 2}), "\\# 3 c00002");
    EXPECT_EQ(rdata_to_text(Type::TXT, Rdata{5, 'x'}), "\\# 2 0578");
    EXPECT_EQ(rdata_to_text(Type{65534}, Rdata{}), "\\# 0");
}

TEST(Rdata, IsWrittenAsDigPrintsIt) {
    const auto written = [](std::string_view type, std::string_view text) {
        const Type number = *type_from_text(type);
        return rdata_to_text(number, *parse(number, text));
    };
    EXPECT_EQ(written("MX", "10 mail"), "10 mail.beigel.example.");
    EXPECT_EQ(written("SOA", "ns1 root 1 2h 15m 2w 60"),
              "ns1.beigel.example. root.beigel.example. 1 7200 900 1209600 60");
    EXPECT_EQ(written("TXT", R"("a\"b\\c" d\009)"), R"("a\"b\\c" "d\009")");
    EXPECT_EQ(written("CAA", "0 issue ca.example"), "0 issue \"ca.example\"");
    EXPECT_EQ(written("NSEC", "host MX A TYPE1234"), "host.beigel.example. A MX TYPE1234");
    EXPECT_EQ(written("APL", "!2:2001:DB8::/32 1:192.0.2.0/24"), "!2:2001:db8::/32 1:192.0.2.0/24");
    EXPECT_EQ(written("LOC", "52 22 23 N 4 53 32 E -2m"),
              "52 22 23.000 N 4 53 32.000 E -2.00m 1.00m 10000.00m 10.00m");
    EXPECT_EQ(written("HTTPS", "1 . port=443 alpn=h2,h3 mandatory=port,alpn"),
              "1 . mandatory=alpn,port alpn=\"h2,h3\" port=443");
    EXPECT_EQ(written("RRSIG", "A 13 3 60 20261201000000 1800000000 1 @ AQID"),
              "A 13 3 60 20261201000000 20270115080000 1 beigel.example. AQID");
}

/// As BIND and NSD read them (seen with named-compilezone and nsd-checkzone).
TEST(Rdata, QuotesPartTheStringsOfATextAlsoWithoutSpaces) {
    const auto spaced = parse_rdata(Type::TXT, R"("a" "b c" "d")", Name());
    ASSERT_TRUE(spaced);
    for (const std::string_view text :
         {R"(a"b c"d)", R"("a""b c""d")", R"("a"b\ c"d")", R"(a "b c"d)"}) {
        RdataWarnings warnings;
        const auto rdata = parse_rdata(Type::TXT, text, Name(), warnings);
        ASSERT_TRUE(rdata) << text;
        EXPECT_EQ(*rdata, *spaced) << text;
        ASSERT_EQ(warnings.size(), 1U) << text;
        EXPECT_EQ(warnings[0].code, "strings-adjoin") << text;
    }
    RdataWarnings warnings;
    EXPECT_TRUE(parse_rdata(Type::TXT, R"("a" b\"c "d\"e" "")", Name(), warnings));
    EXPECT_TRUE(warnings.empty());
}

TEST(Rdata, SaysWhichWordsAreNamesAndWhichAreText) {
    const auto type = [](std::string_view text) { return type_from_text(text).value(); };
    EXPECT_TRUE(data_words(Type::SOA).is_name(1));
    EXPECT_FALSE(data_words(Type::SOA).is_name(2));
    EXPECT_TRUE(data_words(Type::SRV).is_name(3));
    EXPECT_FALSE(data_words(Type::SRV).is_name(0));
    EXPECT_TRUE(data_words(type("HIP")).is_name(3));
    EXPECT_TRUE(data_words(type("HIP")).is_name(40));
    EXPECT_FALSE(data_words(type("HIP")).is_name(2));
    EXPECT_TRUE(data_words(Type::TXT).is_text(40));
    EXPECT_TRUE(data_words(Type::CAA).is_text(2));
    EXPECT_FALSE(data_words(Type::CAA).is_text(3));
    EXPECT_FALSE(data_words(Type::A).is_text(0) || data_words(Type::A).is_name(0));
    EXPECT_FALSE(data_words(type("TYPE65534")).is_name(0));
}

}  // namespace
}  // namespace meridian::dns
