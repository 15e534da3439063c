// Shows what the last load left behind to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/status_board.h"

#include <utility>

namespace meridian::server {

void StatusBoard::post(LoadStatus status, std::shared_ptr<const SeenFiles> seen) {
    auto next = std::make_shared<const LoadStatus>(std::move(status));
    const std::lock_guard lock(mutex_);
    latest_.swap(next);  // the old ones end with `next` and `seen`, after the lock
    if (seen != nullptr) { seen_.swap(seen); }
}

std::shared_ptr<const SeenFiles> StatusBoard::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}

std::shared_ptr<const LoadStatus> StatusBoard::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

}  // namespace meridian::server
