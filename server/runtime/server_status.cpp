// Describes the status of a server, for the socket, the commands and later the HTTP API.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/server_status.h"

#include <algorithm>
#include <array>

#include "meridian/enum_words.h"

namespace meridian::server {

namespace {

constexpr std::array<std::string_view, 5> kResults{"reloaded", "unchanged", "partly", "held",
                                                   "failed"};

constexpr std::int64_t kLongReloadSeconds = 10;  // several times what the largest bounds allow

}  // namespace

std::int64_t long_reload_seconds(const ServerStatus& status) {
    if (status.reloading_since == 0) { return 0; }
    const std::int64_t seconds = status.now - status.reloading_since;
    return seconds > kLongReloadSeconds ? seconds : 0;
}

std::string_view to_text(ReloadResult result) {
    return kResults.at(static_cast<std::size_t>(result));
}

std::optional<ReloadResult> reload_result_from_text(std::string_view text) {
    return enum_from_text<ReloadResult>(kResults, text);
}

bool has_problem(const ZoneStatus& zone) {
    return !zone.error.empty() || zone.from != ServedFrom::File;
}

bool has_problem(const ServerStatus& status) {
    const LoadStatus& load = status.load;
    const bool in_data =
        std::ranges::any_of(load.zones, [](const ZoneStatus& zone) { return has_problem(zone); }) ||
        !load.files_with_errors.empty() || !load.configuration_error.empty() ||
        !load.overrides_error.empty() || !load.database.error.empty() ||
        load.database.from != ServedFrom::File;
    return long_reload_seconds(status) > 0 || !load.ready || in_data || has_failed(load) ||
           has_problem(status.health) || !load.held_back.empty() || !status.log_problem.empty() ||
           !status.state_problem.empty() || !status.clock_trusted || !status.overrides_loss.empty();
}

bool has_failed(const LoadStatus& load) {
    return load.last_reload && load.last_reload->result == ReloadResult::Failed &&
           !load.failure_is_elsewhere;
}

}  // namespace meridian::server
