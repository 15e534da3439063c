// Compiles what a load changed, and leaves the other zones as they are.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "meridian/digest.h"
#include "meridian/dns/name.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/diagnostic.h"
#include "server/sources/zones_reader.h"

namespace meridian::server {

/// For one thread.
class ZonesCompiler {
public:
    using CompiledZones = std::vector<std::shared_ptr<const zones::CompiledZone>>;
    /// Gives the zones of a file their models back. False if its text is not to be had.
    using ModelRecaller = std::function<bool(const std::string& path, const LoadedFile& file)>;

    /// All files of a load, in the order in which their zones are compiled.
    using FilesInOrder = std::vector<const ZonesByFile::value_type*>;

    /// Compiles a zone that was just read, as if the zones below it were those of the zone of that
    /// name that is served. Null where it has an error. Where `compile` finds other zones below, it
    /// needs the model again.
    const zones::CompiledZone* compile_early(const LoadedZone& zone);

    /// Compiles the zones of `files`, in the order of `ordered`. A zone that
    /// was compiled stays as it is unless the zones below it are others. A zone whose text is not
    /// to be had then is served as it was compiled, with a warning, and is outdated. Errors are
    /// those of Compiler::compile.
    [[nodiscard]] CompiledZones compile(const FilesInOrder& ordered, const ZonesByFile& files,
                                        const ModelRecaller& recall,
                                        zones::Diagnostics& diagnostics);

    /// Compiles the zones of files of an edit, none of which was compiled. All apexes are those
    /// that are served, and no zone is outdated.
    [[nodiscard]] CompiledZones compile_edit(const ZonesByFile& edited,
                                             zones::Diagnostics& diagnostics);

    Result<std::shared_ptr<const zones::Snapshot>, zones::Diagnostics> link(
        const zones::LinkInput& input) {
        return compiler_.link(input);
    }
    Result<std::shared_ptr<const zones::Snapshot>, zones::Diagnostics> link_edit(
        const zones::LinkInput& edit) {
        return compiler_.link_edit(edit);
    }

    /// Whether the text of a zone that is served outdated is to be had now; `compile` mends it.
    [[nodiscard]] bool has_outdated() const { return !served_.outdated.empty(); }
    [[nodiscard]] bool can_mend(const ZonesByFile& files, const ModelRecaller& recall) const;

    /// What the last `compile` gave is served: the zones hold it from now on.
    void accept();
    /// The same of `compile_edit`.
    void accept_edit();
    /// What was compiled since is not served.
    void reject();

private:
    using ByZone = std::map<LoadedZone, std::shared_ptr<const zones::CompiledZone>>;
    using ZonesBelow = std::map<dns::Name, std::vector<dns::Name>>;  // of zones that have some

    static std::span<const dns::Name> below(const ZonesBelow& all, const dns::Name& apex);
    static ZonesBelow find_zones_below(const FilesInOrder& files);
    std::shared_ptr<const zones::CompiledZone> compile_zone(const LoadedZone& zone,
                                                            const ZonesBelow& all_below,
                                                            const std::function<bool()>& recall,
                                                            zones::Diagnostics& diagnostics);
    void hold_made();

    zones::Compiler compiler_;
    struct Families {
        Digest apexes;  // of all zones; none has the first value
        ZonesBelow zones_below;
        std::set<LoadedZone> outdated;
    };
    ByZone fresh_;    // compiled since the last `accept` or `reject`
    ByZone made_;     // by the last `compile`, of zones that hold another form or none
    Families given_;  // of the last `compile`
    Families served_;
};

}  // namespace meridian::server
