// Saves files that survive a restart in one directory.
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
#include "server/state/file_text.h"
#include "server/state/file_writer.h"
#include "server/state/state_lock.h"
#include "server/state/trusted_path.h"

namespace meridian::server {

// What lies there.
inline constexpr std::string_view kVerdictsFile = "verdicts";             // of health checks
inline constexpr std::size_t kMaxVerdictsOctets = std::size_t{64} << 20;  // some 400,000 targets
inline constexpr std::string_view kOverridesFile = "overrides";  // what operators set by hand
inline constexpr std::size_t kMaxOverridesOctets = std::size_t{8} << 20;
inline constexpr std::string_view kOverridesCopy = "overrides-file";  // that was good last
inline constexpr std::string_view kJournalFiles = "journal-";  // and a number: a segment of changes
inline constexpr std::size_t kJournalDigits = 8;               // of that number
inline constexpr std::string_view kSerialsFile = "serials";
inline constexpr std::string_view kSerialsJournal = "serials-journal";  // see StateJournal
inline constexpr std::string_view kLastGoodFile = "last-good";
inline constexpr std::string_view kLastGoodJournal = "last-good-journal";
inline constexpr std::string_view kLastGoodFolder = "texts";
inline constexpr std::string_view kAtlasFile = "atlas";      // the database compiled
inline constexpr std::string_view kRoutesFiles = "routes-";  // and a key: the table of a policy

/// What a start would report of the state directory: why nothing would be saved, and why it would
/// not be handed over. Each is empty if there is no such problem.
struct StateProspect {
    std::string path;  ///< The directory; empty if there is none yet.
    std::string problem;
    std::string not_handed_over;
};

/// The state directory, or none. A failure means that nothing is saved, and a warning. It never
/// stops the server. For one thread at a time.
///
/// An attacker may put links or files there, so that root overwrites, deletes or hands over a file
/// of another user. So the directory is entered by walk_to_end, belongs to root, to this process or
/// to the user that it becomes, and is used only through its descriptor. No link in it is followed,
/// and only names that Meridian gives are written, deleted or handed over. A file or a folder in it
/// that another user made is not read: with the sticky bit, other users may add some. Modes are
/// 0750 and 0600, whatever the umask, so that no other user reads the saved zones.
class StateDirectory {
public:
    /// No directory: there are no files, and nothing is saved.
    StateDirectory() = default;

    /// Opens the first of `places` that can be written, makes it if it is missing, and locks it
    /// against other servers. If there is none, opens the first existing one of ours for reading.
    /// `future` is the user that the process becomes, if any.
    static StateDirectory open_to_write(const std::vector<std::string>& places,
                                        const std::optional<FutureOwner>& future = {});

    /// The problems that `open_to_write` would have, without making, locking or changing anything.
    static StateProspect look_ahead(const std::vector<std::string>& places,
                                    const std::optional<FutureOwner>& future);

    /// Opens the directory that such a start would read, without making, locking or changing
    /// anything. None where it would not be read. It is never written to.
    static StateDirectory open_as_start(const std::vector<std::string>& places,
                                        const std::optional<FutureOwner>& future);

    /// Finds the directory of a server that may run as another user, in the same way. It is never
    /// written to.
    static StateDirectory open_to_read(const std::vector<std::string>& places);
    /// The same for root, who reads what the user of the server wrote: also files of the owner of
    /// the directory. For what only shows them.
    static StateDirectory open_to_show(const std::vector<std::string>& places);

    [[nodiscard]] const std::string& path() const { return path_; }  ///< Empty: there is none.
    [[nodiscard]] bool saves() const { return saves_; }
    /// Why nothing is saved, in words. Empty if state is saved, or was opened only to read.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// Reads a file called `name`. Without a directory it is missing.
    [[nodiscard]] Result<FileText, FileError> read(std::string_view name,
                                                   std::size_t limit_octets) const;
    /// The same, opened, for what is large.
    [[nodiscard]] Result<FileReader, FileError> open(
        std::string_view name, std::size_t limit_octets = kMaxCopyOctets) const;
    /// Replaces a file whole. For "FOLDER/NAME" it makes a missing folder. Expects `saves()`. The
    /// error is in words, with the path.
    [[nodiscard]] Result<Unit, std::string> write(std::string_view name,
                                                  std::string_view text) const;
    /// The same, but the file may not be on the disk before `sync`.
    [[nodiscard]] Result<Unit, std::string> write_unsynced(std::string_view name,
                                                           std::string_view text) const;
    /// Appends to a file of the directory itself that was written before and has `octets`. Where
    /// that fails the file is as it was, unless the disk refuses that, too. Expects `saves()`.
    [[nodiscard]] Result<Unit, std::string> append_unsynced(std::string_view name,
                                                            std::string_view text,
                                                            std::uint64_t octets) const;
    /// Brings the files of that name in a folder to the disk.
    [[nodiscard]] Result<Unit, std::string> sync(std::string_view folder,
                                                 const std::vector<std::string>& names) const;
    /// The state of a file of the directory itself, as in file_state_of; empty if it is not ours.
    [[nodiscard]] std::string file_state(std::string_view name) const;
    /// Deletes a file, if it is there.
    void remove(std::string_view name) const;
    /// The names of Meridian's own files in a folder; "" is the directory itself.
    [[nodiscard]] std::vector<std::string> list(std::string_view folder) const;

    /// Gives the directory and its files to a user, so that the process can write to them after it
    /// has become that user. The directory itself comes last: until then only root can put anything
    /// in the way. A directory that belongs to another user, or looks like none of ours, stays as
    /// it is, and the error says so.
    [[nodiscard]] Result<Unit, std::string> hand_over(const FutureOwner& owner) const;

    /// Lets a group pass through the directory to the control socket, and read nothing in it: it
    /// may not even list what is there. Holds for a directory that is made anew as well. Expects
    /// `saves()` and a process that may give its files to the group. The error is in words.
    [[nodiscard]] Result<Unit, std::string> let_pass(std::uint32_t group);

    /// The octets of a file of the directory itself; none if it is not there, or not ours.
    [[nodiscard]] std::optional<std::uint64_t> octets_of(std::string_view name) const;

    /// The same directory for another thread: it saves for as long as this one is held, and holds
    /// no lock of its own.
    [[nodiscard]] StateDirectory for_thread() const;

    /// Another descriptor of the directory, whatever its path leads to now.
    [[nodiscard]] FileDescriptor share() const;

    /// Whether the directory or its lock was removed or replaced.
    [[nodiscard]] bool is_lost() const;
    /// Whether this process holds the directory, so that it may write.
    [[nodiscard]] bool is_held() const { return saves() && !is_lost(); }
    /// Makes a lost directory again, empty, and locks it. Where none was held so far, looks for one
    /// as the start did, and by its rules. The error says why that failed.
    [[nodiscard]] Result<Unit, std::string> make_anew();

private:
    enum class Outcome : std::uint8_t { Held, Readable, Refused };
    enum class Intent : bool { LookAhead, Keep };
    static StateDirectory open_by(const std::vector<std::string>& places, const PathRules& rules);
    static StateDirectory open(const std::vector<std::string>& places, const PathRules& rules,
                               Intent intent);
    /// Opens one place. Unless the outcome is `Held`, `reason` says why.
    Outcome enter(const std::string& place, const PathRules& rules, Intent intent,
                  std::string& reason);
    /// Why it cannot be given to a user; empty where it can, or is that user's already.
    [[nodiscard]] std::string why_not_handed_over(const FutureOwner& owner) const;
    /// Opens a folder, if a trusted user made it.
    [[nodiscard]] Result<FileDescriptor, FileError> folder_of(std::string_view folder) const;
    [[nodiscard]] FileDescriptor folder_or_none(std::string_view folder) const;
    [[nodiscard]] FileError error_of(std::string_view name, FileFailure kind,
                                     const std::string& reason) const;
    [[nodiscard]] Result<Unit, std::string> write_as(std::string_view name, std::string_view text,
                                                     Sync sync) const;
    [[nodiscard]] std::string path_of(std::string_view name) const;
    /// Removes temporary files of a process that was killed, and makes files private that an
    /// earlier version left readable.
    void tidy() const;

    std::vector<std::string> places_;  ///< Where it looked at the start.
    PathRules rules_;                  ///< Of the start.
    std::string path_;
    std::string problem_;
    FileDescriptor folder_;  ///< The directory.
    std::optional<std::uint32_t> passing_group_;
    StateLock lock_;  ///< Taken if state is saved.
    bool saves_ = false;
    bool is_new_ = false;
};

/// Where state may be saved, best first: `configured` alone if it is not empty, else
/// $STATE_DIRECTORY, /var/lib/meridian, and a folder below $XDG_STATE_HOME or ~/.local/state.
std::vector<std::string> state_places(const std::string& configured);

}  // namespace meridian::server
