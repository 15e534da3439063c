// Names, lists and opens the files in the state directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_files.h"

#include <dirent.h>
#include <unistd.h>

#include <utility>

#include "meridian/digest.h"
#include "server/state/state_directory.h"

namespace meridian::server {

bool is_own_name(std::string_view folder, std::string_view name) {
    if (folder == kLastGoodFolder) { return Digest::parse(name).has_value(); }
    if (name.starts_with(kRoutesFiles)) {
        return Digest::parse(name.substr(kRoutesFiles.size())).has_value();
    }
    if (name.starts_with(kJournalFiles)) {
        const std::string_view number = name.substr(kJournalFiles.size());
        return number.size() == kJournalDigits &&
               number.find_first_not_of("0123456789") == std::string_view::npos;
    }
    return name == kSerialsFile || name == kSerialsJournal || name == kLastGoodFile ||
           name == kLastGoodJournal || name == kAtlasFile || name == kVerdictsFile ||
           name == kOverridesFile || name == kOverridesCopy;
}

StateName split_state_name(std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) { return {"", std::string(name)}; }
    return {std::string(name.substr(0, slash)), std::string(name.substr(slash + 1))};
}

std::vector<std::string> names_in(const FileDescriptor& folder) {
    std::vector<std::string> names;
    const int own = folder.valid() ? openat(folder.get(), ".", kOpenFolder) : -1;
    DIR* entries = own < 0 ? nullptr : fdopendir(own);  // takes the descriptor
    if (entries == nullptr) {
        if (own >= 0) { close(own); }
        return names;
    }
    for (const dirent* entry = readdir(entries); entry != nullptr; entry = readdir(entries)) {
        names.emplace_back(entry->d_name);
    }
    closedir(entries);
    return names;
}

FileDescriptor open_own(const FileDescriptor& folder, const std::string& name, struct stat& status,
                        int access) {
    FileDescriptor file(openat(folder.get(), name.c_str(),
                               access | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    const bool is_own = file.valid() && fstat(file.get(), &status) == 0 &&
                        S_ISREG(status.st_mode) && status.st_nlink == 1;
    return is_own ? std::move(file) : FileDescriptor();
}

}  // namespace meridian::server
