// Runs all checks of a target once, at the same time, and makes one result of theirs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/probing/probe.h"

namespace meridian::server {

/// "https /healthz", "tcp 22", "dns www.beigel.example.", "file state.json", "command lag"
std::string check_name(const zones::HealthCheck& check);

/// How all checks of a target went.
struct TargetReport {
    /// None: no result, for the reason in `why_none`. It says nothing of the address.
    std::optional<CheckResult> result = {};
    std::string why_none = {};
    std::string problem = {};  ///< As ProbeReport has it, of one of its checks.
    std::chrono::steady_clock::time_point began = {};
    /// By their numbers; none of those that had not ended when the result was clear.
    std::vector<std::optional<ProbeReport>> checks = {};
    /// Of the addresses that were asked, where a host was looked up.
    std::optional<FamilySet> families = {};
};

/// The result that follows from reports of checks, by their numbers; none while it takes more of
/// them, and once all are there, where one of those that matter has no result.
///
/// With `need = "all"` one failure decides, with "any" one success. A failure is no sign of
/// blindness where another check has shown that the way to the address is open.
std::optional<CheckResult> result_of(const ProbeTarget& target,
                                     const std::vector<std::optional<ProbeReport>>& reports);

/// One round, on the one thread of its context.
class TargetProbe : public std::enable_shared_from_this<TargetProbe> {
public:
    using Done = std::function<void(TargetReport)>;
    /// By check; null, or none at all, where nothing is remembered.
    using Memories = std::vector<std::shared_ptr<TlsMemory>>;

    /// As Probe::start. Ends as soon as the result is clear.
    static std::shared_ptr<TargetProbe> start(boost::asio::io_context& context,
                                              std::shared_ptr<const ProbeTarget> target,
                                              const std::shared_ptr<const ProbeSettings>& settings,
                                              LoopWatch& watch, const Memories& memories,
                                              Done done);
    TargetProbe(const TargetProbe&) = delete;
    TargetProbe& operator=(const TargetProbe&) = delete;
    ~TargetProbe() = default;

    /// Ends all checks; `done` is not called.
    void cancel();

private:
    TargetProbe(std::shared_ptr<const ProbeTarget> target, Done done);
    void take(std::size_t check, ProbeReport report);
    void finish(std::optional<CheckResult> result);

    std::shared_ptr<const ProbeTarget> target_;
    Done done_;
    std::chrono::steady_clock::time_point began_;
    std::vector<std::shared_ptr<Probe>> probes_;
    std::vector<std::optional<ProbeReport>> reports_;
    std::size_t left_;
};

}  // namespace meridian::server
