// Notices that the event loop of the checks ran late: the process stopped, or the machine slept.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

namespace meridian::server {

/// What we send or read later than this is no result.
constexpr std::chrono::milliseconds kLateProbe{200};

/// Beats ten times a second while a check is in flight. On the loop's thread alone.
class LoopWatch {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    explicit LoopWatch(boost::asio::io_context& context) : timer_(context) {}
    LoopWatch(const LoopWatch&) = delete;
    LoopWatch& operator=(const LoopWatch&) = delete;
    ~LoopWatch() = default;

    /// A check begins, and ends.
    void hold();
    void release();
    /// Whether the loop has stood still for too long since then, or does so until now.
    [[nodiscard]] bool was_late_since(TimePoint began) const;

private:
    void beat();

    boost::asio::steady_timer timer_;
    std::size_t held_ = 0;
    std::chrono::nanoseconds beaten_{0};  // counted while the machine sleeps, too
    TimePoint last_late_ = TimePoint::min();
    std::shared_ptr<LoopWatch*> self_ = std::make_shared<LoopWatch*>(this);  // gone when it is
};

}  // namespace meridian::server
