// Checks meridian.toml: defaults, every key, and the diagnostics of mistakes.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "server/state/state_directory.h"
#include "tests/server/temporary_directory.h"

namespace meridian::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ShippedData kShipped{"/share/zones", "/share/world/dbip-city-lite.world"};

SettingsReading read(std::string_view text) {
    return read_settings("/etc/meridian/meridian.toml", text, kShipped);
}

std::string told(const SettingsReading& reading) {
    std::string text;
    for (const zones::Diagnostic& diagnostic : reading.diagnostics) {
        text += zones::to_text(diagnostic, false);
    }
    return text;
}

Endpoint v4(std::uint32_t address, std::uint16_t port) {
    return {IpAddress::v4(address), port};
}

TEST(Settings, EveryKeyHasADefault) {
    const SettingsReading reading = read("");
    ASSERT_TRUE(reading.settings) << told(reading);
    const Settings& settings = *reading.settings;
    EXPECT_EQ(told(reading), "");
    EXPECT_THAT(settings.listen,
                ElementsAre(v4(0x7f000001, 5300), Endpoint{IpAddress::v6(0, 1), 5300}));
    EXPECT_TRUE(settings.listen_is_default);
    EXPECT_EQ(settings.workers, std::nullopt);
    EXPECT_EQ(settings.zones_directory, "/etc/meridian/zones");
    EXPECT_EQ(settings.user, std::nullopt);
    EXPECT_EQ(settings.receive_buffer_octets, 8U << 20);
    EXPECT_THAT(settings.databases, ElementsAre(kShipped.world));
    EXPECT_EQ(settings.state_places, state_places(""));
    EXPECT_EQ(settings.log.level, LogLevel::Info);
    EXPECT_EQ(settings.log.to, "stderr");
    EXPECT_EQ(settings.log.format, LogFormat::Text);
    EXPECT_EQ(settings.health.source_v4, std::nullopt);
    EXPECT_EQ(settings.health.source_v6, std::nullopt);
    EXPECT_EQ(settings.health.user_agent, "meridian-health");
    EXPECT_THAT(settings.health.self_tests, testing::IsEmpty());
    EXPECT_EQ(settings.health.max_probes, 2000U);
    EXPECT_FALSE(settings.health.families);
}

TEST(Settings, WithoutAFileTheShippedZonesAreServed) {
    EXPECT_EQ(default_settings(kShipped).zones_directory, kShipped.zones);
    EXPECT_THAT(default_settings(kShipped).databases, ElementsAre(kShipped.world));
}

TEST(Settings, EveryKeyThatWorksIsTaken) {
    const SettingsReading reading = read(R"(
[server]
listen = ["192.0.2.1:53", "[2001:db8::1]:5353", "192.0.2.2", "[::1]"]
workers = 3
zones = "../other/zones"
user = "meridian"
receive_buffer = "64KiB"
state = "../state"
[geo]
database = ["/usr/share/GeoIP/a.mmdb", "b.mmdb"]
[log]
level = "debug"
to = "log/meridian.log"
format = "json"
[health]
source = ["192.0.2.9", "2001:db8::9"]
user_agent = "ns1.example checks"
self_test = ["192.0.2.1", "[2001:db8::1]:443"]
max_probes = 5000
families = ["ipv6"]
)");
    ASSERT_TRUE(reading.settings) << told(reading);
    const Settings& settings = *reading.settings;
    EXPECT_EQ(told(reading), "");
    EXPECT_THAT(
        settings.listen,
        ElementsAre(v4(0xc0000201, 53), Endpoint{IpAddress::v6(0x20010db800000000, 1), 5353},
                    v4(0xc0000202, 53), Endpoint{IpAddress::v6(0, 1), 53}));
    EXPECT_FALSE(settings.listen_is_default);
    EXPECT_EQ(settings.workers, 3U);
    EXPECT_EQ(settings.zones_directory, "/etc/other/zones");
    EXPECT_EQ(settings.user, "meridian");
    EXPECT_EQ(settings.receive_buffer_octets, 65536U);
    EXPECT_THAT(settings.databases, ElementsAre("/usr/share/GeoIP/a.mmdb", "/etc/meridian/b.mmdb"));
    EXPECT_THAT(settings.state_places, ElementsAre("/etc/state"));
    EXPECT_EQ(settings.log.level, LogLevel::Debug);
    EXPECT_EQ(settings.log.to, "/etc/meridian/log/meridian.log");
    EXPECT_EQ(settings.log.format, LogFormat::Json);
    EXPECT_EQ(settings.health.source_v4, IpAddress::parse("192.0.2.9"));
    EXPECT_EQ(settings.health.source_v6, IpAddress::parse("2001:db8::9"));
    EXPECT_EQ(settings.health.user_agent, "ns1.example checks");
    EXPECT_THAT(
        settings.health.self_tests,
        ElementsAre(v4(0xc0000201, 53), Endpoint{IpAddress::v6(0x20010db800000000, 1), 443}));
    EXPECT_EQ(settings.health.max_probes, 5000U);
    EXPECT_EQ(settings.health.families, (FamilySet{false, true}));
}

TEST(Settings, PathsAreRelativeToTheFileThatNamesThem) {
    const auto zones_of = [](const std::string& file) {
        return read_settings(file, "", kShipped).settings->zones_directory;
    };
    EXPECT_EQ(zones_of("meridian.toml"), "zones");
    EXPECT_EQ(zones_of("a/meridian.toml"), "a/zones");
}

TEST(Settings, TheClockIsTheKernelsUnlessItIsTrusted) {
    EXPECT_FALSE(read("").settings->trusts_clock);
    EXPECT_FALSE(read("[server]\nclock = \"kernel\"\n").settings->trusts_clock);
    EXPECT_TRUE(read("[server]\nclock = \"trusted\"\n").settings->trusts_clock);
    EXPECT_THAT(told(read("[server]\nclock = \"trustd\"\n")),
                HasSubstr("did you mean \"trusted\"?"));
}

TEST(Settings, AGroupMayControlTheServer) {
    EXPECT_EQ(read("").settings->control_group, std::nullopt);
    const SettingsReading reading = read("[control]\ngroup = \"dns-operators\"\n");
    EXPECT_THAT(reading.diagnostics, testing::IsEmpty());
    EXPECT_EQ(reading.settings->control_group, "dns-operators");
    EXPECT_EQ(reading.settings->control_group_at.line, 2U);
    EXPECT_THAT(told(read("[control]\ngroup = \"\"\n")),
                HasSubstr("meridian.toml:2:9: error: control.group: expected the name of a group"));
}

TEST(Settings, KeysWithoutEffectSaySo) {
    const SettingsReading reading = read(R"([geo]
asn = "/usr/share/GeoIP/asn.mmdb"
[control]
listen = "127.0.0.1:8053"
token_file = "/etc/meridian/token"
[health]
)");
    ASSERT_TRUE(reading.settings) << told(reading);
    std::vector<std::string> keys;
    for (const zones::Diagnostic& diagnostic : reading.diagnostics) {
        EXPECT_EQ(diagnostic.severity, zones::Severity::Warning);
        EXPECT_THAT(diagnostic.text, HasSubstr("no effect yet"));
        keys.push_back(diagnostic.key);
    }
    EXPECT_THAT(keys, ElementsAre("geo.asn", "control.listen", "control.token_file"));
}

TEST(Settings, CommandsHaveNamesAndStandInFrontOfThatOfChanges) {
    const SettingsReading reading = read(R"([commands.lag]
run = ["/usr/local/bin/lag", "--at={region}", "{address}"]
[commands."disk space"]
run = "/bin/df"
[health]
on_change = ["/usr/local/bin/page", "{zone} {service}/{region}", "{family} {state}: {reason}"]
)");
    ASSERT_TRUE(reading.settings) << told(reading);
    EXPECT_EQ(told(reading), "");
    const CheckSettings& health = reading.settings->health;
    EXPECT_THAT(command_names(health), ElementsAre("lag", "disk space"));
    EXPECT_THAT(lines_of_commands(health),
                ElementsAre(CommandLine{"/usr/local/bin/lag", "--at={region}", "{address}"},
                            CommandLine{"/bin/df"},
                            CommandLine{"/usr/local/bin/page", "{zone} {service}/{region}",
                                        "{family} {state}: {reason}"}));
    EXPECT_THAT(lines_of_commands(read("").settings->health), testing::IsEmpty());
}

TEST(Settings, MistakesInCommandsArePointedAt) {
    std::string many = "[commands.many]\nrun = [\"/bin/a\"";
    for (int i = 0; i < 64; ++i) {
        many += ", \"b\"";
    }
    EXPECT_THAT(told(read(many + "]\n")),
                HasSubstr("commands.many.run: 65 texts; a command has at most 64"));
    std::string declared;
    for (int i = 0; i <= 256; ++i) {
        declared += "[commands.c" + std::to_string(i) + "]\nrun = \"/bin/a\"\n";
    }
    EXPECT_THAT(told(read(declared)), HasSubstr("commands: there are more than 256 commands"));
    EXPECT_EQ(
        told(read(R"([commands.lag]
run = ["lag", "{address}"]
[commands.a]
run = ["/bin/{region}"]
[commands.b]
run = ["/bin/b", "{adress}", "{state}"]
[commands.c]
[commands.d]
run = []
[commands.e]
run = ["/bin/e", "a\nb"]
[health]
on_change = ["/bin/page", "{address}"]
)")),
        R"(/etc/meridian/meridian.toml:2:8: error: commands.lag.run: "lag" is no absolute path of a program
    2 | run = ["lag", "{address}"]
      |        ^^^^^
   write the whole path, such as "/usr/local/bin/lag"; its arguments are further texts of the list
/etc/meridian/meridian.toml:4:8: error: commands.a.run: "/bin/{region}" is no absolute path of a program
    4 | run = ["/bin/{region}"]
      |        ^^^^^^^^^^^^^^^
   write the whole path, such as "/usr/local/bin/lag"; its arguments are further texts of the list
/etc/meridian/meridian.toml:6:18: error: commands.b.run: "{adress}" stands for nothing here
    6 | run = ["/bin/b", "{adress}", "{state}"]
      |                  ^^^^^^^^^^
   did you mean "address"? placeholders: "address", "region", "service"
/etc/meridian/meridian.toml:7:1: error: commands.c.run: this key is missing
    7 | [commands.c]
      | ^^^^^^^^^^^^
   Its path and arguments, with {address}, {region} and {service} in their places.
/etc/meridian/meridian.toml:9:7: error: commands.d.run: the array is empty
    9 | run = []
      |       ^^
   name at least one
/etc/meridian/meridian.toml:11:18: error: commands.e.run: expected a line of at most 1024 octets
   11 | run = ["/bin/e", "a\nb"]
      |                  ^^^^^^
/etc/meridian/meridian.toml:13:27: error: health.on_change: "{address}" stands for nothing here
   13 | on_change = ["/bin/page", "{address}"]
      |                           ^^^^^^^^^^^
   placeholders: "region", "service", "state", "reason", "family", "zone"
)");
}

TEST(Settings, MistakesInHowChecksAreMadeArePointedAt) {
    EXPECT_EQ(
        told(read(R"([health]
source = ["192.0.2.1:53", "0.0.0.0", "192.0.2.1", "192.0.2.2"]
user_agent = "a\nb"
self_test = ["resolver", "169.254.169.254:80", "192.0.2.1", "192.0.2.1:53"]
max_probes = 0
)")),
        R"(/etc/meridian/meridian.toml:2:11: error: health.source: "192.0.2.1:53" is no address
    2 | source = ["192.0.2.1:53", "0.0.0.0", "192.0.2.1", "192.0.2.2"]
      |           ^^^^^^^^^^^^^^
   expected one such as "192.0.2.53", without a port
/etc/meridian/meridian.toml:2:27: error: health.source: checks cannot come from "0.0.0.0", since it is no address of a host
    2 | source = ["192.0.2.1:53", "0.0.0.0", "192.0.2.1", "192.0.2.2"]
      |                           ^^^^^^^^^
   name an address of this machine, or leave the key out: the system chooses one
/etc/meridian/meridian.toml:2:51: error: health.source: "192.0.2.1" and "192.0.2.2" are of one family
    2 | source = ["192.0.2.1:53", "0.0.0.0", "192.0.2.1", "192.0.2.2"]
      |                                                   ^^^^^^^^^^^
   name one address a family
/etc/meridian/meridian.toml:3:14: error: health.user_agent: expected a line of 1 to 256 plain letters
    3 | user_agent = "a\nb"
      |              ^^^^^^
/etc/meridian/meridian.toml:4:14: error: health.self_test: "resolver" is no address with a port
    4 | self_test = ["resolver", "169.254.169.254:80", "192.0.2.1", "192.0.2.1:53"]
      |              ^^^^^^^^^^
   expected for example "192.0.2.1:53" or "[2001:db8::1]:53"
/etc/meridian/meridian.toml:4:26: error: health.self_test: "169.254.169.254:80" cannot be asked, since it is local to a link
    4 | self_test = ["resolver", "169.254.169.254:80", "192.0.2.1", "192.0.2.1:53"]
      |                          ^^^^^^^^^^^^^^^^^^^^
   name a host beyond the uplink that takes connections, such as a resolver on port 53
/etc/meridian/meridian.toml:4:61: error: health.self_test: "192.0.2.1:53" stands here twice
    4 | self_test = ["resolver", "169.254.169.254:80", "192.0.2.1", "192.0.2.1:53"]
      |                                                             ^^^^^^^^^^^^^^
/etc/meridian/meridian.toml:5:14: error: health.max_probes: 0 is out of range
    5 | max_probes = 0
      |              ^
   expected 1 to 100000
)");
}

TEST(Settings, FamiliesAreWordsOfTheirOwn) {
    const auto told_of = [](const std::string& families) {
        return told(read("[health]\nfamilies = " + families + "\n"));
    };
    EXPECT_EQ(
        told_of(R"(["ipv4", "ip6", "ipv4"])"),
        R"(/etc/meridian/meridian.toml:2:21: error: health.families: "ip6" is no family of addresses
    2 | families = ["ipv4", "ip6", "ipv4"]
      |                     ^^^^^
   families here: "ipv4", "ipv6"
)");
    EXPECT_EQ(told_of(R"(["ipv6", "ipv6"])"),
              R"(/etc/meridian/meridian.toml:2:21: error: health.families: "ipv6" is given twice
    2 | families = ["ipv6", "ipv6"]
      |                     ^^^^^^
)");
    EXPECT_EQ(told_of("[]"),
              R"(/etc/meridian/meridian.toml:2:12: error: health.families: the array is empty
    2 | families = []
      |            ^^
   name at least one
)");
}

TEST(Settings, MistakesArePointedAt) {
    EXPECT_EQ(told(read(R"([server]
lisen = "127.0.0.1:53"
workers = 0
zones = 4
listen = ["127.0.0.1:53", "localhost:53", "127.0.0.1:53", "::1:53"]
[lgo]
)")),
              R"(/etc/meridian/meridian.toml:2:1: error: server.lisen: unknown key "lisen"
    2 | lisen = "127.0.0.1:53"
      | ^^^^^
   did you mean "listen"? keys here: "listen", "workers", "zones", "user", "receive_buffer", "watch", "overrides", "clock", "state"
/etc/meridian/meridian.toml:3:11: error: server.workers: 0 is out of range
    3 | workers = 0
      |           ^
   expected 1 to 512
/etc/meridian/meridian.toml:4:9: error: server.zones: expected a string, found an integer
    4 | zones = 4
      |         ^
/etc/meridian/meridian.toml:5:27: error: server.listen: "localhost:53" is no address with a port
    5 | listen = ["127.0.0.1:53", "localhost:53", "127.0.0.1:53", "::1:53"]
      |                           ^^^^^^^^^^^^^^
   expected for example "192.0.2.1:53" or "[2001:db8::1]:53"
/etc/meridian/meridian.toml:5:43: error: server.listen: "127.0.0.1:53" stands here twice
    5 | listen = ["127.0.0.1:53", "localhost:53", "127.0.0.1:53", "::1:53"]
      |                                           ^^^^^^^^^^^^^^
/etc/meridian/meridian.toml:5:59: error: server.listen: "::1:53" is no address with a port
    5 | listen = ["127.0.0.1:53", "localhost:53", "127.0.0.1:53", "::1:53"]
      |                                                           ^^^^^^^^
   expected for example "192.0.2.1:53" or "[2001:db8::1]:53"
/etc/meridian/meridian.toml:6:2: error: lgo: unknown key "lgo"
    6 | [lgo]
      |  ^^^
   did you mean "log"? keys here: "server", "geo", "health", "commands", "control", "log"
)");
    EXPECT_EQ(told(read(R"([log]
level = "inf"
to = "jurnal"
format = "xml"
[control]
listen = "everywhere"
[server]
receive_buffer = "8 megabytes"
)")),
              R"(/etc/meridian/meridian.toml:2:9: error: log.level: "inf" is not a choice here
    2 | level = "inf"
      |         ^^^^^
   did you mean "info"? choices: "debug", "info", "warning", "error"
/etc/meridian/meridian.toml:3:6: error: log.to: "jurnal" is no place for a log
    3 | to = "jurnal"
      |      ^^^^^^^^
   did you mean "journal"? expected "stderr", "stdout", "journal", "syslog", or a path with a slash in it
/etc/meridian/meridian.toml:4:10: error: log.format: "xml" is not a choice here
    4 | format = "xml"
      |          ^^^^^
   choices: "text", "json"
/etc/meridian/meridian.toml:6:1: warning: control.listen: has no effect yet
    6 | listen = "everywhere"
      | ^^^^^^
/etc/meridian/meridian.toml:6:10: error: control.listen: "everywhere" is no address with a port
    6 | listen = "everywhere"
      |          ^^^^^^^^^^^^
   expected for example "192.0.2.1:53" or "[2001:db8::1]:53"
/etc/meridian/meridian.toml:8:18: error: server.receive_buffer: "8 megabytes" is no size
    8 | receive_buffer = "8 megabytes"
      |                  ^^^^^^^^^^^^^
   expected a size such as "64KiB" or "8MiB", or whole octets
)");
}

TEST(Settings, TheLogGoesToAPlaceByItsWordOrToAFile) {
    const auto target_of = [](const std::string& to) {
        const auto reading = read("[log]\nto = \"" + to + "\"\n");
        return reading.settings ? reading.settings->log.to : "refused";
    };
    for (const char* word : {"stderr", "stdout", "journal", "syslog"}) {
        EXPECT_EQ(target_of(word), word);
    }
    for (const char* slip : {"STDOUT", "stdou", "stdot", "sdterr", ""}) {
        EXPECT_EQ(target_of(slip), "refused") << slip;
    }
    EXPECT_EQ(target_of("/dev/stdout"), "/dev/stdout");
    EXPECT_EQ(target_of("stdout.log"), "/etc/meridian/stdout.log");
}

TEST(Settings, OnlyAddressesWithAPortAreListenedOn) {
    for (const char* text :
         {"", "[::1", "[::1]53", "::1", "::1:53", "[127.0.0.1]:53", "127.0.0.1:", "127.0.0.1:65536",
          "127.0.0.1:5x", "127.0.0.1: 53", "[::1]:", ":53", "127.0.0.1:53:53", "127.1:53"}) {
        const SettingsReading reading =
            read("[server]\nlisten = [\"" + std::string(text) + "\"]\n");
        EXPECT_FALSE(reading.settings) << text;
        EXPECT_THAT(told(reading), HasSubstr("meridian.toml:2:11: error: server.listen: ")) << text;
    }
}

TEST(Settings, AddressesThatNobodyCanBeAnsweredAtAreRefused) {
    struct Case {
        const char* address;
        const char* what;
        const char* way_out;
    };
    for (const Case& refused : std::vector<Case>{
             {"[fe80::1]:53", "a link-local address", "expected \"[::]:53\""},
             {"[febf::1:2]", "a link-local address", "expected \"[::]:53\""},
             {"[fe80::1%eth0]:5300", "a link-local address", "expected \"[::]:5300\""},
             {"[::ffff:192.0.2.1]:53", "an IPv4 address written as one of IPv6",
              "expected \"192.0.2.1:53\""},
             {"[::ffff:0:0]:53", "an IPv4 address written as one of IPv6",
              "expected \"0.0.0.0:53\""},
             {"224.0.0.251:5353", "a multicast address", "or \"0.0.0.0:5353\" for all"},
             {"239.255.255.255", "a multicast address", "or \"0.0.0.0:53\" for all"},
             {"[ff02::fb]:53", "a multicast address", "or \"[::]:53\" for all"},
             {"255.255.255.255:53", "a broadcast address", "the address of this machine"}}) {
        const std::string reported_of = std::string("\"") + refused.address + "\"";
        const SettingsReading listen = read("[server]\nlisten = [" + reported_of + "]\n");
        EXPECT_FALSE(listen.settings) << refused.address;
        EXPECT_THAT(told(listen),
                    HasSubstr("/etc/meridian/meridian.toml:2:11: error: server.listen: " +
                              reported_of + " is " + refused.what));
        EXPECT_THAT(told(listen), HasSubstr(refused.way_out));
        const SettingsReading control = read("[control]\nlisten = " + reported_of + "\n");
        EXPECT_THAT(told(control), HasSubstr("meridian.toml:2:10: error: control.listen: "));
    }
    for (const char* served : {"169.254.1.1:53", "0.0.0.0:53", "[::]:53", "223.255.255.255:53",
                               "[fec0::1]:53", "[fe7f::1]:53", "[::1.2.3.4]:53"}) {
        EXPECT_TRUE(read("[server]\nlisten = \"" + std::string(served) + "\"\n").settings)
            << served;
    }
}

TEST(Settings, TheStateDirectoryHasAName) {
    EXPECT_EQ(
        told(read("[server]\nstate = \"\"\n")),
        R"(/etc/meridian/meridian.toml:2:9: error: server.state: expected the path of a directory
    2 | state = ""
      |         ^^
   leave the key away for the usual places
)");
}

TEST(Settings, NoTextIsEmpty) {
    for (const std::string_view key : {"server.zones", "server.user", "geo.database"}) {
        const SettingsReading reading = read(std::string(key) + " = \"\"\n");
        EXPECT_FALSE(reading.settings) << key;
        EXPECT_THAT(told(reading), HasSubstr(std::string(key) + ": expected the ")) << key;
        EXPECT_THAT(told(reading), HasSubstr("and not an empty text")) << key;
    }
    EXPECT_THAT(told(read("geo.database = [\"a.mmdb\", \"\"]\n")), HasSubstr(":1:27: error: "));
}

TEST(Settings, WithErrorsTellWhatStandsBesideThem) {
    const auto state = [](std::string_view text) {
        const SettingsReading reading = read(text);
        EXPECT_FALSE(reading.settings) << text;
        return reading.despite_errors ? reading.despite_errors->state_places
                                      : std::vector<std::string>();
    };
    const auto here = ElementsAre("/srv/state");
    EXPECT_THAT(state("[server]\nzons = 1\nstate = \"/srv/state\"\n"), here) << "a wrong key";
    EXPECT_THAT(state("[server]\nlisten = [\"x\"]\nstate = \"/srv/state\"\n"), here);
    EXPECT_THAT(state("[server]\nworkers = \nstate = \"/srv/state\"\n"), here) << "no TOML";
    EXPECT_THAT(state("[server]\nstate = \"/srv/state\"\nrubbish\n= 1\n[log\nx"), here);
    EXPECT_THAT(state("\x01\n[server]\nstate = \"/srv/state\"\n\"\"\"\n"), here);
    EXPECT_THAT(state("[server]\nstate = /srv/state\n"), testing::Eq(state_places("")));
    EXPECT_THAT(state("[server]\r\nstate = \"/srv/state\"\r\nrubbish\r\n"), here);
    std::string many = "[server]\nstate = \"/srv/state\"\n";
    for (int i = 0; i < 1'000; ++i) {
        many += "rubbish\n";
    }
    EXPECT_THAT(state(many), testing::IsEmpty()) << "it is no meridian.toml, and costs no time";
}

TEST(Settings, AFileThatIsNoTomlIsAnError) {
    const SettingsReading reading = read("[server\n");
    EXPECT_FALSE(reading.settings);
    EXPECT_THAT(told(reading), HasSubstr("/etc/meridian/meridian.toml:1:"));
}

TEST(Settings, AFileThatWasAskedForMustBeThere) {
    const test::TemporaryDirectory directory;
    const SettingsReading missing = load_settings(directory.path("meridian.toml"));
    EXPECT_FALSE(missing.settings);
    EXPECT_THAT(told(missing), HasSubstr("No such file or directory"));
    const SettingsReading no_file = load_settings(directory.path());
    EXPECT_FALSE(no_file.settings);
    EXPECT_THAT(told(no_file), HasSubstr("no ordinary file"));
}

TEST(Settings, TheFileInTheWorkingDirectoryIsFound) {
    const test::TemporaryDirectory directory;
    directory.write("meridian.toml", "[server]\nworkers = 7\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(directory.path());
    const SettingsReading reading = load_settings("");
    std::filesystem::current_path(before);
    ASSERT_TRUE(reading.settings) << told(reading);
    EXPECT_EQ(reading.settings->workers, 7U);
    EXPECT_EQ(reading.settings->zones_directory, "zones");
}

TEST(ShippedData, IsWhereTheEnvironmentSays) {
    setenv("MERIDIAN_DATA", "/somewhere", 1);
    const ShippedData data = find_shipped_data();
    unsetenv("MERIDIAN_DATA");
    EXPECT_EQ(data.zones, "/somewhere/zones");
    EXPECT_EQ(data.world, "/somewhere/world/dbip-city-lite.world");
}

}  // namespace
}  // namespace meridian::server
