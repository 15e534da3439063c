// Keeps files that survive a restart in one directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "server/sources/file_reader.h"
#include "server/sources/file_text.h"

namespace meridian::server {

// What lies there.
inline constexpr std::string_view kSerialsFile = "serials";
inline constexpr std::string_view kLastGoodFile = "last-good";
inline constexpr std::string_view kLastGoodFolder = "texts";
inline constexpr std::string_view kAtlasFile = "atlas";      // the database compiled
inline constexpr std::string_view kRoutesFiles = "routes-";  // and a key: the table of a policy

/// The state directory, or that there is none. What goes wrong with it costs what it would have
/// kept and a warning, never the server. For one thread at a time.
class StateDirectory {
public:
    /// None: finds nothing and keeps nothing.
    StateDirectory() = default;

    /// The first of `places` that can be written, made where it is missing, and held against other
    /// servers until the end. When there is none: the first that is there, for reading.
    static StateDirectory open_to_write(const std::vector<std::string>& places);

    /// Finds that directory without making or holding anything. Never written to.
    static StateDirectory open_to_read(const std::vector<std::string>& places);

    StateDirectory(StateDirectory&& other) noexcept;
    StateDirectory& operator=(StateDirectory&& other) noexcept;
    ~StateDirectory();

    [[nodiscard]] const std::string& path() const { return path_; }  ///< Empty: there is none.
    [[nodiscard]] bool keeps() const { return lock_ >= 0; }
    /// Why nothing is kept, in words; empty where something is, or nobody asked for it.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// A file called `name`. Without a directory it is missing.
    [[nodiscard]] Result<FileText, FileError> read(std::string_view name,
                                                   std::size_t limit_octets) const;
    /// The same, opened, for what is large.
    [[nodiscard]] Result<FileReader, FileError> open(std::string_view name) const;
    /// Replaces it whole; one called "FOLDER/NAME" makes the folder where it is missing. Expects a
    /// directory that keeps. The error is in words, with the path.
    [[nodiscard]] Result<Unit, std::string> write(std::string_view name,
                                                  std::string_view text) const;
    /// The same, but it comes to the disk with `sync` at the latest.
    [[nodiscard]] Result<Unit, std::string> write_unsynced(std::string_view name,
                                                           std::string_view text) const;
    /// Brings the files of that name in a folder to the disk.
    [[nodiscard]] Result<Unit, std::string> sync(std::string_view folder,
                                                 const std::vector<std::string>& names) const;
    /// Deletes a file, if it is there.
    void remove(std::string_view name) const;
    /// The names of the files in a folder; "" is the directory itself.
    [[nodiscard]] std::vector<std::string> list(std::string_view folder) const;

    /// Makes the directory and its files the property of a user, so that what root has opened can
    /// be kept by whom it becomes. What belongs to others, or looks like no directory of ours,
    /// stays as it is and is told.
    [[nodiscard]] Result<Unit, std::string> hand_over(std::uint32_t user_id,
                                                      std::uint32_t group_id) const;

private:
    /// Where a file is to be written, its folder made.
    [[nodiscard]] std::string place_of(std::string_view name) const;
    /// What a process that was killed had begun to write.
    void remove_unfinished() const;

    std::string path_;
    std::string problem_;
    int lock_ = -1;  ///< Open on the directory.
    bool is_new_ = false;
};

/// Where state may be kept, best first: `configured` alone where it is not empty, else
/// $STATE_DIRECTORY, /var/lib/meridian, and a folder below $XDG_STATE_HOME or ~/.local/state.
std::vector<std::string> state_places(const std::string& configured);

}  // namespace meridian::server
