// Collects the requests for a reload until the control thread takes them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "server/runtime/server_status.h"

namespace meridian::server {

/// Requests that come while a reload waits to begin are answered by that one reload.
class ReloadRequests {
public:
    /// Called with the outcome of a reload, on the control thread.
    using Done = std::function<void(const ReloadOutcome&)>;

    /// The requests since the last reload began.
    struct Taken {
        bool force = false;
        std::vector<Done> askers;
        std::string author;  ///< One of those who asked; empty: not known.
    };

    /// Any thread. Returns whether the caller has to post a reload, because none waits to begin.
    bool add(bool force, const std::string& author, Done done);

    /// Whether a reload waits to begin. One for a change may have answered the requests.
    [[nodiscard]] bool is_waiting() const;

    /// For the reload that begins. A request that comes later wants another reload. The askers and
    /// their `force` stay together: a reload without it would not do what one of them asked for.
    Taken take();

private:
    mutable std::mutex mutex_;
    Taken requests_;
    bool is_waiting_ = false;
};

}  // namespace meridian::server
