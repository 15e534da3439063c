// Runs the checks of what is served, and says what is up.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/endpoint.h"
#include "meridian/zones/live_table.h"
#include "meridian/zones/serving.h"
#include "meridian/zones/snapshot.h"
#include "server/health/health_status.h"
#include "server/health/override_request.h"
#include "server/health/overrides.h"
#include "server/health/saved_verdict.h"
#include "server/probing/prober.h"

namespace meridian::server {

enum class OverrideTurn : std::uint8_t {
    Begins,
    Ends,  ///< By hand.
    Expires,
};

/// What a monitor says, on its own thread.
struct MonitorOutlets {
    /// Makes the live table that follows for what is served; null: it stays.
    using NextLive =
        std::function<std::shared_ptr<const zones::LiveTable>(const zones::Serving& serving)>;

    std::function<void(const NextLive&)> publish;
    std::function<void(const RegionTurn&)> note_turn;
    /// At least one, of one turn of the event loop.
    std::function<void(const std::vector<AddressTurn>&)> note_addresses;
    /// The family is "IPv4" or "IPv6".
    std::function<void(const std::string& family, bool is_blind)> note_sight;
    /// The kernel has a route again to addresses of the family that are checked, or to none.
    std::function<void(const std::string& family, bool is_reached)> note_reach;
    /// An alarm of a service begins or ends. Once a second at most: what comes and goes within one
    /// is none.
    std::function<void(const ServiceAlarm&, bool begins)> note_alarm;
    /// Some verdicts have changed, or are about to be too old for the next start.
    std::function<void(const std::vector<SavedVerdict>&)> save;
    /// Every second: what could not be saved may be tried again. May be empty.
    std::function<void()> retry_saving;
    /// The date came to be trusted, or not; at first it is.
    std::function<void(bool is_trusted)> note_clock;
    /// `author` is who ended it by hand, or began it.
    std::function<void(const Override&, OverrideTurn, const std::string& author)> note_override;
    /// Regions that fell and waited for it come back.
    std::function<void(const OverrideTarget&, const std::string& author)> note_release;
    /// Files of states are to be read from now on, these and no others, each once and then whenever
    /// it says something else. None: no file is read.
    std::function<void(std::vector<StateFilePath> files)> watch_files = {};
    /// What operators have to mend before checks give results has come up, or is over.
    std::function<void(const std::string& problem, bool is_over)> note_problem = {};
    /// There is something new in the files of states that may be a mistake.
    std::function<void(const std::string& warning)> note_warning = {};
    /// What commands set by hand has changed. Calls `done` once it is saved, on any thread, with
    /// the reason where that failed, or never when the server ends first.
    std::function<void(const std::vector<Override>&, std::function<void(std::string problem)> done)>
        save_overrides;
};

/// The thread of the checks. It cannot hold up a worker: what it knows goes out as a live table.
class HealthMonitor {
public:
    HealthMonitor(const Clock& clock, const ProberOptions& options, MonitorOutlets outlets);
    HealthMonitor(const HealthMonitor&) = delete;
    HealthMonitor& operator=(const HealthMonitor&) = delete;
    ~HealthMonitor();  ///< Stops.

    /// Addresses beyond the uplink, which are connected to as often as any target. Before `start`.
    void set_self_tests(const std::vector<Endpoint>& tests);

    /// The families that this server reaches, as an operator says; else the kernel's routes say it.
    /// Before the first plan.
    void set_families(const FamilySet& families);

    /// What an earlier process knew. Before the first plan.
    void restore(const std::vector<SavedVerdict>& verdicts);
    /// What the next process is to know. Any thread.
    [[nodiscard]] std::vector<SavedVerdict> verdicts() const;

    /// What operators set by hand before this process began. Before the first plan.
    void restore_overrides(std::vector<Override> overrides);
    [[nodiscard]] std::vector<Override> overrides() const;  ///< Any thread.
    /// What the file of overrides says now. Before `start` on the thread that starts it, and holds
    /// at once; later on any thread.
    void set_file_overrides(std::vector<Override> of_file);
    /// Carries out what an operator asks for, on the monitor's thread once it has started. `done`
    /// is called once when the answers follow and the next start will know of it. It is not called
    /// when the monitor stops first. Any thread.
    void carry_out(const OverrideRequest& request, std::function<void(OverrideOutcome)> done);

    /// Saves all of it again, since the state directory is another one. Any thread.
    void save_again();
    /// What a file of states says now. Any thread.
    void take_state_file(const StateFilePath& file, StateFileReading reading);

    /// What is up of a snapshot that is about to be served; from now on its targets are checked.
    /// Any thread, one at a time.
    std::shared_ptr<const zones::LiveTable> plan(const zones::Snapshot& snapshot);

    void start();
    /// Cancels all probes.
    void stop();

    [[nodiscard]] HealthStatus status() const;  ///< Any thread.

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
