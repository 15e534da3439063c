// Reads and writes the texts in the state directory, a file for each, named after its hash.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/result.h"
#include "meridian/zones/zone_reader.h"
#include "server/state/state_directory.h"

namespace meridian::server {

/// A saved text, and the file that it comes from.
struct SavedText {
    Digest digest;  ///< Of the text; it is also the name of the saved file.
    std::int64_t modified = 0;
    std::string path;   ///< As NamedFileState has it.
    std::string asked;  ///< Likewise; empty for the zone file itself.
    zones::FileKind kind{};
    friend bool operator==(const SavedText&, const SavedText&) = default;
};

/// A saved text that was damaged or missing, and is written anew.
struct MendedText {
    std::string file;    ///< In the state directory.
    std::string fault;   ///< What was wrong with it, in words.
    std::string source;  ///< The file that the text comes from.
};

/// How many entries of the index have each text.
using TextUses = std::map<Digest, std::size_t>;

/// Trusts no text of an earlier process before it has read it: a disk loses octets, and an operator
/// removes files. For one thread at a time.
class SavedTexts {
public:
    /// None.
    SavedTexts() = default;
    /// Looks which there are. Those of digests in `indexed` are expected to be good; others may be
    /// cut after a crash of the machine.
    SavedTexts(const StateDirectory& state, std::set<Digest> indexed);

    /// Reads a text. Where its file is damaged or missing, the file that it comes from is as good
    /// while it has that text, and `write_recalled` writes it anew. The error is in words.
    [[nodiscard]] Result<std::string, std::string> read(const SavedText& saved,
                                                        const StateDirectory& state);

    /// Writes a text, which has the digest and comes from the file `path`, unless it is there and
    /// good. It is the text that was loaded, since the file may have another one by now, with an
    /// error. The error is in words; likewise below.
    [[nodiscard]] Result<Unit, std::string> save(const std::string& text, const Digest& digest,
                                                 const std::string& path,
                                                 const StateDirectory& state);
    [[nodiscard]] Result<Unit, std::string> write_recalled(const StateDirectory& state);
    /// Brings what was written to the disk.
    [[nodiscard]] Result<Unit, std::string> sync(const StateDirectory& state);
    /// Whether texts wait for `write_recalled`.
    [[nodiscard]] bool has_recalled() const { return !recalled_.empty(); }
    /// Deletes the texts that have no use.
    void delete_unused(const TextUses& uses, const StateDirectory& state);
    void delete_text(const Digest& digest, const StateDirectory& state);

    /// Those since the last call.
    [[nodiscard]] std::vector<MendedText> take_mended();

private:
    struct Recalled {
        std::string text;
        std::string path;
    };
    [[nodiscard]] Result<Unit, std::string> write(const Digest& digest, const std::string& text,
                                                  const std::string& path,
                                                  const StateDirectory& state);

    std::set<Digest> whole_;    // read or written by this process
    std::set<Digest> found_;    // at the start; all of them, until they are deleted
    std::set<Digest> indexed_;  // expected to be good
    std::vector<std::string> unsynced_;
    std::map<Digest, Recalled> recalled_;
    std::map<Digest, std::string> faults_;  // what is wrong with an indexed text
    std::vector<MendedText> mended_;
};

}  // namespace meridian::server
