// Shows the status after the last load to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/runtime/server_status.h"
#include "server/sources/look_digests.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// The files that the last load read, as it read them.
struct SeenFiles {
    LookDigests states = {};
    /// The files that a zone file reads besides itself, by zone file.
    std::map<std::string, std::vector<std::string>> named = {};
};

/// What is saved for the next start.
enum class StatePart : std::uint8_t { Served, Verdicts, Overrides, Journal };
inline constexpr std::size_t kStateParts = 4;

/// Rows of the status, by file.
using ZonesOfFiles = std::map<std::string, std::vector<ZoneStatus>>;

/// The control thread posts after each load, and any thread may look. A posted status is never
/// changed, only replaced, so the control thread waits no longer than the copying of a pointer
/// takes. The first reader after an edit joins it with the rest, and other readers wait for that.
class StatusBoard {
public:
    /// A reload has been running since `now`, in unix seconds; 0 once it is over.
    void set_reloading_since(std::int64_t now) { reloading_since_.store(now); }
    [[nodiscard]] std::int64_t reloading_since() const { return reloading_since_.load(); }
    /// Why a part of the state could not be saved; empty once it is. Returns whether that is news.
    bool set_state_problem(StatePart part, std::string problem);
    /// The first of them; empty where all is saved.
    [[nodiscard]] std::string state_problem() const;
    /// What an earlier process saved of overrides and this one could not read; empty once others
    /// are saved.
    void set_overrides_loss(std::string loss);
    [[nodiscard]] std::string overrides_loss() const;
    /// Where state is saved, as any process finds it; empty where it is not.
    void set_state_directory(std::string path);
    [[nodiscard]] std::string state_directory() const;
    /// `seen` is null where nothing was read since the last post.
    void post(LoadStatus status, std::shared_ptr<const SeenFiles> seen = nullptr);
    /// Posts what an edit changes: all of the status but its zones, of which `status` has none, the
    /// zones of some files, which have as many as before, and states of files. It is joined with
    /// the rest when an operator looks.
    void post_edit(LoadStatus status, ZonesOfFiles zones, const SourceLook& states);
    /// Never null; before the first post it is not ready.
    [[nodiscard]] std::shared_ptr<const LoadStatus> latest() const;
    /// Never null.
    [[nodiscard]] std::shared_ptr<const SeenFiles> seen() const;
    /// The file of a zone, named with or without the final dot, and those that it reads besides;
    /// none where no such zone is served.
    [[nodiscard]] std::vector<std::string> files_of(std::string_view zone) const;

private:
    struct Edits {  // since `latest_` and `seen_`
        LoadStatus status;
        ZonesOfFiles zones;
        SourceLook states;
    };
    void join() const;

    std::atomic<std::int64_t> reloading_since_ = 0;
    mutable std::mutex mutex_;
    mutable std::mutex join_mutex_;  // taken first
    std::string state_directory_;
    std::string overrides_loss_;
    mutable std::shared_ptr<const LoadStatus> latest_ = std::make_shared<const LoadStatus>();
    mutable std::shared_ptr<const SeenFiles> seen_ = std::make_shared<const SeenFiles>();
    mutable std::optional<Edits> edits_;
    std::uint64_t edit_count_ = 0;
    std::array<std::string, kStateParts> state_problems_;  // by StatePart
};

}  // namespace meridian::server
