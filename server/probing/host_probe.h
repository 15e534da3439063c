// Probes all addresses of a host once, at the same time, and makes one result of theirs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "server/probing/target_probe.h"

namespace meridian::server {

/// The report that follows from those of the addresses, by their numbers; none while it takes more
/// of them. The host passes where one address does, and fails where all do, for the reason of the
/// first. Where none passes and one has no result, there is none.
std::optional<TargetReport> report_of_host(const std::vector<IpAddress>& addresses,
                                           std::vector<std::optional<TargetReport>>& reports);

/// One round, on the one thread of its context.
class HostProbe : public std::enable_shared_from_this<HostProbe> {
public:
    using Done = TargetProbe::Done;

    /// As TargetProbe::start, for these addresses instead of that of the target. One at least.
    static std::shared_ptr<HostProbe> start(boost::asio::io_context& context,
                                            const ProbeTarget& target,
                                            const std::vector<IpAddress>& addresses,
                                            const std::shared_ptr<const ProbeSettings>& settings,
                                            LoopWatch& watch, Done done);
    HostProbe(const HostProbe&) = delete;
    HostProbe& operator=(const HostProbe&) = delete;
    ~HostProbe() = default;

    /// Ends all of it; `done` is not called.
    void cancel();

private:
    HostProbe(std::vector<IpAddress> addresses, Done done);
    void take(std::size_t address, TargetReport report);

    std::vector<IpAddress> addresses_;
    Done done_;
    std::vector<std::shared_ptr<TargetProbe>> probes_;
    std::vector<std::optional<TargetReport>> reports_;
};

}  // namespace meridian::server
