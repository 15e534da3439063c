// Writes zone files of any size for benchmarks.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/zone_text.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <string_view>

namespace meridian::bench {
namespace {

constexpr std::string_view kApex =
    "$TTL 1h\n"
    "@ IN SOA ns1 hostmaster ( 2026112501 2h 15m 2w 1m )\n"
    "  IN NS ns1\n"
    "  IN NS ns2\n"
    "ns1 IN A 192.0.2.53\n"
    "ns2 IN A 198.51.100.53\n";

__attribute__((format(printf, 2, 3))) void append(std::string& text, const char* format, ...) {
    std::array<char, 512> line{};
    va_list values;
    va_start(values, format);
    const int octets = std::vsnprintf(line.data(), line.size(), format, values);
    va_end(values);
    text.append(line.data(), static_cast<std::size_t>(octets));
}

unsigned octet(std::size_t number, unsigned shift) {
    return static_cast<unsigned>(number >> shift) & 0xff;
}

/// One A record for each name.
std::string names_text(std::size_t records) {
    std::string text(kApex);
    for (std::size_t i = 0; i < records; ++i) {
        append(text, "host-%010zu IN A 10.%u.%u.%u\n", i, octet(i, 16), octet(i, 8), octet(i, 0));
    }
    return text;
}

/// Eleven records of seven names for each customer, as in hosters' zones.
std::string mixed_text(std::size_t records) {
    std::string text(kApex);
    for (std::size_t i = 0; i < records / 11; ++i) {
        const unsigned high = octet(i, 8);
        const unsigned low = octet(i, 0);
        append(text, "customer%07zu  A     10.%u.%u.%u\n", i, octet(i, 16), high, low);
        append(text, "                 AAAA  2001:db8:%x::%x\n", high, low);
        append(text, "                 MX    10 mail.customer%07zu\n", i);
        append(text, "                 TXT   \"v=spf1 mx ip4:192.0.2.%u -all\"\n", low);
        append(text, "www.customer%07zu  300 IN CNAME customer%07zu\n", i, i);
        append(text, "mail.customer%07zu IN 4h A 10.%u.%u.%u\n", i, octet(i, 16), high, low);
        append(text, "_sip._tcp.customer%07zu SRV 10 5 5060 sip.example.net.\n", i);
        append(text, "_dmarc.customer%07zu TXT \"v=DMARC1; p=none\"\n", i);
        append(text, "lab.customer%07zu NS ns.example.net.\n", i);
        append(text, "                 NS    ns.lab.customer%07zu\n", i);
        append(text, "ns.lab.customer%07zu A 192.0.2.%u\n", i, low);
    }
    return text;
}

/// Short lines, because a TOML file has at most 4 MiB.
std::string toml_text(std::size_t records) {
    std::string text =
        "zone = \"bench.example\"\nnameservers = [\"ns.example.net.\", \"ns.example.org.\"]\n"
        "[records]\n";
    for (std::size_t i = 0; i < records; ++i) {
        append(text, "h%06zu.a = \"10.%u.%u.%u\"\n", i, octet(i, 16), octet(i, 8), octet(i, 0));
    }
    return text;
}

constexpr std::array kShapes{
    ZoneShape{"names", "bench.example.zone", false, names_text},
    ZoneShape{"mixed", "bench.example.zone", false, mixed_text},
    ZoneShape{"toml", "bench.example.toml", true, toml_text},
};

}  // namespace

std::span<const ZoneShape> zone_shapes() {
    return kShapes;
}

void make_many_zones(std::size_t zones, std::size_t names_per_zone,
                     const std::function<void(const std::string&, const std::string&)>& take) {
    constexpr std::size_t kNamesBefore = 3;  // the apex and its nameservers
    for (std::size_t zone = 0; zone < zones; ++zone) {
        std::string name;
        append(name, "z%06zu.example.zone", zone);
        std::string text(kApex);
        for (std::size_t i = kNamesBefore; i < names_per_zone; ++i) {
            append(text, "host-%03zu IN A 10.%u.%u.%u\n", i, octet(zone, 8), octet(zone, 0),
                   octet(i, 0));
        }
        take(name, text);
    }
}

}  // namespace meridian::bench
