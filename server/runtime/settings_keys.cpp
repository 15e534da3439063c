// Lists the keys of meridian.toml.
//
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "server/runtime/settings.h"

namespace meridian::server {

namespace {

using zones::KeyRow;
using zones::Kind;
using zones::Status;

constexpr std::array<std::string_view, 1> kAuto{"auto"};
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> kClocks{"kernel", "trusted"};
constexpr std::array<std::string_view, 2> kFormats{"text", "json"};

constexpr std::array kServerKeys{
    KeyRow{.key = "listen",
           .kind = Kind::Texts,
           .fallback = R"(["127.0.0.1:5300", "[::1]:5300"])",
           .doc = "Addresses to serve on; without a port it is 53."},
    KeyRow{.key = "workers",
           .kind = Kind::IntegerOrText,
           .fallback = R"("auto")",
           .doc = "UDP threads: \"auto\" for one per core, or a number.",
           .minimum = 1,
           .maximum = 512,
           .choices = kAuto},
    KeyRow{.key = "zones",
           .kind = Kind::Text,
           .fallback = R"("zones")",
           .doc = "Directory of the zone files."},
    KeyRow{.key = "user",
           .kind = Kind::Text,
           .fallback = "",
           .doc = "The user that root becomes before it reads zones and databases."},
    KeyRow{.key = "receive_buffer",
           .kind = Kind::Size,
           .fallback = R"("8MiB")",
           .doc = "What to ask the kernel for, per UDP socket.",
           .minimum = 4096,
           .maximum = std::int64_t{1} << 30},
    KeyRow{.key = "watch",
           .kind = Kind::Boolean,
           .fallback = "true",
           .doc = "Whether edits go live by themselves, or only with a reload."},
    KeyRow{.key = "overrides",
           .kind = Kind::Text,
           .fallback = "",
           .doc = "File of drains and forces, for several servers from one repository; watched."},
    KeyRow{.key = "clock",
           .kind = Kind::Text,
           .fallback = R"("kernel")",
           .doc =
               "Who says that the date is right: the kernel, or \"trusted\" where other means keep "
               "it, such as the host of a virtual machine.",
           .choices = kClocks},
    KeyRow{.key = "state",
           .kind = Kind::Text,
           .fallback = R"("/var/lib/meridian")",
           .doc = "State directory; the default is the first of three that is usable."},
};

constexpr std::array kGeoKeys{
    KeyRow{.key = "database",
           .kind = Kind::Texts,
           .fallback = "",
           .doc = "Geo databases, one or one a family; default: the one that ships with Meridian."},
    KeyRow{.key = "asn",
           .kind = Kind::Text,
           .fallback = "",
           .doc = "Database of autonomous systems.",
           .status = Status::NoEffectYet},
};

constexpr std::array kHealthKeys{
    KeyRow{.key = "source",
           .kind = Kind::Texts,
           .fallback = "the system chooses",
           .doc = "The address that checks come from, one a family."},
    KeyRow{.key = "user_agent",
           .kind = Kind::Text,
           .fallback = R"("meridian-health")",
           .doc = "What requests of checks say of their sender."},
    KeyRow{.key = "self_test",
           .kind = Kind::Texts,
           .fallback = "",
           .doc =
               "Addresses beyond the uplink, with TCP ports (53 without one). While one answers, "
               "this server is not blind; when all of a family fail, it is."},
    KeyRow{.key = "max_probes",
           .kind = Kind::Integer,
           .fallback = "2000",
           .doc = "Checks a second that the zones may ask for together.",
           .minimum = 1,
           .maximum = 100'000},
    KeyRow{.key = "families",
           .kind = Kind::Texts,
           .fallback = "",
           .doc = "What this server reaches, of \"ipv4\" and \"ipv6\"; none: what the kernel has a "
                  "route to. The other family is not checked, and follows."},
    KeyRow{.key = "on_change",
           .kind = Kind::Texts,
           .fallback = "",
           .doc = "A command that is run for each change of a region: its path and arguments, with "
                  "{region}, {service}, {family}, {state}, {reason} and {zone} in their places."},
};

constexpr std::array kCommandKeys{
    KeyRow{.key = "run",
           .kind = Kind::Texts,
           .fallback = "",
           .doc = "Its path and arguments, with {address}, {region} and {service} in their places.",
           .required = true},
};

constexpr std::array kControlKeys{
    KeyRow{.key = "group",
           .kind = Kind::Text,
           .fallback = "",
           .doc = "Group whose members may use the control socket, beside root and the server's "
                  "user: they may drain regions and reload."},
    KeyRow{.key = "listen",
           .kind = Kind::Text,
           .fallback = R"("127.0.0.1:8053")",
           .doc = "Address and port of metrics, API and page.",
           .status = Status::NoEffectYet},
    KeyRow{.key = "token_file",
           .kind = Kind::Text,
           .fallback = "",
           .doc = "File with the token that allows writing; none: writing is refused.",
           .status = Status::NoEffectYet},
};

constexpr std::array kLogKeys{
    KeyRow{.key = "level",
           .kind = Kind::Text,
           .fallback = R"("info")",
           .doc = "The least serious lines to log.",
           .choices = kLevels},
    KeyRow{.key = "to",
           .kind = Kind::Text,
           .fallback = R"("stderr")",
           .doc = "\"stderr\", \"stdout\", \"journal\", \"syslog\" or a file; SIGUSR1 reopens it."},
    KeyRow{.key = "format",
           .kind = Kind::Text,
           .fallback = R"("text")",
           .doc = "Lines of text or of JSON.",
           .choices = kFormats},
};

constexpr std::array kTopKeys{
    KeyRow{.key = "server",
           .kind = Kind::Table,
           .fallback = "",
           .doc = "The process.",
           .rows = kServerKeys},
    KeyRow{.key = "geo",
           .kind = Kind::Table,
           .fallback = "",
           .doc = "Where clients are.",
           .rows = kGeoKeys},
    KeyRow{.key = "health",
           .kind = Kind::Table,
           .fallback = "",
           .doc = "How this server checks addresses; what it checks is said by the zones.",
           .rows = kHealthKeys},
    KeyRow{.key = "commands",
           .kind = Kind::NamedTables,
           .fallback = "",
           .doc = "Commands that zones name as health checks.",
           .rows = kCommandKeys},
    KeyRow{.key = "control",
           .kind = Kind::Table,
           .fallback = "",
           .doc = "Who may control the running server, and later metrics, API and page.",
           .rows = kControlKeys},
    KeyRow{.key = "log",
           .kind = Kind::Table,
           .fallback = "",
           .doc = "What to log, where and how.",
           .rows = kLogKeys},
};

}  // namespace

std::span<const KeyRow> settings_keys() {
    return kTopKeys;
}

}  // namespace meridian::server
