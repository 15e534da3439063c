// Saves the last good text of each zone file, library and master file for a start with faulty ones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/last_good_index.h"
#include "server/sources/zone_loader.h"
#include "server/state/saved_texts.h"
#include "server/state/state_directory.h"
#include "server/state/state_journal.h"

namespace meridian::server {

/// What was served last, in the state directory: a file for each text, named after its hash, and an
/// index that lists the texts of each zone file. Texts are written first, then the index in one
/// step, so that every text in the index exists. Texts that are no longer in the index are deleted.
/// For one thread at a time.
///
///     meridian last-good 2
///     file    <digest> <modified> <path>
///     master  <digest> <modified> <path>\t<as the zone file names it>
///     zone    <apex> <RRsets> <regions>
///     end     <digest of all lines above it>
///
/// What an edit changes is appended to a journal (state_journal.h) whose entries are such lines.
class LastGood {
public:
    LastGood();  ///< Knows of nothing.
    /// Reads the index. `warning` says why an existing index cannot be used.
    static LastGood read(const StateDirectory& state, std::string& warning);

    [[nodiscard]] const SavedFiles& files() const { return files_; }

    [[nodiscard]] bool knows(const std::string& path) const { return files_.contains(path); }

    /// The zones of a file that it knows, as they were served last. The error says why its copy
    /// cannot be used: one of its texts is missing or damaged, or has an error for this Meridian.
    /// Such a file stays in the index, and what is left of its texts in the directory, until it is
    /// served again: an operator may bring back what is missing.
    [[nodiscard]] Result<LoadedFile, std::string> restore(const std::string& path,
                                                          const StateDirectory& state,
                                                          const SerialSources& serials);
    /// The zones of a file that is served in its saved version; none where the copy is another
    /// version, or cannot be used.
    [[nodiscard]] std::vector<zones::Zone> models_of(const std::string& path,
                                                     const LoadedFile& served,
                                                     const StateDirectory& state);
    /// The operator wants what the files say now, so no such file stays in the index.
    void forget_unusable() { unusable_.clear(); }

    /// How many files one `save` writes at most, so that no call takes long.
    static constexpr std::size_t kFilesAtOnce = 256;

    /// Saves these files and no others, each in the text that was loaded, and frees that text.
    /// False if there are more to save: call it again with the same files. Each call saves some
    /// more, and the old index stays until the last one. Texts that were damaged or are missing are
    /// written anew. The error is in words.
    [[nodiscard]] Result<bool, std::string> save(const ZonesByFile& served,
                                                 const StateDirectory& state);
    /// Saves files of an edit in the same way, and leaves the index and all others as they are.
    /// False where that needs `save`. Expects that it is called with each edit since `save` was
    /// done.
    [[nodiscard]] Result<bool, std::string> save_edit(const ZonesByFile& edited,
                                                      const StateDirectory& state);
    /// Writes the index with what is in the journal, if there is anything.
    [[nodiscard]] Result<Unit, std::string> write_journaled(const StateDirectory& state);
    /// The length of the journal, which grows until the index is written.
    [[nodiscard]] std::uint64_t journal_octets() const { return journal_.octets(); }
    /// Other files are served from now on, so that saving begins with the first of them.
    void begin_anew();
    /// The directory has lost its files, so the next `save` writes all of them.
    void save_again() { *this = LastGood(); }
    /// As SavedTexts.
    [[nodiscard]] std::vector<MendedText> take_mended() { return texts_.take_mended(); }

private:
    struct Digests {  // they show whether a file is saved as it is served
        Digest text;
        std::vector<Digest> named;
        friend bool operator==(const Digests&, const Digests&) = default;
    };
    static Digests digests_of(const LoadedFile& loaded);
    static Digests digests_of(const SavedFile& saved);
    [[nodiscard]] zones::ZoneReading read_again(const SavedFile& saved, std::string text,
                                                const StateDirectory& state, std::string& fault);
    Result<std::optional<SavedFile>, std::string> save_file(const std::string& path,
                                                            const LoadedFile& loaded,
                                                            const StateDirectory& state);
    Result<bool, std::string> save_rest(const ZonesByFile& served, const StateDirectory& state);
    Result<Unit, std::string> write_index(const StateDirectory& state);
    Result<Unit, std::string> write_index_file(const SavedFiles& files,
                                               const StateDirectory& state);
    StateJournal::Reading read_journal(const Digest& base, const StateDirectory& state);
    void take_edited(SavedFile saved, const StateDirectory& state);
    [[nodiscard]] const SavedFile* find_written(const std::string& path) const;

    SavedFiles files_;                // as the index has them
    SavedFiles written_;              // by this process, and neither in the index nor in `next_`
    std::set<std::string> unusable_;  // of those in the index
    SavedFiles next_;                 // the index to be, as far as the last `save` got
    std::string reached_;             // the file where it goes on; empty for the first
    SavedTexts texts_;
    TextUses uses_;  // of the index
    StateJournal journal_;
    bool is_index_whole_ = true;  // without a journal of an earlier process
};

}  // namespace meridian::server
