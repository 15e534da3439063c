// Collects the requests for a reload until the control thread takes them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reload_requests.h"

#include <utility>

namespace meridian::server {

bool ReloadRequests::add(bool force, const std::string& author, Done done) {
    const std::lock_guard lock(mutex_);
    requests_.force |= force;
    if (!author.empty()) { requests_.author = author; }
    if (done) { requests_.askers.push_back(std::move(done)); }
    return !std::exchange(is_waiting_, true);
}

bool ReloadRequests::is_waiting() const {
    const std::lock_guard lock(mutex_);
    return is_waiting_;
}

ReloadRequests::Taken ReloadRequests::take() {
    const std::lock_guard lock(mutex_);
    is_waiting_ = false;
    return std::exchange(requests_, {});
}

}  // namespace meridian::server
