// Walks a path so that nobody who may not be trusted leads a privileged process elsewhere.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/trusted_path.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>
#include <filesystem>
#include <utility>

namespace meridian::server {

namespace {

constexpr int kMaxLinks = 40;  // as the kernel has it: a longer chain is a loop
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

/// Who is not root has no rights that others could want to use: the kernel sees to the rest.
bool is_roots(const struct stat& status) {
    return geteuid() != 0 || status.st_uid == 0;
}

/// In a folder with the sticky bit, such as /tmp, others may add, but not replace.
bool is_sheltered_by(const struct stat& folder) {
    return geteuid() != 0 || (folder.st_uid == 0 && ((folder.st_mode & kOthersWrite) == 0 ||
                                                     (folder.st_mode & S_ISVTX) != 0));
}

class Walk {
public:
    Walk(const std::string& path, MissingFolders missing) : path_(path), missing_(missing) {
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
            if (parts_.empty()) {
                end_.name = part;
                return std::move(end_);
            }
            if (!is_there) { return failure(std::strerror(reason)); }
            if (!S_ISDIR(status.st_mode)) { return failure(std::strerror(ENOTDIR)); }
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
        enter(std::move(folder), status);
        return true;
    }

    void enter(FileDescriptor folder, const struct stat& status) {
        end_.folder = std::move(folder);
        end_.is_sheltered = end_.is_sheltered && is_sheltered_by(status);
    }

    [[nodiscard]] bool make(const std::string& part) const {
        return missing_ == MissingFolders::Make &&
               (mkdirat(end_.folder.get(), part.c_str(), kFolderMode) == 0 || errno == EEXIST);
    }

    bool follow(const FileDescriptor& link, const struct stat& status) {
        if (!end_.is_sheltered || !is_roots(status)) {
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
    std::deque<std::string> parts_;
    PathEnd end_;
    int link_count_ = 0;
    std::string complaint_;
};

}  // namespace

Result<PathEnd, std::string> walk_to_end(const std::string& path, MissingFolders missing) {
    return Walk(path, missing).run();
}

bool is_of_ours(const struct stat& status, const std::optional<FutureOwner>& future) {
    return is_roots(status) || (future && status.st_uid == future->user_id);
}

std::string user_text(std::uint32_t user_id) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> texts{};
    getpwuid_r(user_id, &entry, texts.data(), texts.size(), &found);
    return "user " + (found == nullptr ? std::to_string(user_id) : std::string(found->pw_name));
}

}  // namespace meridian::server
