// Turns what loads came to into what the status board shows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/zones/zone.h"
#include "server/runtime/server_status.h"
#include "server/runtime/status_board.h"
#include "server/sources/served_data.h"

namespace meridian::server {

/// Remembers between loads what a load alone does not tell: since when each zone is served, and how
/// the last reload went. For the control thread, and before that starts for the one that starts it.
class StatusKeeper {
public:
    StatusKeeper(const ServedData& data, StatusBoard& board, const Clock& clock);

    /// Takes down what the next post says of meridian.toml.
    void note_settings(const zones::Diagnostics& errors, std::vector<std::string> needs_restart);
    /// Posts what the first load left behind, once it is served.
    void note_start(const LoadReport& report);
    /// A reload begins, and whoever looks sees for how long it has been running.
    void note_begin() { board_.set_reloading_since(now()); }
    void note_end() { board_.set_reloading_since(0); }
    /// Likewise after a reload; returns what to tell those who asked for it.
    ReloadOutcome note_reload(const LoadReport& report, std::chrono::milliseconds took);
    /// After a reload that did not get to its end; what is served stays as it is.
    ReloadOutcome note_failure(const std::string& reason, std::chrono::milliseconds took);

private:
    void note(const LoadReport& report);
    void post(ReloadResult result, std::chrono::milliseconds took);
    [[nodiscard]] std::int64_t now() const;
    void describe_zones(const LoadReport& report);
    void describe_file(const std::string& path, const LoadedFile& loaded, bool has_error,
                       const zones::Diagnostics& errors);

    const ServedData& data_;
    StatusBoard& board_;
    const Clock& clock_;
    LoadStatus status_;
    LoadTimes loaded_;
    LoadChange change_;                      // what the last load changed
    std::shared_ptr<const SeenFiles> seen_;  // for the next post
};

}  // namespace meridian::server
