// Finds what a zone says beside an answer of the names that its records point to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/record_set.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// Links the sets of one zone to the addresses of their targets (RFC 1034 §4.3.2, step 6), once all
/// nodes, cuts and sets of the zone are in.
///
/// Targets in other zones get nothing, even if these are served here: a resolver believes what lies
/// outside of the zone that it asked for as little as it believes anybody's (RFC 2181 §5.4.1), RFC
/// 9460 §4.1 asks for no more, and whether two zones share a server is nobody's business. Names at
/// or below a delegation are not ours to tell, save as glue. Steered addresses never go along
/// (DESIGN 2, rule 2); of a wildcard goes along what a question for the target would get.
class AdditionalCompiler {
public:
    using IsChilds = std::function<bool(const dns::Name&)>;

    /// `apex` is in lower case and outlives this; `is_childs` tells the names that are in a zone
    /// below this one.
    AdditionalCompiler(SnapshotData& data, const dns::Name& apex, IsChilds is_childs);

    /// The node that answers for `target`, or that has glue for it, be it a wildcard; 0 where there
    /// is none.
    [[nodiscard]] NodeId holder(const dns::Name& target) const;

    /// What a record points to, and where in the image of its set the name lies.
    struct Target {
        const dns::Name& name;
        dns::NamePlace place;
    };
    /// A fixed set of `holder` with `target` as its owner. Its image is 0 where the node has no
    /// such set; no value where it is too long for a message.
    std::optional<AdditionalSet> set(const Target& target, NodeId holder, dns::Type type);

    /// Makes one of the sets of `node`, by its place among them, a linked one if there is something
    /// to go along.
    void link(NodeId node, std::size_t set_number, const dns::RecordSet& records);

    /// Whether records of the type have such targets: NS, MX, SRV (RFC 2782), SVCB and HTTPS.
    static bool has_targets(dns::Type type);

private:
    [[nodiscard]] bool is_name_of(NodeId node, const dns::Name& name) const;

    SnapshotData& data_;
    const dns::Name& apex_;
    IsChilds is_childs_;
};

}  // namespace meridian::zones
