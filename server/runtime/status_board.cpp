// Shows what the last load left behind to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/status_board.h"

#include <utility>

namespace meridian::server {

void StatusBoard::post(LoadStatus status) {
    auto next = std::make_shared<const LoadStatus>(std::move(status));
    const std::lock_guard lock(mutex_);
    latest_.swap(next);  // the old one ends with `next`, after the lock
}

std::shared_ptr<const LoadStatus> StatusBoard::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

}  // namespace meridian::server
