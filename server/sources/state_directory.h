// Keeps files that survive a restart in one directory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/file_descriptor.h"
#include "meridian/limits.h"
#include "meridian/result.h"
#include "server/sources/file_text.h"
#include "server/sources/file_writer.h"
#include "server/sources/trusted_path.h"

namespace meridian::server {

// What lies there.
inline constexpr std::string_view kSerialsFile = "serials";
inline constexpr std::string_view kLastGoodFile = "last-good";
inline constexpr std::string_view kLastGoodFolder = "texts";
inline constexpr std::string_view kAtlasFile = "atlas";      // the database compiled
inline constexpr std::string_view kRoutesFiles = "routes-";  // and a key: the table of a policy

/// The state directory, or that there is none. What goes wrong with it costs what it would have
/// kept and a warning, never the server. For one thread at a time.
///
/// Somebody may have laid something there to have root overwrite, delete or give away what is not
/// his. So it is entered by walk_to_end, belongs to root, to this process or to the user that it
/// becomes, and is used through its descriptor from then on. In it no link is followed, and only
/// names that Meridian gives are written, deleted or handed over. What it makes is 0750 and 0600,
/// whatever the umask: a copy of a zone is nobody else's to read.
class StateDirectory {
public:
    /// None: finds nothing and keeps nothing.
    StateDirectory() = default;

    /// The first of `places` that can be written, made where it is missing, and held against other
    /// servers until the end. When there is none: the first of ours that is there, for reading.
    /// `future` is whom the process becomes, if anybody.
    static StateDirectory open_to_write(const std::vector<std::string>& places,
                                        const std::optional<FutureOwner>& future = {});

    /// Finds that directory without making or holding anything. Never written to.
    static StateDirectory open_to_read(const std::vector<std::string>& places);

    [[nodiscard]] const std::string& path() const { return path_; }  ///< Empty: there is none.
    [[nodiscard]] bool keeps() const { return keeps_; }
    /// Why nothing is kept, in words; empty where something is, or nobody asked for it.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// A file called `name`. Without a directory it is missing.
    [[nodiscard]] Result<FileText, FileError> read(std::string_view name,
                                                   std::size_t limit_octets) const;
    /// The same, opened, for what is large.
    [[nodiscard]] Result<FileReader, FileError> open(
        std::string_view name, std::size_t limit_octets = kMaxCopyOctets) const;
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
    /// The names of Meridian's own files in a folder; "" is the directory itself.
    [[nodiscard]] std::vector<std::string> list(std::string_view folder) const;

    /// Makes the directory and its files the property of a user, so that what root has opened can
    /// be kept by whom it becomes. The directory itself comes last: until then nobody but root can
    /// lay anything in the way. What belongs to others, or looks like no directory of ours, stays
    /// as it is and is told.
    [[nodiscard]] Result<Unit, std::string> hand_over(const FutureOwner& owner) const;

    /// Whether somebody has removed the directory, or put another in its place.
    [[nodiscard]] bool is_lost() const;
    /// Makes a lost one anew, empty, and holds it. The error says why that cannot be.
    [[nodiscard]] Result<Unit, std::string> make_anew();

private:
    enum class Outcome : std::uint8_t { Held, Readable, Refused };
    /// Opens one place. Unless it is held, `reason` says why.
    Outcome enter(const std::string& place, const std::optional<FutureOwner>& future,
                  std::string& reason);
    [[nodiscard]] FileDescriptor folder_of(std::string_view folder) const;
    [[nodiscard]] Result<Unit, std::string> write_as(std::string_view name, std::string_view text,
                                                     Sync sync) const;
    [[nodiscard]] std::string path_of(std::string_view name) const;
    /// Removes what a process that was killed had begun to write, and takes from others what an
    /// earlier version let them read.
    void tidy() const;

    std::string path_;
    std::string problem_;
    FileDescriptor folder_;  ///< The directory; with its lock where it keeps.
    bool keeps_ = false;
    bool is_new_ = false;
};

/// Where state may be kept, best first: `configured` alone where it is not empty, else
/// $STATE_DIRECTORY, /var/lib/meridian, and a folder below $XDG_STATE_HOME or ~/.local/state.
std::vector<std::string> state_places(const std::string& configured);

}  // namespace meridian::server
