// Walks a path so that no untrusted user can redirect a privileged process by a link.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/trusted_path.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <utility>

#include "meridian/limits.h"
#include "server/state/file_modes.h"

namespace meridian::server {

namespace {

constexpr mode_t kParentFolder = 0755;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

/// A process that is not root has no rights that others could misuse, unless it was root before.
bool trusts_all(Trusted trusted) {
    return trusted == Trusted::ByRights && geteuid() != 0;
}

class Walk {
public:
    Walk(const std::string& path, MissingFolders missing, Trusted trusted)
        : path_(path),
          missing_(missing),
          trusts_all_(trusts_all(trusted)),
          trusts_self_(trusted == Trusted::RootAndSelf) {
        add_parts(path);
    }

    Result<PathEnd, std::string> run() {
        if (parts_.empty()) { return failure("it names no file"); }
        if (!start(path_.starts_with('/') ? "/" : ".")) { return failure(); }
        while (true) {
            const std::string part = std::move(parts_.front());
            parts_.pop_front();
            FileDescriptor found(
                openat(end_.folder.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
            if (!found.valid() && errno == ENOENT && !parts_.empty() && make(part)) {
                found = FileDescriptor(
                    openat(end_.folder.get(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
            }
            const int reason = errno;
            struct stat status{};
            const bool is_there = found.valid() && fstat(found.get(), &status) == 0;
            if (is_there && S_ISLNK(status.st_mode)) {
                if (!follow(found, status)) { return failure(complaint_); }
                continue;
            }
            const bool stops =
                !is_there && reason == ENOENT && missing_ == MissingFolders::StopBefore;
            if (parts_.empty() || stops) {
                end_.name = part;
                return std::move(end_);
            }
            if (!is_there) { return failure(std::strerror(reason)); }
            if (!S_ISDIR(status.st_mode)) { return failure(std::strerror(ENOTDIR)); }
            place_ /= part;
            enter(std::move(found), status);
        }
    }

private:
    [[nodiscard]] Failure<std::string> failure(const std::string& why) const {
        return Failure{path_ + ": " + why};
    }
    [[nodiscard]] Failure<std::string> failure() const { return failure(std::strerror(errno)); }

    void add_parts(const std::string& path) {
        std::deque<std::string> added;
        for (const auto& part : std::filesystem::path(path).relative_path()) {
            if (!part.empty() && part != ".") { added.push_back(part.string()); }
        }
        parts_.insert(parts_.begin(), added.begin(), added.end());
    }

    bool start(const char* where) {
        FileDescriptor folder(open(where, O_PATH | O_DIRECTORY | O_CLOEXEC));
        struct stat status{};
        if (!folder.valid() || fstat(folder.get(), &status) != 0) { return false; }
        place_ = where;
        enter(std::move(folder), status);
        return true;
    }

    [[nodiscard]] bool is_trusted(const struct stat& status) const {
        return trusts_all_ || status.st_uid == 0 || (trusts_self_ && status.st_uid == geteuid());
    }

    /// In a folder with the sticky bit, such as /tmp, other users may add files, but not replace
    /// them.
    [[nodiscard]] bool is_sheltered_by(const struct stat& folder) const {
        // The group of the user itself has no other members.
        const bool is_own_group =
            trusts_self_ && (folder.st_gid == 0 || folder.st_gid == getegid());
        const mode_t others = is_own_group ? S_IWOTH : kOthersWrite;
        return trusts_all_ || (is_trusted(folder) &&
                               ((folder.st_mode & others) == 0 || (folder.st_mode & S_ISVTX) != 0));
    }

    void enter(FileDescriptor folder, const struct stat& status) {
        end_.folder = std::move(folder);
        end_.is_sheltered = end_.is_sheltered && is_sheltered_by(status);
        if (trusts_all_ || !end_.exposed_by.empty()) { return; }
        if (!is_trusted(status)) {
            end_.exposed_by = place_.string() + " belongs to " + user_text(status.st_uid);
        } else if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
            end_.exposed_by =
                "others may write to " + place_.string() + " (mode " + mode_text(status) + ")";
        }
    }

    [[nodiscard]] bool make(const std::string& part) const {
        return missing_ == MissingFolders::Make &&
               (mkdirat(end_.folder.get(), part.c_str(), kParentFolder) == 0 || errno == EEXIST);
    }

    bool follow(const FileDescriptor& link, const struct stat& status) {
        if (!end_.is_sheltered || !is_trusted(status)) {
            complaint_ =
                "a symbolic link on the way can be led elsewhere by others than root; "
                "name the place itself";
            return false;
        }
        std::array<char, PATH_MAX> target{};
        const ssize_t length = readlinkat(link.get(), "", target.data(), target.size());
        if (length <= 0 || ++link_count_ > kMaxLinks) {
            complaint_ = std::strerror(length < 0 ? errno : ELOOP);
            return false;
        }
        const std::string text(target.data(), static_cast<std::size_t>(length));
        add_parts(text);
        complaint_ = "it names no file";
        if (text.starts_with('/') && !start("/")) { complaint_ = std::strerror(errno); }
        return !parts_.empty();
    }

    const std::string& path_;
    MissingFolders missing_;
    bool trusts_all_;
    bool trusts_self_;
    std::filesystem::path place_;  ///< Of the folder that is open, for words alone.
    std::deque<std::string> parts_;
    PathEnd end_;
    std::size_t link_count_ = 0;
    std::string complaint_;
};

}  // namespace

Result<PathEnd, std::string> walk_to_end(const std::string& path, MissingFolders missing,
                                         Trusted trusted) {
    return Walk(path, missing, trusted).run();
}

PathRules rules_of_start(const std::optional<FutureOwner>& future, Trusted of_others) {
    return {geteuid() == 0 ? Trusted::Root : of_others, future};
}

bool is_by_trusted_user(const struct stat& status, const std::optional<FutureOwner>& future) {
    return status.st_uid == 0 || status.st_uid == geteuid() ||
           (future && status.st_uid == future->user_id);
}

bool is_of_ours(const struct stat& status, const PathRules& rules) {
    return trusts_all(rules.trusted) || status.st_uid == 0 ||
           (rules.trusted == Trusted::RootAndSelf && status.st_uid == geteuid()) ||
           (rules.future && status.st_uid == rules.future->user_id);
}

bool is_open_to_others(const struct stat& status, const PathRules& rules) {
    const std::optional<FutureOwner>& future = rules.future;
    const bool is_own_group = status.st_gid == 0 || (future && status.st_gid == future->group_id);
    const mode_t others = is_own_group ? S_IWOTH : kOthersWrite;
    return !trusts_all(rules.trusted) && (status.st_mode & others) != 0 &&
           (status.st_mode & S_ISVTX) == 0;
}

std::string mode_text(const struct stat& status) {
    std::array<char, 8> text{};
    (void)std::snprintf(text.data(), text.size(), "%04o", status.st_mode & kModeBits);
    return text.data();
}

std::string user_text(std::uint32_t user_id) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> texts{};
    getpwuid_r(user_id, &entry, texts.data(), texts.size(), &found);
    return "user " + (found == nullptr ? std::to_string(user_id) : std::string(found->pw_name));
}

}  // namespace meridian::server
