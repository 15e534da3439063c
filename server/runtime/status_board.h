// Shows what the last load left behind to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "server/runtime/server_status.h"

namespace meridian::server {

/// The control thread posts after each load; any thread may look. Nobody waits for longer than a
/// pointer takes to copy: what is shown is never changed, only replaced.
class StatusBoard {
public:
    void post(LoadStatus status);
    /// A reload runs since `now`, in unix seconds; 0 once it is over.
    void set_reloading_since(std::int64_t now) { reloading_since_.store(now); }
    [[nodiscard]] std::int64_t reloading_since() const { return reloading_since_.load(); }
    /// Never null; before the first post it is not ready.
    [[nodiscard]] std::shared_ptr<const LoadStatus> latest() const;

private:
    std::atomic<std::int64_t> reloading_since_ = 0;
    mutable std::mutex mutex_;
    std::shared_ptr<const LoadStatus> latest_ = std::make_shared<const LoadStatus>();
};

}  // namespace meridian::server
