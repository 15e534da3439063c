// Gives up root once the ports are bound.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

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

/// Becomes `user` for good, all threads of the process included: supplementary groups, group, user.
/// Afterwards there is no way back to root, which is checked.
Result<Unit, std::string> become_user(const SystemUser& user);

}  // namespace meridian::server
