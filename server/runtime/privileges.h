// Gives up root before anything that others wrote is read.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
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

/// The error says that there is no such user.
Result<SystemUser, std::string> find_user(const std::string& name);

/// A thread that may bind ports below 1024, and does nothing else.
///
/// Linux gives capabilities to threads (capabilities(7)). So the threads that parse zones and
/// databases need none of them while the ports are not bound yet, and when this one ends the
/// process has none at all.
class PortBinder {
public:
    /// Its thread has the capabilities that the calling thread has now.
    PortBinder();
    ~PortBinder();
    PortBinder(const PortBinder&) = delete;
    PortBinder& operator=(const PortBinder&) = delete;

    /// Has the thread do `work`, waits for that, and ends the thread. Only once. `work` does not
    /// throw.
    void run(std::function<void()> work);

private:
    std::promise<std::function<void()>> work_;
    std::thread thread_;
};

/// Becomes `user` for good: supplementary groups, group, user. Expects to be called before there is
/// a second thread, since each thread has rights of its own.
///
/// Nothing is left of root: no capability, an empty bounding set, no_new_privs, no way back, which
/// is checked. What has CAP_NET_BIND_SERVICE is the thread that is returned, and nothing else.
Result<std::unique_ptr<PortBinder>, std::string> become_user(const SystemUser& user);

}  // namespace meridian::server
