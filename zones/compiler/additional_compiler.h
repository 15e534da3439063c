// Finds the additional records of the names that a zone's records point to.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/wire/record_set.h"
#include "zones/compiler/zone_draft.h"
#include "zones/snapshot/zone_data.h"

namespace meridian::zones {

/// Links the sets of one zone to the addresses of their targets (RFC 1034 §4.3.2, step 6). Expects
/// that all nodes, cuts and sets of the zone were added.
///
/// Targets in other zones get no addresses, even if those zones are served here: a resolver does
/// not trust records from outside the zone that it asked about (RFC 2181 §5.4.1), RFC 9460 §4.1
/// asks for no more, and the answer would reveal which zones share a server. Names at or below a
/// delegation get only glue. Steered addresses are never additional (DESIGN 2, rule 2). A target
/// that a wildcard covers gets the records that a question for it would get.
class AdditionalCompiler {
public:
    using IsChilds = std::function<bool(const dns::Name&)>;

    /// `is_childs` is true for names of a zone below this one.
    AdditionalCompiler(ZoneDraft& zone, IsChilds is_childs);

    /// The node that answers for `target` or has glue for it, which may be a wildcard; 0 where
    /// there is none.
    [[nodiscard]] NodeId holder(const dns::Name& target) const;

    /// The target of a record, and its name in the image of the set.
    struct Target {
        const dns::Name& name;
        dns::NamePointer pointer;
    };
    /// A fixed set of `holder` with `target` as its owner. Its image is 0 where the node has no
    /// such set; no value where it is too long for a message.
    std::optional<AdditionalSet> set(const Target& target, NodeId holder, dns::Type type);

    /// Makes the set with that number among the node's sets a linked one, if it has additional
    /// sets.
    void link(NodeId node, std::size_t set_number, const dns::RecordSet& records);

    /// Whether records of the type have such targets: NS, MX, SRV (RFC 2782), SVCB and HTTPS.
    static bool has_targets(dns::Type type);

private:
    [[nodiscard]] bool is_name_of(NodeId node, const dns::Name& name) const;

    ZoneDraft& zone_;
    IsChilds is_childs_;
};

}  // namespace meridian::zones
