// Probes a set of targets, each at its own pace.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "meridian/limits.h"
#include "server/probing/host_addresses.h"
#include "server/probing/target_probe.h"

namespace meridian::server {

/// A report, and the number of its target.
struct Probed {
    std::uint64_t target = 0;
    TargetReport report = {};
};

struct ProberOptions {
    ProbeSettings probe = {};
    std::size_t max_sockets = kMaxProbeSockets;  ///< At once; further probes wait for one.
    std::uint64_t seed = 0;  ///< Of the spread; servers of a zone should have different ones.
    LookUp look_up = look_up_host;
};

/// One probe for each distinct target, however many ask for it. Of a host all addresses are probed
/// at once, and it passes where one of them does; while it cannot be looked up there is no result.
///
/// Everything happens on the one thread of its context, which calls all its members too, and which
/// it is made and ended on, or while the context does not run.
class Prober {
public:
    using Number = std::uint64_t;
    using TimePoint = std::chrono::steady_clock::time_point;
    /// The reports of one turn of the event loop, in order.
    using Take = std::function<void(std::span<const Probed>)>;

    Prober(boost::asio::io_context& context, const ProberOptions& options, Take take);
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;
    ~Prober();  ///< Cancels all probes; nothing is called afterwards.

    /// Replaces the set. Returns the number of each target, in their order: equal ones share one,
    /// those that stay keep theirs, with their pace and what is in flight; no number is given
    /// twice. Of those that go, probes in flight are cancelled, and no report comes any more.
    std::vector<Number> replace(std::span<const ProbeTarget> targets);

    /// Probes the target now, besides its usual times. A probe in flight that asks the address goes
    /// on instead.
    void probe_now(Number target);

    /// When the target is probed next; none if it is not there.
    [[nodiscard]] std::optional<TimePoint> next_check(Number target) const;
    [[nodiscard]] std::size_t target_count() const;
    [[nodiscard]] std::size_t in_flight_count() const;  ///< Checks, with a socket each.

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
