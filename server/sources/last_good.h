// Keeps the last good text of every zone, library and master file for a start that finds bad ones.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/fingerprint.h"
#include "meridian/result.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/guards.h"
#include "server/sources/state_directory.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

/// A text that is kept, and the file that it comes from.
struct KeptText {
    Digest digest;  ///< Of the text, and the name that it is kept under.
    std::int64_t modified = 0;
    std::string path;   ///< As NamedFileState has it.
    std::string asked;  ///< Likewise; empty for the zone file itself.
    zones::FileKind kind{};
    friend bool operator==(const KeptText&, const KeptText&) = default;
};

/// What is kept of a zone file.
struct KeptFile {
    KeptText text;
    std::vector<KeptText> named;
    std::vector<ZoneSummary> zones;
    friend bool operator==(const KeptFile&, const KeptFile&) = default;
};

/// By path.
using KeptFiles = std::map<std::string, KeptFile>;

/// Names of texts in the directory.
struct TextNames {
    std::set<std::string> whole;
    /// Written by this process, and perhaps not on the disk yet.
    std::vector<std::string> unsynced;
    /// Found there, and named by no index: a machine may have crashed before they were whole.
    std::vector<std::string> doubtful;
};

/// What was served last, in the state directory: a file for each text, called by its hash, and an
/// index of lines that says which texts make up which zones. Texts are written first, then the
/// index in one step, so that what it names is there; texts that it no longer names are deleted.
/// For one thread at a time.
///
///     meridian last-good 1
///     file    <digest> <modified> <path>
///     master  <digest> <modified> <path>\t<as the zone file names it>
///     zone    <apex> <RRsets> <regions>
///     end     <fingerprint of all lines above it>
class LastGood {
public:
    /// What the directory has. `warning` says why that is nothing, where there is an index.
    static LastGood read(const StateDirectory& state, std::string& warning);

    [[nodiscard]] const KeptFiles& files() const { return files_; }

    /// The zones of a file as they were served last. None where that file, or one of its texts, is
    /// missing or damaged.
    [[nodiscard]] std::optional<LoadedFile> restore(const std::string& path,
                                                    const StateDirectory& state,
                                                    const SerialSources& serials) const;

    /// How many files one `save` takes in, so that none takes long.
    static constexpr std::size_t kFilesAtOnce = 256;

    /// Keeps these and no others, each in the text that was loaded, which it lets go of then. False
    /// where there are so many that it is to be called again, which ends: each call keeps some
    /// more. Until then what was kept before stays kept. The error is in words.
    [[nodiscard]] Result<bool, std::string> save(std::map<std::string, LoadedFile>& served,
                                                 const StateDirectory& state);
    /// The directory has lost what was kept: the next `save` keeps it all.
    void keep_again() { *this = LastGood(); }

private:
    struct Hashes {  // by which a file is known to be kept as it is served
        std::uint64_t text = 0;
        std::vector<std::uint64_t> named;
        friend bool operator==(const Hashes&, const Hashes&) = default;
    };
    struct Saved {
        Hashes hashes;
        KeptFile kept;
    };
    static Hashes hashes_of(const LoadedFile& loaded);

    KeptFiles files_;                     // as the index has them
    std::map<std::string, Saved> saved_;  // of those that this process has written
    TextNames texts_;
};

/// The text of the index, and back again; the error says what is wrong with it.
std::string last_good_text(const KeptFiles& files);
Result<KeptFiles, std::string> parse_last_good(std::string_view text);

}  // namespace meridian::server
