// Locks a state directory against other servers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"
#include "server/state/trusted_path.h"

namespace meridian::server {

inline constexpr std::string_view kLockFile = "meridian.lock";

/// A lock on a file in the directory that only its owner may open. The directory itself is not
/// locked: any user who may read a directory may lock it, and could stop the server from saving.
/// The kernel releases the lock when the process ends, so a file that is left behind locks nothing.
class StateLock {
public:
    /// None.
    StateLock() = default;
    /// Takes the lock in `folder`. A missing file is made with mode 0600 and belongs to `future`.
    /// An existing one is used if it is an ordinary file of ours with no second name, as
    /// is_by_trusted_user has it. The error is in words: another server has the lock, or what is
    /// wrong with the file.
    static Result<StateLock, std::string> take(const FileDescriptor& folder,
                                               const std::optional<FutureOwner>& future);

    /// Why `take` would refuse what is there, apart from another server's lock; empty if it would
    /// not. Changes nothing.
    static std::string look_ahead(const FileDescriptor& folder,
                                  const std::optional<FutureOwner>& future);

    /// Whether its file is still in `folder`. If not, another server may have locked `folder`.
    [[nodiscard]] bool is_in(const FileDescriptor& folder) const;
    /// Gives the file of root to the user that the process becomes.
    void give(const FutureOwner& owner) const;

private:
    FileDescriptor file_;
};

/// The process that has the lock in the state directory at `path`, as the kernel lists it; 0 where
/// there is none, or that cannot be seen. It never takes the lock, which a start could need just
/// then.
int state_lock_holder(const std::string& path);

}  // namespace meridian::server
