// Lists every key of the zone language, those of later versions included.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/schema.h"

#include <array>

#include "meridian/limits.h"

namespace meridian::zones::schema {
namespace {

using enum Kind;

constexpr std::int64_t kMaxSeconds = kMaxTtlSeconds;

constexpr KeyRow later(std::string_view key, Kind kind, std::string_view fallback,
                       std::string_view doc) {
    return {.key = key,
            .kind = kind,
            .fallback = fallback,
            .doc = doc,
            .status = Status::NotSupportedYet};
}

/// Whole seconds, at least one: zero would stop caches or transfers altogether.
constexpr KeyRow seconds(std::string_view key, Kind kind, std::string_view fallback,
                         std::string_view doc, Status status = Status::Works) {
    return {.key = key,
            .kind = kind,
            .fallback = fallback,
            .doc = doc,
            .status = status,
            .minimum = 1,
            .maximum = kMaxSeconds};
}

constexpr std::array kSoaKeys{
    KeyRow{"primary", Text, "the first nameserver", "The nameserver that the zone comes from."},
    seconds("refresh", Seconds, "\"2h\"", "How often secondaries ask for a newer serial."),
    seconds("retry", Seconds, "\"15m\"", "How soon they ask again when that failed."),
    seconds("expire", Seconds, "\"2w\"", "How long they serve the zone without an answer."),
    KeyRow{.key = "serial",
           .kind = Integer,
           .fallback = "the file's modification time",
           .doc = "The version of the zone, counted up.",
           .minimum = 0,
           .maximum = 0xffffffff},
};

constexpr std::array kTtlKeys{
    seconds("steered", Ttl, "\"60s\"", "Of addresses that are steered."),
    seconds("degraded", Ttl, "\"20s\"", "Ceiling for steered answers while a region fails.",
            Status::NoEffectYet),
    seconds("static", Ttl, "\"1h\"", "Of all other records."),
    seconds("infrastructure", Ttl, "\"1d\"", "Of NS, SOA, and the nameservers' addresses."),
    seconds("negative", Ttl, "\"60s\"", "How long caches keep that something does not exist."),
};

constexpr std::array kRegionKeys{
    KeyRow{.key = "at",
           .kind = Any,
           .doc = "Where it is: [latitude, longitude], \"FRA\" or \"Frankfurt, DE\".",
           .required = true},
    KeyRow{.key = "addresses",
           .kind = Texts,
           .doc = "The IPv4 and IPv6 addresses that serve from there.",
           .required = true},
    later("capacity", Integer, "", "Requests a second that it can carry."),
    later("state", Text, "\"up\"", "\"up\", \"drained\" or \"shadow\"."),
};

constexpr std::array kMissingFamilies{std::string_view("next"), std::string_view("omit")};

constexpr std::array kRuleKeys{
    later("when", Table, "", "Whom the rule is for."),
    later("unless", Table, "", "Whom it is not for."),
    later("regions", Texts, "", "The regions to send them to, in this order."),
    later("fence", Boolean, "false", "Never leave these regions."),
};

constexpr std::array kPolicyKeys{
    KeyRow{"regions", Texts, "all, in the order of the file", "The regions to choose from."},
    KeyRow{"default", Texts, "the order of `regions`",
           "The order for clients whose place is unknown."},
    KeyRow{.key = "max_addresses",
           .kind = Integer,
           .fallback = "4",
           .doc = "Addresses of a family in one answer.",
           .minimum = 1,
           .maximum = kMaxRegionAddresses},
    KeyRow{.key = "missing_family",
           .kind = Text,
           .doc = "What to do for a family that a region lacks: \"next\" region, or \"omit\" the "
                  "type everywhere.",
           .choices = kMissingFamilies},
    KeyRow{"client_subnet", Boolean, "true",
           "Whether EDNS Client Subnet is used; false: the resolver's address alone."},
    later("pick", Integer, "1", "Regions in one answer."),
    later("bias", Table, "", "Percent by which a region draws clients or pushes them away."),
    later("band", Text, "\"0km\"", "Regions this close to the best share the clients."),
    later("weights", Table, "", "The shares within the band."),
    later("networks", Text, "", "A file of prefixes and their regions."),
    KeyRow{.key = "rules",
           .kind = TableArray,
           .doc = "What decides before distance.",
           .status = Status::NotSupportedYet,
           .rows = kRuleKeys},
};

constexpr std::array kHealthKeys{
    later("http", Text, "", "Path of an HTTP probe."),
    later("https", Text, "", "Path of an HTTPS probe."),
    later("tcp", Integer, "", "Port of a TCP probe."),
    later("tls", Integer, "", "Port of a TLS probe."),
    later("dns", Text, "", "Name that a DNS probe asks for."),
    later("file", Text, "", "File that states the health."),
    later("check", Text, "", "A command that meridian.toml declares."),
    later("host", Text, "", "Host header and server name."),
    later("port", Integer, "", "Port of the probe."),
    later("method", Text, "", "HTTP method."),
    later("headers", Table, "", "HTTP headers."),
    later("expect", Table, "", "The answer that counts as healthy."),
    later("every", Duration, "\"5s\"", "Time between probes."),
    later("timeout", Duration, "\"2s\"", "How long a probe may take."),
    later("fall", Integer, "3", "Failures until an address is down."),
    later("rise", Integer, "2", "Successes until it is up."),
    later("hold", Duration, "\"30s\"", "Shortest time between two changes."),
    later("minimum", Number, "0.5", "Share of a region's addresses that must be up."),
};

constexpr std::array kServiceKeys{
    later("policy", Text, "\"nearest\"", "How regions are ranked for a client."),
    later("ttl", Ttl, "\"60s\"", "How long caches keep the answer."),
    later("health", Table, "", "How its addresses are probed."),
    later("addresses", Table, "", "Its addresses in each region."),
    later("cname", Table, "", "Its target in each region."),
};

constexpr std::array kRolloutKeys{
    later("region", Text, "", "The region that is new."),
    later("steps", Any, "", "Percent of its clients, step by step."),
    later("start", Time, "", "When the first step begins."),
    later("every", Duration, "\"1h\"", "Time between steps."),
    later("abort_if", Table, "", "What takes the rollout back."),
};

constexpr std::array kExperimentKeys{
    later("services", Texts, "", "The services that take part."),
    later("arms", Table, "", "The variants and their shares."),
};

constexpr std::array kExpectKeys{
    later("clients", Table, "", "Whom the expectation is about."),
    later("regions", Texts, "", "Where they must be sent."),
    later("even_with", Text, "\"none\"", "Under which failures."),
};

constexpr KeyRow later_table(std::string_view key, Kind kind, std::span<const KeyRow> rows,
                             std::string_view doc) {
    KeyRow row = later(key, kind, "", doc);
    row.rows = rows;
    return row;
}

constexpr std::array kZoneKeys{
    KeyRow{.key = "zone", .kind = Any, .doc = "The name of the zone.", .required = true},
    KeyRow{.key = "nameservers",
           .kind = Texts,
           .doc = "The zone's nameservers; the first is the SOA's primary."},  // or a master file
    KeyRow{"contact", Text, "\"hostmaster@ZONE\"", "Mail address of whoever runs the zone."},
    KeyRow{.key = "soa", .kind = Table, .doc = "The numbers of the SOA record.", .rows = kSoaKeys},
    KeyRow{.key = "ttl", .kind = Table, .doc = "How long caches keep things.", .rows = kTtlKeys},
    KeyRow{.key = "regions", .kind = NamedTables, .doc = "The data centres.", .rows = kRegionKeys},
    KeyRow{.key = "policies",
           .kind = NamedTables,
           .doc = "How regions are ranked for a client.",
           .rows = kPolicyKeys},
    KeyRow{.key = "records", .kind = Any, .doc = "The names of the zone."},
    later("use", Texts, "", "Libraries that several zones share."),
    KeyRow{.key = "records_from", .kind = Texts, .doc = "Master files beside [records]."},
    later("groups", Table, "", "Names for sets of clients."),
    later_table("services", NamedTables, kServiceKeys, "What a steered name hands out."),
    later_table("health", Table, kHealthKeys, "How addresses are probed."),
    later_table("rollouts", NamedTables, kRolloutKeys, "Clients handed over step by step."),
    later_table("experiments", NamedTables, kExperimentKeys, "Clients shared by arms."),
    later_table("expect", TableArray, kExpectKeys, "What must hold before a zone goes live."),
    later("dnssec", Any, "", "Signing of the zone."),
    later("transfer", Any, "", "Transfer of the zone to and from other servers."),
    later("whoami", Any, "", "A name that tells clients who they are taken to be."),
    later("allow", Any, "", "Who may ask."),
};

constexpr std::array kOwnerKeys{
    KeyRow{"steer", Text, "", "The policy that chooses the addresses of the name."},
    seconds("ttl", Ttl, "[ttl]", "How long caches keep the records of the name."),
    later("alias", Text, "", "A name whose addresses this one takes over."),
};

constexpr std::array kRecordSetKeys{
    seconds("ttl", Ttl, "the name's", "How long caches keep the records."),
    KeyRow{"data", Texts, "", "The records; of TXT the text itself."},
    KeyRow{"rdata", Texts, "", "The records in presentation form, TXT too."},
};

}  // namespace

std::span<const KeyRow> zone_keys() {
    return kZoneKeys;
}

std::span<const KeyRow> owner_keys() {
    return kOwnerKeys;
}

std::span<const KeyRow> record_set_keys() {
    return kRecordSetKeys;
}

}  // namespace meridian::zones::schema
