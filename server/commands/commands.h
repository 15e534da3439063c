// Declares the commands of the program, their options and their exit codes.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "server/runtime/explanation.h"

namespace meridian::server {

/// Scripts rely on these numbers.
enum ExitCode : int {
    kExitOk = 0,
    kExitWrong =
        1,  ///< The subject of the command is wrong or missing: errors in a file, no such name.
    kExitCannotRun = 2,  ///< The command line is wrong, or the system refuses.
};

struct ServeOptions {
    std::string config_file = {};  ///< Empty: looked for in the usual places.
};

struct CheckOptions {
    std::string config_file = {};
    /// Zone files, directories of such, or a meridian.toml. Empty: meridian.toml in its usual
    /// places, with all of its zones directory.
    std::vector<std::string> paths = {};
    std::string zone = {};  ///< Of the one master file in `paths`, whatever it is called.
    bool stamp = false;     ///< Write serials into the zone files, if there is no error.
    bool json = false;      ///< Print one JSON document to stdout instead of text.
};

struct WhyOptions {
    std::string config_file = {};
    std::string socket = {};  ///< Of the server to ask; empty: where meridian.toml leads.
    QuestionText question = {};
    bool server = false;  ///< Ask the running server, not the files.
    std::string at = {};  ///< A time in the past, whose states count; empty: all is up.
    bool json = false;
};

struct GeoOptions {
    std::string config_file = {};
    std::vector<std::string> databases = {};  ///< Instead of the configured ones.
    std::vector<std::string> addresses = {};  ///< For a lookup.
    bool json = false;
};

struct ProbeOptions {
    std::string config_file = {};
    std::string zone = {};     ///< Its name, or its file.
    std::string service = {};  ///< This alone; empty: all.
    std::string region = {};   ///< Likewise.
    bool json = false;
};

struct RegionOptions {
    std::string zone_file = {};
    std::string name = {};
    std::string at = {};                      ///< "FRA", "Frankfurt, DE" or "38.95,-77.45".
    std::vector<std::string> addresses = {};  ///< At least one.
    std::vector<std::string> policies = {};   ///< Whose `regions` the new region joins.
    bool replace = false;                     ///< Of a region that is there with other data.
    bool dry_run = false;                     ///< Show the difference, write nothing.
    bool json = false;
};

struct SchemaOptions {
    bool settings = false;  ///< Of meridian.toml instead of zone files.
    bool markdown = false;
    bool later = false;  ///< Of the Markdown, the keys that do not work yet instead of the others.
};

struct StatusOptions {
    std::string config_file = {};
    std::string socket = {};  ///< Empty: in the state directory that meridian.toml leads to.
    bool json = false;
    /// Names of zones, or patterns with `*`: print these alone. Empty: all.
    std::vector<std::string> zones = {};
    bool ready = false;  ///< Print nothing; the exit code says whether queries are answered.
};

struct ReloadOptions {
    std::string config_file = {};
    std::string socket = {};
    bool force = false;  ///< Also what a guard holds back.
    bool json = false;
    double timeout_seconds = 60;
};

/// Of drain, force and release.
struct OverrideOptions {
    std::string config_file = {};
    std::string socket = {};
    std::string target = {};
    std::string zone = {};      ///< Whose regions alone are meant; empty: those of any.
    std::string state = {};     ///< Of a force: "up" or "down".
    std::string how_long = {};  ///< "2h"; empty: until it is released.
    std::string reason = {};
    bool dry_run = false;
    bool force = false;  ///< Also where a service then has no region that is up.
    bool print = false;  ///< The lines of a file of overrides instead; no server is asked.
    bool json = false;
};

struct JournalOptions {
    std::string config_file = {};
    std::string since = {};   ///< "1h", or a date and time; empty: all of it.
    std::string region = {};  ///< A pattern; empty: all, and what is about no region.
    bool json = false;
};

/// Each runs one command to its end and returns an ExitCode. Results go to stdout, errors to
/// stderr.
int serve(const ServeOptions& options);
int check(const CheckOptions& options);
int why(const WhyOptions& options);
int geo_info(const GeoOptions& options);
int geo_lookup(const GeoOptions& options);
int probe(const ProbeOptions& options);
int region_add(const RegionOptions& options);
int region_remove(const RegionOptions& options);
int region_list(const RegionOptions& options);
int schema(const SchemaOptions& options);
int status(const StatusOptions& options);
int reload(const ReloadOptions& options);
int drain(const OverrideOptions& options);
int force(const OverrideOptions& options);
int release(const OverrideOptions& options);
int journal(const JournalOptions& options);

/// The text of `--version`: the program, its compiler, the libraries it was built with.
std::string version_text();
/// "0.1.0"
std::string version_number();

}  // namespace meridian::server
