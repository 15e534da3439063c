// Shows what the last load left behind to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "server/runtime/server_status.h"

namespace meridian::server {

/// The control thread posts after each load; any thread may look. Nobody waits for longer than a
/// pointer takes to copy: what is shown is never changed, only replaced.
class StatusBoard {
public:
    void post(LoadStatus status);
    /// Never null; before the first post it is not ready.
    [[nodiscard]] std::shared_ptr<const LoadStatus> latest() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const LoadStatus> latest_ = std::make_shared<const LoadStatus>();
};

}  // namespace meridian::server
