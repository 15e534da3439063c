// Shows what the last load left behind to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/runtime/server_status.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// The files that the last load read, as it read them.
struct SeenFiles {
    SourceLook stamps = {};
    /// What zone files read besides themselves, by zone file.
    std::map<std::string, std::vector<std::string>> named = {};
};

/// The control thread posts after each load; any thread may look. Nobody waits for longer than a
/// pointer takes to copy: what is shown is never changed, only replaced.
class StatusBoard {
public:
    /// A reload runs since `now`, in unix seconds; 0 once it is over.
    void set_reloading_since(std::int64_t now) { reloading_since_.store(now); }
    [[nodiscard]] std::int64_t reloading_since() const { return reloading_since_.load(); }
    /// `seen` is null where nothing was read since the last post.
    void post(LoadStatus status, std::shared_ptr<const SeenFiles> seen = nullptr);
    /// Never null; before the first post it is not ready.
    [[nodiscard]] std::shared_ptr<const LoadStatus> latest() const;
    /// Never null.
    [[nodiscard]] std::shared_ptr<const SeenFiles> seen() const;

private:
    std::atomic<std::int64_t> reloading_since_ = 0;
    mutable std::mutex mutex_;
    std::shared_ptr<const LoadStatus> latest_ = std::make_shared<const LoadStatus>();
    std::shared_ptr<const SeenFiles> seen_ = std::make_shared<const SeenFiles>();
};

}  // namespace meridian::server
