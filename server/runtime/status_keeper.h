// Turns the outcome of loads into the status that the board shows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "meridian/zones/model/zone.h"
#include "server/runtime/server_status.h"
#include "server/runtime/status_board.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// Remembers between loads what a load report does not have: since when each zone is served, and
/// how the last reload went. For the control thread, and before that starts for the one that starts
/// it.
class StatusKeeper {
public:
    StatusKeeper(const ServedData& data, StatusBoard& board, const Clock& clock);

    /// Notes what the next post shows of meridian.toml.
    void note_settings(const zones::Diagnostics& errors, std::vector<std::string> needs_restart);
    /// Notes what the next post shows of the file of overrides.
    /// `is_unknown`: nothing is known of what it said before.
    void note_overrides(const zones::Diagnostics& errors, bool is_unknown);
    /// Shows at once why what is served could not be saved; empty once it is.
    void note_state(std::string problem) {
        (void)board_.set_state_problem(StatePart::Served, std::move(problem));
    }
    /// Posts the status after the first load, once its snapshot is served.
    void note_start(const LoadReport& report);
    /// A reload begins. The board shows for how long it has been running.
    void note_begin() { board_.set_reloading_since(now()); }
    void note_end() { board_.set_reloading_since(0); }
    /// Posts the status after a reload. Returns the outcome for those who asked for it.
    ReloadOutcome note_reload(const LoadReport& report, std::chrono::milliseconds took);
    /// Posts the status after a reload that failed; what is served stays as it is.
    ReloadOutcome note_failure(const std::string& reason, std::chrono::milliseconds took);

private:
    struct Findings;

    void note(const LoadReport& report);
    void post_all();
    [[nodiscard]] ZonesOfFiles rows_of(const SourceLook& looked_at) const;
    [[nodiscard]] ZoneStatus row_of(const std::string& path, const LoadedFile& loaded,
                                    const LoadedZone& zone) const;
    [[nodiscard]] std::int64_t now() const;
    void describe_zones(const LoadReport& report);
    void describe_edit(const ZonesByFile& replaced);
    void describe_file(const std::string& path, const LoadedFile& loaded, const Findings& findings);

    const ServedData& data_;
    StatusBoard& board_;
    const Clock& clock_;
    LoadStatus status_;              // its zones go to the board with each post
    std::vector<ZoneStatus> zones_;  // for the next post
    LoadTimes loaded_;
    LoadChange change_;  // what the last load changed
    bool is_started_ = false;
};

}  // namespace meridian::server
