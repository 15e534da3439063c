// Holds the texts of `--help` below the options of each command.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace meridian::server {

inline constexpr const char* kAbout =
    "Meridian answers DNS queries with the addresses of the region nearest to each client.\n"
    "\n"
    "Start here:\n"
    "  meridian serve                            serve the sample zone on 127.0.0.1:5300\n"
    "  meridian check                            is what it would serve right?\n"
    "  meridian why www.beigel.example --client 46.114.0.0/24\n"
    "                                            who gets which answer, and for what reason\n";

inline constexpr const char* kFooter =
    "Exit codes: 0 all is well; 1 what was asked about is wrong or not there (errors in a file,\n"
    "no such name or file); 2 the command line is wrong, or the system refuses (port in use).\n"
    "Errors go to stderr, results to stdout. `meridian COMMAND --help` describes one command.";

inline constexpr const char* kServeFooter =
    "Examples:\n"
    "  meridian serve                    ./meridian.toml, else /etc/meridian/meridian.toml, else\n"
    "                                    the sample zone that ships with Meridian\n"
    "  meridian serve -c /srv/dns.toml   this file and no other\n"
    "\n"
    "Signals: SIGHUP reads zones and geo database again and reopens the log file; a file with an\n"
    "error leaves what runs. SIGUSR1 reopens the log file alone. SIGTERM and SIGINT stop within\n"
    "5 seconds; a second one stops at once.";

inline constexpr const char* kCheckFooter =
    "Without PATH, and with that of a meridian.toml, it checks the settings, whether a server "
    "could\n"
    "start with them on this machine, and every zone of the zones directory, exactly as `serve` "
    "would\n"
    "load them.\n"
    "\n"
    "Examples:\n"
    "  meridian check                       before a reload\n"
    "  meridian check beigel.example.toml   one file, from an editor or a commit hook\n"
    "  meridian check zones/                all zone files of a directory\n"
    "  meridian check /tmp/meridian.toml    a configuration before it is put in place\n"
    "  meridian check db.beigel --zone beigel.example\n"
    "                                       a master file that is called as BIND's often are\n"
    "  meridian check --json                for scripts and editors\n"
    "  meridian check --stamp               before the files go to several servers\n"
    "\n"
    "With --stamp each zone file without errors gets its serial written into it where its "
    "content\n"
    "has changed since the last time; a comment after the serial holds the hash of the content.\n"
    "Nothing is written while there are errors, and running it twice changes nothing.\n"
    "\n"
    "Errors and warnings look like `FILE:LINE:COLUMN: error: KEY: what is wrong`.\n"
    "Exit codes: 0 no errors (there may be warnings); 1 errors; 2 cannot run.";

inline constexpr const char* kProbeFooter =
    "Checks each address once, as `[health]` of the zone says and with `[health]` of "
    "meridian.toml,\n"
    "and prints what came of it and how long each step took. No server is asked, and none learns\n"
    "of it. An address that hangs takes its `timeout`.\n"
    "\n"
    "Examples:\n"
    "  meridian probe beigel.example                     why is a region down?\n"
    "  meridian probe beigel.example --region frankfurt  one region\n"
    "  meridian probe ./beigel.example.toml              a file before it goes live\n"
    "\n"
    "Exit codes: 0 all pass; 1 some do not, or nothing is checked; 2 cannot run.";

inline constexpr const char* kWhyFooter =
    "An address after --client stands for the client subnet that resolvers send for it: its /24 "
    "or\n"
    "/56, and IPv4 inside IPv6 counts as IPv4. A prefix is sent as it is. With --resolver alone "
    "the query carries no client subnet; "
    "with\n"
    "--client alone the resolver is taken to be where the client is.\n"
    "\n"
    "Examples:\n"
    "  meridian why www.beigel.example --client 46.114.0.1\n"
    "  meridian why www.beigel.example --client 2003:0:2::/48 --type AAAA\n"
    "  meridian why www.beigel.example --resolver 192.0.2.53 --json\n"
    "  meridian why www.beigel.example --client 46.114.0.1 --server   what the server serves\n"
    "  meridian why www.beigel.example --client 46.114.0.1 --at 2h    with what was down then\n"
    "\n"
    "Exit codes: 0 the name has an answer; 1 it has none, or a zone has errors; 2 cannot run.";

inline constexpr const char* kGeoFooter =
    "Examples:\n"
    "  meridian geo info\n"
    "  meridian geo lookup 46.114.0.1 2003::1\n"
    "  meridian geo lookup --database GeoLite2-City.mmdb 46.114.0.1 --json";

inline constexpr const char* kLookupFooter =
    "Exit codes: 0 the place of every address is known; 1 not of all; 2 cannot run.";

inline constexpr const char* kRegionFooter =
    "The file is edited where it must change: comments, order and style stay. It is checked "
    "before\n"
    "and after, with what `meridian check` checks, and saved in one step, or not at all. A "
    "command\n"
    "that finds its work done writes nothing. A running server notices and takes the new text.\n"
    "\n"
    "Examples:\n"
    "  meridian region add osaka --at KIX --address 203.0.113.40 --address 2001:db8:9::10 "
    "zone.toml\n"
    "  meridian region add lima --at -12.05,-77.04 --address 192.0.2.40 --address 2001:db8:10::10 "
    "--dry-run zone.toml\n"
    "  meridian region remove tokyo zone.toml\n"
    "  meridian region list zone.toml --json\n"
    "\n"
    "Exit codes: 0 the file is as it should be; 1 it has errors, or would have them, or holds "
    "other\n"
    "data of this region; 2 cannot run or save.";

inline constexpr const char* kStatusFooter =
    "Problems come first: zones that are served in their last good version, files with\n"
    "errors, the geo database. Then uptime, configuration, addresses and directories, the last\n"
    "reload and the last change, queries since the start, every zone.\n"
    "It asks over control.sock in the state directory, as root or as the server's user.\n"
    "\n"
    "Examples:\n"
    "  meridian status\n"
    "  meridian status beigel.example '*.test'   these zones alone, and what is wrong with them\n"
    "  meridian status --json      for scripts: times in unix seconds, ages in seconds\n"
    "  meridian status --ready     for containers and balancers: the exit code alone is the "
    "answer\n"
    "\n"
    "Exit codes: 0 all is well; 1 something is wrong; 2 no server answers. With --ready: 0 it\n"
    "answers queries; 1 it does not; 2 it cannot be asked.";

inline constexpr const char* kReloadFooter =
    "Reads zones and geo database again, as SIGHUP does, waits for the end and prints which zones "
    "were\n"
    "added, changed and removed, every error, and which keys of meridian.toml need a restart.\n"
    "The last good version of a zone with errors is still served.\n"
    "\n"
    "Examples:\n"
    "  meridian check && meridian reload\n"
    "  meridian reload --json\n"
    "\n"
    "Exit codes: 0 reloaded, or nothing has changed; 1 in part or not at all; 2 no\n"
    "server answers, or not within --timeout: the reload then goes on.";

inline constexpr const char* kOverrideFooter =
    "TARGET is REGION, REGION/SERVICE or REGION/SERVICE/ADDRESS; where names are steered by a\n"
    "policy itself, SERVICE is the policy. `*` is any text, also of what is added later. FILE: in\n"
    "front of it means the region that this file defines, of several so called.\n"
    "A drained region gets clients only while no other is up; one that is forced down only while\n"
    "no other is up or drained. A region that is forced up counts as up, whatever its checks say,\n"
    "unless it is drained. All of it survives a restart. What would leave a service without a\n"
    "region that is up is refused without --force.\n"
    "\n"
    "Examples:\n"
    "  meridian drain frankfurt --for 2h --reason 'new switches'\n"
    "  meridian drain frankfurt --dry-run               what it would do\n"
    "  meridian drain frankfurt --for 2h --print        for the file of server.overrides\n"
    "  meridian drain frankfurt/api/192.0.2.20          one address of one service\n"
    "  meridian force tokyo up --for 30m                while the check is what is broken\n"
    "  meridian force world.toml:frankfurt down --for 1h\n"
    "  meridian release frankfurt                       all of that region\n"
    "\n"
    "Exit codes: 0 done; 1 refused, or nothing is called so, or it cannot be saved; 2 no server\n"
    "answers.";

inline constexpr const char* kJournalFooter =
    "It reads the files of the journal in the state directory, as root or as the server's user, so "
    "it\n"
    "works while the server runs and after it has ended. Lines that are damaged are passed over, "
    "and\n"
    "counted on stderr.\n"
    "\n"
    "Examples:\n"
    "  meridian journal --since 1h\n"
    "  meridian journal --since 2026-12-01T03:00:00+01:00 --region 'frank*'\n"
    "  meridian journal --json      an object for each line, times in unix seconds\n"
    "\n"
    "Exit codes: 0 read; 1 there is no journal; 2 cannot run.";

inline constexpr const char* kSchemaFooter =
    "Editors complete and check zone files by it, such as Even Better TOML or taplo:\n"
    "  meridian schema > zone.schema.json\n"
    "and as the first line of a zone file:\n"
    "  #:schema ./zone.schema.json\n"
    "`meridian check` knows more than any schema.";

inline constexpr const char* kHelpFooter =
    "Examples:\n"
    "  meridian help\n"
    "  meridian help region add";

}  // namespace meridian::server
