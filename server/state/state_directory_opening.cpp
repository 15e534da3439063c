// Finds, enters and locks the state directory, or looks ahead at what that would come to.
//
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "server/state/file_modes.h"
#include "server/state/state_directory.h"
#include "server/state/state_files.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kPassedMode = 0710;  // to the control socket

bool is_directory(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool is_writable(int folder, const char* name) {
    return faccessat(folder, name, W_OK | X_OK, AT_EACCESS) == 0;
}

std::string first_there(const std::vector<std::string>& places) {
    const auto found = std::ranges::find_if(places, is_directory);
    return found == places.end() ? std::string() : *found;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

/// Makes a file in our folder unreadable for other users.
void make_private(const FileDescriptor& folder, const std::string& name, uid_t owner) {
    struct stat status{};
    const FileDescriptor file = open_own(folder, name, status);
    if (!file.valid() || status.st_uid != owner || (status.st_mode & kModeBits) == kPrivateFile) {
        return;
    }
    [[maybe_unused]] const int outcome = fchmod(file.get(), kPrivateFile);
}

}  // namespace

StateDirectory StateDirectory::open_to_write(const std::vector<std::string>& places,
                                             const std::optional<FutureOwner>& future) {
    return open_by(places, rules_of_start(future, Trusted::ByRights));
}

StateDirectory StateDirectory::open_by(const std::vector<std::string>& places,
                                       const PathRules& rules) {
    StateDirectory state = open(places, rules, Intent::Keep);
    state.places_ = places;
    state.rules_ = rules;
    if (state.saves()) { state.tidy(); }
    return state;
}

StateProspect StateDirectory::look_ahead(const std::vector<std::string>& places,
                                         const std::optional<FutureOwner>& future) {
    const StateDirectory state =
        open(places, rules_of_start(future, Trusted::ByRights), Intent::LookAhead);
    return {state.path_, state.problem_, future ? state.why_not_handed_over(*future) : ""};
}

StateDirectory StateDirectory::open_as_start(const std::vector<std::string>& places,
                                             const std::optional<FutureOwner>& future) {
    StateDirectory state =
        open(places, rules_of_start(future, Trusted::ByRights), Intent::LookAhead);
    state.problem_.clear();
    // The user that the server becomes cannot enter it.
    if (future && !state.why_not_handed_over(*future).empty()) { return {}; }
    return state;
}

StateDirectory StateDirectory::open(const std::vector<std::string>& places, const PathRules& rules,
                                    Intent intent) {
    StateDirectory to_read;
    std::string reasons;
    for (const std::string& place : places) {
        StateDirectory state;
        std::string reason;
        const Outcome outcome = state.enter(place, rules, intent, reason);
        if (outcome == Outcome::Held) { return state; }
        reasons += (reasons.empty() ? "" : "; ") + reason;
        if (outcome == Outcome::Readable && to_read.path_.empty()) { to_read = std::move(state); }
    }
    to_read.problem_ = "nothing can be saved for the next start: " + reasons;
    return to_read;
}

StateDirectory::Outcome StateDirectory::enter(const std::string& place, const PathRules& rules,
                                              Intent intent, std::string& reason) {
    const auto refuse = [&](Outcome outcome, const std::string& why) {
        reason = place + ": " + why;
        return outcome;
    };
    const bool is_to_keep = intent == Intent::Keep;
    rules_ = rules;
    const auto end = walk_to_end(
        place, is_to_keep ? MissingFolders::Make : MissingFolders::StopBefore, rules.trusted);
    if (!end) {
        reason = end.error();
        return Outcome::Refused;
    }
    const int parent = end->folder.get();
    const char* name = end->name.c_str();
    is_new_ = is_to_keep && mkdirat(parent, name, kStateFolder) == 0;
    folder_ = FileDescriptor(openat(parent, name, kOpenFolder));
    if (!folder_.valid() && errno == ENOENT && !is_to_keep && is_writable(parent, ".")) {
        return Outcome::Held;  // once it is made
    }
    struct stat status{};
    if (!folder_.valid() || fstat(folder_.get(), &status) != 0) {
        return refuse(Outcome::Refused, std::strerror(errno));
    }
    if (!is_of_ours(status, rules)) {
        return refuse(Outcome::Refused,
                      "it belongs to " + user_text(status.st_uid) +
                          "; give it to the user that the server runs as, or name another one in "
                          "server.state");
    }
    if (is_open_to_others(status, rules)) {
        return refuse(Outcome::Refused,
                      "others may write to it (mode " + mode_text(status) +
                          "), so what lies there may be theirs; `chmod go-w " + place +
                          "` once that is looked through, or name another one in server.state");
    }
    path_ = place;
    if (is_new_) { fchmod(folder_.get(), kStateFolder); }  // whatever the umask
    if (!is_writable(parent, name)) { return refuse(Outcome::Readable, std::strerror(errno)); }
    if (!is_to_keep) {
        const std::string why = StateLock::look_ahead(folder_, rules.future);
        return why.empty() ? Outcome::Held : refuse(Outcome::Readable, why);
    }
    auto lock = StateLock::take(folder_, rules.future);
    if (!lock) { return refuse(Outcome::Readable, lock.error()); }
    lock_ = std::move(lock).value();
    saves_ = true;
    return Outcome::Held;
}

StateDirectory StateDirectory::open_to_read(const std::vector<std::string>& places) {
    StateDirectory state;
    const auto found = std::ranges::find_if(places, [](const std::string& place) {
        return is_directory(place) && is_writable(AT_FDCWD, place.c_str());
    });
    state.path_ = found == places.end() ? first_there(places) : *found;
    if (!state.path_.empty()) {
        state.folder_ =
            FileDescriptor(::open(state.path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    return state;
}

StateDirectory StateDirectory::open_to_show(const std::vector<std::string>& places) {
    StateDirectory state = open_to_read(places);
    struct stat status{};
    if (geteuid() == 0 && state.folder_.valid() && fstat(state.folder_.get(), &status) == 0) {
        state.rules_.future = FutureOwner{status.st_uid, status.st_gid};
    }
    return state;
}

void StateDirectory::tidy() const {
    for (const std::string_view folder : {kLastGoodFolder, std::string_view()}) {
        const FileDescriptor opened = folder_or_none(folder);
        struct stat status{};
        if (!opened.valid() || fstat(opened.get(), &status) != 0) { continue; }
        if (!folder.empty() && (status.st_mode & kModeBits & ~kStateFolder) != 0) {
            [[maybe_unused]] const int outcome =
                fchmod(opened.get(), status.st_mode & kStateFolder);
        }
        for (const std::string& name : names_in(opened)) {
            if (is_own_name(folder, unfinished_of(name))) {
                unlinkat(opened.get(), name.c_str(), 0);
            } else if (is_own_name(folder, name)) {
                make_private(opened, name, status.st_uid);
            }
        }
    }
}

Result<Unit, std::string> StateDirectory::make_anew() {
    StateDirectory fresh = open_by(saves_ ? std::vector{path_} : places_, rules_);
    if (!fresh.saves()) { return Failure{fresh.problem()}; }
    fresh.places_ = std::move(places_);
    const std::optional<std::uint32_t> group = passing_group_;
    *this = std::move(fresh);
    return group ? let_pass(*group) : Unit{};
}

Result<Unit, std::string> StateDirectory::let_pass(std::uint32_t group) {
    passing_group_ = group;
    // Its own group may be the same one, and is to read no more than that.
    const FileDescriptor texts = folder_or_none(kLastGoodFolder);
    if (texts.valid()) { [[maybe_unused]] const int outcome = fchmod(texts.get(), kPrivateFolder); }
    const bool is_given = fchown(folder_.get(), static_cast<uid_t>(-1), group) == 0 &&
                          fchmod(folder_.get(), kPassedMode) == 0;
    if (is_given) { return Unit{}; }
    return Failure{path_ + ": cannot let the group of control.group pass: " + std::strerror(errno)};
}

std::vector<std::string> state_places(const std::string& configured) {
    if (!configured.empty()) { return {configured}; }
    std::vector<std::string> places;
    // systemd lists all directories of the unit; the first is the unit's own.
    const std::string given = environment("STATE_DIRECTORY");
    if (!given.empty()) { places.push_back(given.substr(0, given.find(':'))); }
    places.emplace_back("/var/lib/meridian");
    const std::string chosen = environment("XDG_STATE_HOME");
    const std::string home = environment("HOME");
    if (chosen.starts_with('/')) {  // the XDG specification says to ignore relative paths
        places.push_back(chosen + "/meridian");
    } else if (!home.empty()) {
        places.push_back(home + "/.local/state/meridian");
    }
    return places;
}

}  // namespace meridian::server
