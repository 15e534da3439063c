// Gives up root before any file of another user is read.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace meridian::server {

namespace {

constexpr std::uint32_t kBindBit = 1U << CAP_NET_BIND_SERVICE;

/// Takes all capabilities from the calling thread, except those in `capabilities` (bits of the
/// first 32) that it has.
bool keep_capabilities(std::uint32_t capabilities) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    if (syscall(SYS_capget, &header, data.data()) != 0) { return false; }
    const std::uint32_t left = data[0].permitted & capabilities;
    data[0] = {left, left, 0};
    data[1] = {};
    return syscall(SYS_capset, &header, data.data()) == 0;
}

/// A program that is started from here can have no capability outside of the bounding set. Some
/// containers do not let even root change the set. no_new_privs blocks the way back then, too.
void empty_bounding_set() {
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0;
         ++capability) {
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) { return; }
    }
}

std::vector<gid_t> supplementary_groups() {
    const int count = getgroups(0, nullptr);
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
    if (count > 0 && getgroups(count, groups.data()) != count) { groups.clear(); }
    return groups;
}

bool join_group(std::optional<std::uint32_t> group) {
    if (!group) { return true; }
    std::vector<gid_t> groups = supplementary_groups();
    groups.push_back(*group);
    return setgroups(groups.size(), groups.data()) == 0;
}

/// In this order: a process that is no longer root may change neither its groups nor that set.
bool change_ids(const SystemUser& user, std::optional<std::uint32_t> also) {
    if (initgroups(user.name.c_str(), user.group_id) != 0 || !join_group(also) ||
        setresgid(user.group_id, user.group_id, user.group_id) != 0) {
        return false;
    }
    empty_bounding_set();
    return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 &&
           setresuid(user.user_id, user.user_id, user.user_id) == 0 &&
           keep_capabilities(kBindBit) && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// Changes the ids of the calling thread alone. The kernel has them for each thread, and only the
/// functions of glibc change all threads (nptl(7)). All capabilities go with the user.
bool change_ids_of_thread(const SystemUser& user) {
    std::vector<gid_t> groups(64);
    auto count = static_cast<int>(groups.size());
    while (getgrouplist(user.name.c_str(), user.group_id, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
    }
    const gid_t group = user.group_id;
    return syscall(SYS_setgroups, count, groups.data()) == 0 &&
           syscall(SYS_setresgid, group, group, group) == 0 &&
           syscall(SYS_setresuid, user.user_id, user.user_id, user.user_id) == 0 &&
           keep_capabilities(0);
}

Failure<std::string> cannot_become(const SystemUser& user, const std::string& reason) {
    return Failure{"cannot become user " + user.name + ": " + reason};
}

}  // namespace

bool is_root() {
    return geteuid() == 0;
}

Result<SystemUser, std::string> find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> texts{};
    const int error = getpwnam_r(name.c_str(), &entry, texts.data(), texts.size(), &found);
    if (found == nullptr) {
        const std::string reason = error == 0 ? "" : std::string(": ") + std::strerror(error);
        return Failure{"there is no user called " + name + " on this system" + reason};
    }
    return SystemUser{name, entry.pw_uid, entry.pw_gid};
}

Result<Unit, std::string> run_as(const SystemUser& user, const std::function<void()>& work) {
    int error = 0;
    try {
        std::thread([&] {
            if (change_ids_of_thread(user)) {
                work();
            } else {
                error = errno;
            }
        }).join();
    } catch (const std::system_error& no_thread) { return cannot_become(user, no_thread.what()); }
    if (error != 0) { return cannot_become(user, std::strerror(error)); }
    return Unit{};
}

PortBinder::PortBinder()
    : thread_([work = work_.get_future()]() mutable {
          const std::function<void()> asked = work.get();
          if (asked) { asked(); }
      }) {}

PortBinder::~PortBinder() {
    run({});
}

void PortBinder::run(std::function<void()> work) {
    if (!thread_.joinable()) { return; }
    work_.set_value(std::move(work));
    thread_.join();
}

std::optional<std::uint32_t> find_group(const std::string& name) {
    group entry{};
    group* found = nullptr;
    std::vector<char> texts(std::size_t{1} << 20);  // it holds the names of all members
    (void)getgrnam_r(name.c_str(), &entry, texts.data(), texts.size(), &found);
    return found == nullptr ? std::nullopt : std::optional<std::uint32_t>(entry.gr_gid);
}

bool is_member_of(std::uint32_t group) {
    const std::vector<gid_t> groups = supplementary_groups();
    return getegid() == group || std::ranges::find(groups, group) != groups.end();
}

Result<std::unique_ptr<PortBinder>, std::string> become_user(const SystemUser& user,
                                                             std::optional<std::uint32_t> also) {
    if (!change_ids(user, also)) { return cannot_become(user, std::strerror(errno)); }
    std::unique_ptr<PortBinder> binder;
    try {
        binder = std::make_unique<PortBinder>();
    } catch (const std::system_error& error) {  // no thread could be started
        return cannot_become(user, error.what());
    }
    if (!keep_capabilities(0)) {
        return Failure{"cannot give up the right to bind ports: " +
                       std::string(std::strerror(errno))};
    }
    if (user.user_id != 0 && setuid(0) == 0) {
        return Failure{"became user " + user.name + ", but could become root again"};
    }
    return binder;
}

}  // namespace meridian::server
