// Describes the status of a server, for the socket, the commands and later the HTTP API.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"
#include "server/health/health_status.h"
#include "server/runtime/answer_counts.h"
#include "server/runtime/load_change.h"
#include "server/runtime/query_counters.h"

namespace meridian::server {

// Points in time are unix seconds, 0 where there is none; a text is empty where there is none.

/// Which version is served.
enum class ServedFrom : std::uint8_t {
    File,      ///< The one in the file.
    LastGood,  ///< An older one, because that one cannot be used.
};

struct ZoneStatus {
    std::string name = {};  ///< With the final dot.
    std::uint32_t serial = 0;
    std::string file = {};
    std::int64_t loaded = 0;    ///< When this version went live.
    std::int64_t modified = 0;  ///< When the newest of its files was changed.
    std::string error = {};     ///< The first one in its file, on one line.
    std::string warning = {};   ///< What is wrong with the zone as it is served.
    ServedFrom from = ServedFrom::File;
    friend bool operator==(const ZoneStatus&, const ZoneStatus&) = default;
};

/// A file, a library or the zones directory that has an error and serves no zone.
struct FileStatus {
    std::string file;
    std::string error;
    friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

struct DatabaseStatus {
    std::vector<std::string> paths = {};
    std::string type = {};
    std::uint64_t build_epoch = 0;
    std::uint64_t v4_networks = 0;
    std::uint64_t v6_networks = 0;
    std::string error = {};
    ServedFrom from = ServedFrom::File;
    friend bool operator==(const DatabaseStatus&, const DatabaseStatus&) = default;
};

enum class ReloadResult : std::uint8_t {
    Reloaded,   ///< All that is new is served.
    Unchanged,  ///< There was nothing new.
    Partly,     ///< Some of it is served, some has errors.
    HeldBack,   ///< A guard holds some of it back until a reload with `--force`.
    Failed,     ///< Because of errors nothing new is served.
};
/// "reloaded", "unchanged", "partly", "held", "failed"
std::string_view to_text(ReloadResult result);
std::optional<ReloadResult> reload_result_from_text(std::string_view text);

struct LastReload {
    std::int64_t at = 0;
    std::int64_t milliseconds = 0;
    ReloadResult result{};
    friend bool operator==(const LastReload&, const LastReload&) = default;
};

/// The status after a load, until the next one.
struct LoadStatus {
    std::uint64_t generation = 0;
    bool ready = false;                  ///< There is something to answer from.
    std::vector<ZoneStatus> zones = {};  ///< By file, then as the file lists them.
    std::vector<FileStatus> files_with_errors = {};
    DatabaseStatus database = {};
    std::string held_back = {};                  ///< What a guard holds back.
    std::optional<LastReload> last_reload = {};  ///< None: only the first load so far.
    std::optional<LastChange> last_change = {};  ///< Since the first load.
    std::string zones_directory = {};            ///< As any process finds it.
    /// Keys of meridian.toml that have changed since the start and wait for the next one.
    std::vector<std::string> needs_restart = {};
    std::string configuration_error = {};  ///< The first one in meridian.toml, on one line.
    std::string overrides_error = {};      ///< The same of the file of overrides.
    bool overrides_unknown = false;        ///< Nothing is known of what that said before.
    /// Of chosen zones: the last reload failed because of other files.
    bool failure_is_elsewhere = false;
    friend bool operator==(const LoadStatus&, const LoadStatus&) = default;
};

struct ServerStatus {
    std::string version = {};
    std::int64_t pid = 0;
    std::int64_t now = 0;      ///< The time of this status, by the server's clock.
    std::int64_t started = 0;  ///< Likewise.
    std::int64_t uptime_seconds = 0;
    std::string configuration = {};  ///< meridian.toml as any process finds it.
    std::vector<std::string> listen = {};
    std::string state_directory = {};  ///< Empty: nothing is saved.
    std::int64_t reloading_since = 0;  ///< When the reload that runs just now began.
    bool clock_trusted = true;         ///< Whether the date is right, as far as is known.
    std::string log_problem = {};      ///< Why the log could not be opened anew.
    std::string state_problem = {};    ///< Why what is served could not be saved.
    std::string overrides_loss = {};   ///< Why what was set by hand before the start is lost.
    LoadStatus load = {};
    TransportCounts queries = {};
    AnswersByRegion answers = {};
    HealthStatus health = {};
    friend bool operator==(const ServerStatus&, const ServerStatus&) = default;
};

/// Whether the operator has something to mend: an error, a last good version that is served, a
/// change that is held back.
bool has_problem(const ZoneStatus& zone);
bool has_problem(const ServerStatus& status);

/// Whether the last reload failed, and that concerns the zones of the status.
bool has_failed(const LoadStatus& load);

/// For how many seconds a reload has been running, if that is over 10 s, else 0. It reads a huge
/// file, or a file system that does not answer. Edits wait meanwhile.
std::int64_t long_reload_seconds(const ServerStatus& status);

/// The outcome of a reload, for those who asked for it.
struct ReloadOutcome {
    ReloadResult result{};
    std::uint64_t generation = 0;  ///< What is served now.
    std::int64_t milliseconds = 0;
    zones::Diagnostics diagnostics = {};
    LoadChange change = {};
    std::vector<std::string> needs_restart = {};  ///< As in LoadStatus.

    /// Nothing is left to mend.
    [[nodiscard]] bool is_good() const {
        return result == ReloadResult::Reloaded || result == ReloadResult::Unchanged;
    }
};

}  // namespace meridian::server
