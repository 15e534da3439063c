// Lists every key of the zone language, those of later versions included.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/schema.h"

#include <algorithm>
#include <array>

#include "meridian/dns/types.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"

namespace meridian::zones::schema {
namespace {

using enum Kind;
using Choice = std::string_view;

constexpr std::int64_t kMaxSeconds = kMaxTtlSeconds;
constexpr std::int64_t kMaxPort = 65535;
constexpr std::int64_t kMaxBias = 99;  // percent, as Route 53's geoproximity has it

/// A row of a later version.
constexpr KeyRow later(KeyRow row) {
    row.status = Status::NotSupportedYet;
    return row;
}

/// Whole seconds, at least one: zero would stop caches or transfers altogether.
constexpr KeyRow seconds(std::string_view key, Kind kind, std::string_view fallback,
                         std::string_view doc) {
    return {.key = key,
            .kind = kind,
            .fallback = fallback,
            .doc = doc,
            .minimum = 1,
            .maximum = kMaxSeconds};
}

constexpr std::int64_t kSecond = 1000;  // in milliseconds, as ranges of durations are
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

constexpr KeyRow duration(std::string_view key, std::string_view fallback, std::string_view doc,
                          std::int64_t minimum, std::int64_t maximum) {
    return {.key = key,
            .kind = Duration,
            .fallback = fallback,
            .doc = doc,
            .minimum = minimum,
            .maximum = maximum};
}

constexpr KeyRow integer(std::string_view key, std::string_view fallback, std::string_view doc,
                         std::int64_t minimum, std::int64_t maximum) {
    return {.key = key,
            .kind = Integer,
            .fallback = fallback,
            .doc = doc,
            .minimum = minimum,
            .maximum = maximum};
}

constexpr KeyRow integers(std::string_view key, std::string_view doc, std::int64_t minimum,
                          std::int64_t maximum) {
    return {.key = key, .kind = Integers, .doc = doc, .minimum = minimum, .maximum = maximum};
}

constexpr KeyRow text(std::string_view key, std::string_view fallback, std::string_view doc,
                      std::span<const Choice> choices = {}) {
    return {.key = key, .kind = Text, .fallback = fallback, .doc = doc, .choices = choices};
}

/// A table or tables, with the keys `rows`.
constexpr KeyRow table(std::string_view key, Kind kind, std::span<const KeyRow> rows,
                       std::string_view doc) {
    return {.key = key, .kind = kind, .doc = doc, .rows = rows};
}

template <std::size_t First, std::size_t Second>
constexpr std::array<KeyRow, First + Second> joined(const std::array<KeyRow, First>& first,
                                                    const std::array<KeyRow, Second>& second) {
    std::array<KeyRow, First + Second> all;
    std::ranges::copy(second, std::ranges::copy(first, all.begin()).out);
    return all;
}

// The zone as a whole.

constexpr std::array kSoaKeys{
    text("primary", "the first nameserver", "The nameserver that the zone comes from (MNAME)."),
    seconds("refresh", Seconds, "\"2h\"", "How often secondaries ask for a newer serial."),
    seconds("retry", Seconds, "\"15m\"", "How soon they ask again when that failed."),
    seconds("expire", Seconds, "\"2w\"",
            "They serve this long without an answer; > `refresh` + `retry`."),
    integer("serial", "the time of the last change", "Version of the zone; each change raises it.",
            0, 0xffffffff),
};

constexpr std::array kTtlKeys{
    seconds("steered", Ttl, "\"60s\"", "Of addresses that are steered."),
    KeyRow{.key = "degraded",
           .kind = Ttl,
           .fallback = "\"20s\"",
           .doc = "Ceiling for steered answers while a region fails.",
           .status = Status::NoEffectYet,
           .minimum = 1,
           .maximum = kMaxSeconds},
    seconds("static", Ttl, "\"1h\"", "Of all other records."),
    seconds("infrastructure", Ttl, "\"1d\"", "Of NS, SOA, and the nameservers' addresses."),
    seconds("negative", Ttl, "\"60s\"", "How long caches keep that something does not exist."),
};

constexpr std::array kRegionStates{Choice("active"), Choice("drained"), Choice("shadow")};

constexpr std::array kWindowKeys{
    KeyRow{
        .key = "from", .kind = Kind::Time, .doc = "Its begin, with an offset.", .required = true},
    KeyRow{.key = "until", .kind = Kind::Time, .doc = "Its end, with an offset.", .required = true},
    KeyRow{.key = "reason", .kind = Text, .doc = "What `status` and `why` say of it."},
};

constexpr std::array kRegionKeys{
    KeyRow{.key = "at",
           .kind = Place,
           .doc = "Where it is: [latitude, longitude], \"FRA\" or \"Frankfurt, DE\".",
           .required = true},
    KeyRow{.key = "addresses",
           .kind = Addresses,
           .doc = "The IPv4 and IPv6 addresses that serve from there.",
           .maximum = kMaxRegionAddresses,
           .required = true},
    later({.key = "capacity",
           .kind = Integer,
           .doc = "Requests a second that it can carry.",
           .minimum = 1}),
    text("state", "\"active\"",
         "\"drained\": no clients while others are up; \"shadow\": not supported yet.",
         kRegionStates),
    KeyRow{.key = "maintenance",
           .kind = TableArray,
           .doc = "Times in which it gets no clients while others are up; at most 64.",
           .rows = kWindowKeys},
};

// Policies.

constexpr std::array kClientKeys{
    KeyRow{.key = "continent", .kind = Texts, .doc = "Codes of continents, such as \"EU\"."},
    KeyRow{
        .key = "country", .kind = Texts, .doc = "Codes of countries, such as \"DE\" (ISO 3166-1)."},
    KeyRow{.key = "subdivision",
           .kind = Texts,
           .doc = "Parts of countries: codes such as \"US-VA\" (ISO 3166-2), or English names."},
    KeyRow{.key = "city", .kind = Texts, .doc = "English names of cities."},
    integers("asn", "Numbers of autonomous systems.", 0, 0xffffffff),
    KeyRow{.key = "network", .kind = Texts, .doc = "Prefixes, such as \"198.51.100.0/24\"."},
    KeyRow{.key = "group", .kind = Texts, .doc = "Names of groups, those of `groups` included."},
};

constexpr std::array kRuleKeys{
    table("when", Table, kClientKeys, "Its clients: all keys match, each by one value; none: all."),
    table("unless", Table, kClientKeys, "The clients that it is not for, by the same keys."),
    KeyRow{.key = "regions",
           .kind = Texts,
           .doc = "The regions to send them to, in this order; the others follow by distance."},
    KeyRow{.key = "fence",
           .kind = Boolean,
           .fallback = "false",
           .doc = "Whether they never leave these regions."},
};

constexpr std::array kMissingFamilies{Choice("next"), Choice("omit")};
constexpr std::array kBiasValue{integer("REGION", "0", "", -kMaxBias, kMaxBias)};
constexpr std::array kWeightValue{integer("REGION", "1", "", 0, 0xffff)};

constexpr std::array kPolicyKeys{
    KeyRow{.key = "regions",
           .kind = Texts,
           .fallback = "all, in the order of the file",
           .doc = "The regions to choose from; the order breaks ties."},
    KeyRow{.key = "default",
           .kind = Texts,
           .fallback = "the order of `regions`",
           .doc = "Order for clients whose place is unknown; the rest follows."},
    integer("max_addresses", "4", "Addresses of a family in one answer.", 1, kMaxRegionAddresses),
    text("missing_family", "",
         "Some regions lack a family: use the \"next\" one, or \"omit\" the type.",
         kMissingFamilies),
    integer("min_regions", "1",
            "With fewer regions up, but one at least, all count as up that no operator took out.",
            1, kMaxRegions),
    KeyRow{"client_subnet", Boolean, "true",
           "Whether EDNS Client Subnet is used, or the resolver's address."},
    later(integer("pick", "1", "Regions in one answer.", 1, kRankedRegions)),
    later(table("bias", NamedValues, kBiasValue, "Percent: above 0 draws more clients.")),
    later(text("band", "\"0km\"", "Regions this close to the best share the clients by weight.")),
    later(table("weights", NamedValues, kWeightValue, "Shares of regions in the band.")),
    later(text("networks", "", "A file of `prefix,region[,region]` lines; overrides all else.")),
    later(table("rules", TableArray, kRuleKeys, "Rules: the first match decides.")),
};

// Health and services.

constexpr std::array kRcodes{Choice("NOERROR"),  Choice("FORMERR"), Choice("SERVFAIL"),
                             Choice("NXDOMAIN"), Choice("NOTIMP"),  Choice("REFUSED")};
constexpr std::array kHealthExpectKeys{
    integers("status", "Status codes that count as healthy; none: 200 to 299.", 200, 599),
    text("body", "", "Text that the first 8 KiB of the body have to hold."),
    text("rcode", "\"NOERROR\"", "With `dns`, the code of a healthy reply.", kRcodes),
    text("answer", "",
         "With `dns`, the address or the text of TXT that a healthy reply holds; none: any."),
};
constexpr std::array kHeaderValue{text("HEADER", "", "")};
constexpr std::array kFailbacks{Choice("auto"), Choice("manual")};
constexpr std::array kNeeds{Choice("all"), Choice("any")};

/// Which check, and what it asks.
constexpr std::array kCheckKeys{
    text("https", "", "The check: this path is asked for over TLS, with a certificate for `host`."),
    text("http", "", "The check: this path is asked for in the clear."),
    integer("tcp", "", "The check: a connection to this port is enough.", 1, kMaxPort),
    integer("tls", "",
            "The check: a TLS handshake on this port is enough, with a certificate for `host`.", 1,
            kMaxPort),
    text("dns", "", "The check: a nameserver or resolver is asked for this name over UDP."),
    text("file", "",
         "The check: a file beside the zone file, or in a folder below, that states the health of "
         "regions, services or addresses. It is watched."),
    text("command", "",
         "The check: a command that meridian.toml declares, `[commands.NAME]`, ends with 0."),
    text("host", "the name that is steered so, where it is one alone",
         "Host header and server name (SNI). Required where several names are steered so, in files "
         "of several zones, and in libraries."),
    integer("port", "443 for `https`, 80 for `http`, 53 for `dns`", "Port of the check.", 1,
            kMaxPort),
    text("method", "\"GET\"", "Method of the request, in capitals."),
    table("headers", NamedValues, kHeaderValue, "Further headers of the request."),
    duration("max_age", "", "With `file`, how old it may be; an older one says nothing.", kSecond,
             7 * 24 * kHour),
    text("type", "\"A\"; \"AAAA\" where `expect.answer` is an IPv6 address",
         "With `dns`, the type of records that is asked for."),
    table("expect", Table, kHealthExpectKeys, "The answer that counts as healthy."),
};

constexpr std::array kTimingKeys{
    table("checks", TableArray, kCheckKeys, "Several checks of each address, instead of one."),
    text("need", "\"all\"", "How many of `checks` have to pass.", kNeeds),
    duration("every", "\"5s\"", "Time between two checks of an address.", kSecond / 2, kHour),
    duration("timeout", "3 s, or 3/5 of `every` where that is less",
             "How long a check may take; shorter than `every`.", kSecond / 100, kMinute),
    integer("fall", "3", "Failures in a row until an address is down.", 1, 100),
    integer("rise", "2", "Successes in a row until it is up again.", 1, 100),
    duration("hold", "\"30s\"",
             "Shortest time down; each fall within ten minutes doubles it, up to ten minutes.", 0,
             10 * kMinute),
    text("failback", "\"auto\"",
         "\"manual\": a region that fell stays behind the others until `meridian release`.",
         kFailbacks),
    KeyRow{.key = "min_up",
           .kind = Number,
           .fallback = "0.5",
           .doc = "Share of a region's addresses of a family that have to be up for it to be up.",
           .minimum = 0,
           .maximum = 1},
};

constexpr std::array kHealthKeys = joined(kCheckKeys, kTimingKeys);

constexpr std::array kRegionAddresses{
    KeyRow{.key = "REGION", .kind = Addresses, .maximum = kMaxRegionAddresses}};
constexpr std::array kRegionTarget{text("REGION", "", "")};
constexpr std::array kRegionProbes{
    KeyRow{.key = "REGION", .kind = Texts, .maximum = kMaxRegionAddresses}};

constexpr std::array kServiceFamilies{Choice("apart"), Choice("together")};

constexpr std::array kServiceKeys{
    text("policy", "\"nearest\"", "The policy that ranks the regions for a client."),
    seconds("ttl", Ttl, "`ttl.steered`", "How long caches keep the answer."),
    table("addresses", NamedValues, kRegionAddresses,
          "`addresses.REGION`: its own in each of its regions; none: those of all regions."),
    table("cname", NamedValues, kRegionTarget,
          "`cname.REGION`: instead of addresses, the name that its names lead to in a region."),
    table("health", Table, kHealthKeys, "How its addresses are checked; else as `[health]` says."),
    table("probe", NamedValues, kRegionProbes,
          "`probe.REGION`: addresses or host names that are checked instead of what is answered "
          "there; with `probe` alone it is never answered, and others depend on it."),
    KeyRow{.key = "depends",
           .kind = Texts,
           .doc = "Services that have to be up in a region for it to be up there."},
    KeyRow{.key = "last_resort",
           .kind = Texts,
           .doc = "What is answered while every region is down: addresses, of the same families; "
                  "beside `cname` a name.",
           .maximum = kMaxRegionAddresses},
    text("families", "\"apart\"", "\"together\": IPv4 and IPv6 leave a region together.",
         kServiceFamilies),
};

// Changes and what guards them.

constexpr std::array kAbortKeys{
    KeyRow{"unhealthy", Boolean, "false", "Take it back when the region fails."},
    text("metric", "", "Name of a metric that is watched."),
    KeyRow{.key = "above", .kind = Number, .doc = "Its value from which on it is taken back."},
};

constexpr std::array kRolloutKeys{
    text("region", "", "The region that is new."),
    integers("steps", "Percent of its clients, step by step.", 1, 100),
    KeyRow{.key = "start", .kind = Time, .doc = "When the first step begins."},
    duration("every", "\"1h\"", "Time between two steps.", kSecond, kSecond* kMaxSeconds),
    table("abort_if", Table, kAbortKeys, "What takes the rollout back."),
};

constexpr std::array kArmKeys{
    KeyRow{.key = "share",
           .kind = Number,
           .doc = "Percent of the clients.",
           .minimum = 0,
           .maximum = 100},
    table("addresses", NamedValues, kRegionAddresses, "Its own addresses in a region."),
};

constexpr std::array kExperimentKeys{
    KeyRow{.key = "services", .kind = Texts, .doc = "The services that take part."},
    table("arms", NamedTables, kArmKeys, "The variants; a client always gets the same."),
};

constexpr std::array kFailures{Choice("none"), Choice("one-region-down")};

constexpr std::array kExpectKeys{
    table("clients", Table, kClientKeys, "The clients that it is about."),
    KeyRow{.key = "regions", .kind = Texts, .doc = "Where they have to be sent."},
    text("even_with", "\"none\"", "Under which failures, too.", kFailures),
};

// Records.

constexpr std::array kOwnerKeys{
    text("steer", "",
         "Its service, or a policy for the addresses of the regions; instead of `a`, `aaaa`, "
         "`cname`."),
    seconds("ttl", Ttl, "that of the zone", "How long caches keep the records of the name."),
    later(text("alias", "", "A name whose addresses this one takes over.")),
};

constexpr std::array kRecordSetKeys{
    seconds("ttl", Ttl, "the name's", "How long caches keep the records."),
    KeyRow{.key = "data",
           .kind = Texts,
           .doc = "The records, as outside of braces; of TXT and SPF the text itself."},
    KeyRow{.key = "rdata",
           .kind = Texts,
           .doc = "Instead of `data`: the records in presentation form, TXT and SPF too."},
};

constexpr KeyRow shared(KeyRow row) {
    row.in_library = true;
    return row;
}

constexpr KeyRow at_most(std::int64_t count, KeyRow row) {
    row.maximum = count;
    return row;
}

constexpr std::array kZoneKeys{
    KeyRow{.key = "zone",
           .kind = Texts,
           .doc = "The name of the zone, or several names.",
           .required = true},
    KeyRow{.key = "nameservers",
           .kind = Texts,
           .doc = "Nameservers; the first is the SOA's primary.",
           .maximum = kMaxNameservers,
           .required = true,
           .unless = "records_from"},  // which may bring them; that is seen to later
    text("contact", "`hostmaster@ZONE`", "Mail address of the zone's operator."),
    table("soa", Table, kSoaKeys, "The numbers of the SOA record."),
    shared(table("ttl", Table, kTtlKeys, "How long caches keep things.")),
    shared(at_most(kMaxRegions, table("regions", NamedTables, kRegionKeys, "The data centres."))),
    shared(at_most(kMaxPolicies, table("policies", NamedTables, kPolicyKeys,
                                       "Rankings of regions; `nearest` is built in."))),
    shared(table("health", Table, kHealthKeys,
                 "How the addresses of names are checked that are steered; without it they are "
                 "not.")),
    shared(at_most(kMaxServices, table("services", NamedTables, kServiceKeys,
                                       "What steered names hand out, where it is not the "
                                       "addresses of the regions."))),
    table("records", Records, kOwnerKeys, "The names of the zone."),
    KeyRow{.key = "records_from", .kind = Texts, .doc = "Master files beside [records]."},
    KeyRow{.key = "use", .kind = Texts, .doc = "Libraries, whose tables several zones share."},
    shared(later(table("groups", NamedTables, kClientKeys, "Names for sets of clients."))),
    later(table("rollouts", NamedTables, kRolloutKeys, "Regions get clients step by step.")),
    later(table("experiments", NamedTables, kExperimentKeys, "Clients shared by arms.")),
    later(table("expect", TableArray, kExpectKeys, "What has to hold before a zone goes live.")),
    later({.key = "dnssec", .kind = Any, .doc = "Signing of the zone."}),
    later(
        {.key = "transfer", .kind = Any, .doc = "Transfer of the zone to and from other servers."}),
    later(
        {.key = "whoami", .kind = Any, .doc = "A name that shows clients where they are placed."}),
    later({.key = "allow", .kind = Any, .doc = "Who may ask."}),
};

constexpr auto kLibraryKeys = [] {
    std::array<KeyRow, std::ranges::count(kZoneKeys, true, &KeyRow::in_library)> rows;
    std::ranges::copy_if(kZoneKeys, rows.begin(), &KeyRow::in_library);
    return rows;
}();

constexpr unsigned kFirstPrivateType = 65280;  // RFC 6895 §3.1

std::vector<std::string> make_record_types() {
    std::vector<std::string> result;
    for (unsigned number = 1; number < kFirstPrivateType; ++number) {
        const auto type = static_cast<dns::Type>(number);
        if (!dns::is_data_type(type)) { continue; }
        std::string name = dns::lower_cased(dns::type_to_text(type));
        if (!name.starts_with("type")) { result.push_back(std::move(name)); }
    }
    return result;
}

}  // namespace

std::span<const KeyRow> zone_keys() {
    return kZoneKeys;
}

std::span<const KeyRow> library_keys() {
    return kLibraryKeys;
}

std::span<const KeyRow> owner_keys() {
    return kOwnerKeys;
}

std::span<const KeyRow> record_set_keys() {
    return kRecordSetKeys;
}

const std::vector<std::string>& record_types() {
    static const std::vector<std::string> kTypes = make_record_types();
    return kTypes;
}

}  // namespace meridian::zones::schema
