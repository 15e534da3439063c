// Finds the user that a server becomes, and files that this user cannot read.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/server_user.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "server/runtime/settings_diagnostics.h"

namespace meridian::server {

Result<std::optional<SystemUser>, std::string> user_to_become(const Settings& settings) {
    if (!is_root() || !settings.user) { return std::optional<SystemUser>(); }
    auto found = find_user(*settings.user);
    if (!found) { return Failure{found.error()}; }
    if (found->user_id == 0) { return std::optional<SystemUser>(); }
    return std::optional<SystemUser>(std::move(found).value());
}

Result<std::optional<std::uint32_t>, zones::Diagnostic> control_group_of(const Settings& settings) {
    if (!settings.control_group) { return std::optional<std::uint32_t>(); }
    const auto refuse = [&](const zones::DiagnosticKind& kind) {
        return Failure{zones::diagnostic_of(kind, settings.file, settings.control_group_at,
                                            "control.group",
                                            {zones::quoted(*settings.control_group)})};
    };
    const auto group = find_group(*settings.control_group);
    if (!group) { return refuse(diagnostics::kNoSuchGroup); }
    if (!is_root() && !is_member_of(*group)) { return refuse(diagnostics::kNotOfGroup); }
    return group;
}

std::optional<FutureOwner> owner_of_state(const Settings& settings) {
    if (!is_root()) { return {}; }
    if (settings.user) {
        const auto user = user_to_become(settings);
        if (!user || !*user) { return {}; }
        return FutureOwner{(*user)->user_id, (*user)->group_id};
    }
    for (const std::string& place : settings.state_places) {
        struct stat status{};
        if (stat(place.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
            return FutureOwner{status.st_uid, status.st_gid};
        }
    }
    return {};
}

std::vector<UnreadableFile> unreadable_files(const std::string& name, const Settings& settings,
                                             const SourceLook& seen) {
    std::vector<UnreadableFile> files;
    const auto look = [&](const std::string& path) {
        if (path.empty() || access(path.c_str(), R_OK) == 0 || errno != EACCES) { return; }
        files.push_back({path, "user " + name + " cannot read " + path +
                                   ", and server.user has to be able to read what the server "
                                   "reads"});
    };
    look(settings.file);
    look(settings.overrides_file);
    look(settings.zones_directory);
    for (const auto& [path, state] : seen) {
        if (path != settings.zones_directory) { look(path); }
    }
    return files;
}

}  // namespace meridian::server
