// Gives up root before any file of another user is read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "meridian/result.h"

namespace meridian::server {

struct SystemUser {
    std::string name;
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
};

bool is_root();

/// Runs `work` on a thread that has only the rights of `user`, and waits for its end. So a process
/// that stays root can find out what that user may do. It gives no protection from what `work`
/// reads, since memory is shared. `work` does not throw. The error is that of become_user.
Result<Unit, std::string> run_as(const SystemUser& user, const std::function<void()>& work);

/// The error says that there is no such user.
Result<SystemUser, std::string> find_user(const std::string& name);

/// A thread that may bind ports below 1024, and does nothing else.
///
/// Linux gives capabilities to threads (capabilities(7)). So the threads that parse zones and
/// databases have none, even before the ports are bound. When this thread ends, the process has
/// none at all.
class PortBinder {
public:
    /// Its thread has the capabilities that the calling thread has now.
    PortBinder();
    ~PortBinder();
    PortBinder(const PortBinder&) = delete;
    PortBinder& operator=(const PortBinder&) = delete;

    /// Runs `work` on the thread, waits for it, and ends the thread. Only once. `work` does not
    /// throw.
    void run(std::function<void()> work);

private:
    std::promise<std::function<void()>> work_;
    std::thread thread_;
};

/// Becomes `user` for good: supplementary groups, group, user. Expects to be called before there is
/// a second thread, since each thread has its own rights.
///
/// The process has no capability then, an empty bounding set, no_new_privs, and no way back to
/// root, which is checked. Only the thread of the returned binder has CAP_NET_BIND_SERVICE. It is a
/// member of `also` as well, so that it can give files of its own to that group.
Result<std::unique_ptr<PortBinder>, std::string> become_user(
    const SystemUser& user, std::optional<std::uint32_t> also = {});

/// The number of a group of this system; none where there is none of that name.
std::optional<std::uint32_t> find_group(const std::string& name);
/// Whether this process may give its own files to the group.
bool is_member_of(std::uint32_t group);

}  // namespace meridian::server
