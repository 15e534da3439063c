// Lays out a snapshot: names, sets, images, policy tables.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/geo/atlas.h"
#include "meridian/large_allocator.h"
#include "meridian/limits.h"
#include "meridian/zones/snapshot.h"
#include "meridian/zones/zone.h"
#include "zones/snapshot/image_store.h"
#include "zones/snapshot/name_table.h"
#include "zones/snapshot/node.h"
#include "zones/snapshot/policy_table.h"

namespace meridian::zones {

enum class FoundKind : std::uint8_t {
    NotOurs,     ///< No zone here holds the name.
    Node,        ///< `node` answers: the name itself, or the wildcard that covers it.
    NoSuchName,  ///< NXDOMAIN in `zone`.
    Redirected,  ///< Below the DNAME of `node`.
    Delegated,   ///< At or below the delegation `cut`.
};

/// What the zones have for a name.
struct Found {
    FoundKind kind = FoundKind::NotOurs;
    std::uint16_t zone = 0;
    NodeId node = 0;
    std::uint32_t cut = 0;
};

/// What stands in the additional section with another set, which points to its owner.
struct AdditionalSet {
    ImageRef image = 0;
    /// In the image of that other set; nowhere where the image has owners of its own.
    dns::NamePlace owner;
};

/// A set with what goes along in the additional section (RFC 1034 §4.3.2, step 6).
struct LinkedSet {
    ImageRef image = 0;
    std::uint32_t additional_begin = 0;  ///< Into `additional`.
    /// The first so many stand under the set's own owner.
    std::uint16_t own_count = 0;
    std::uint16_t additional_count = 0;
};

/// A CNAME, its target looked up in all zones as if it had been asked for.
struct Alias {
    ImageRef image = 0;
    std::uint8_t target_octets = 0;  ///< Of the target's name.
    Found target;
};

/// A name that is steered: one per policy and TTL.
struct SteeredSet {
    std::uint32_t table = 0;           ///< Into `policy_tables`.
    std::uint32_t variants_begin = 0;  ///< Into `variants`, at the default ranking's.
};

/// What a steered name answers for one ranking: an image per family, 0 where there is none.
using Variant = std::array<ImageRef, 2>;

/// A zone cut (RFC 1034 §4.2): the referral to whom the names below belong.
struct Cut {
    NodeId node = 0;
    ImageRef nameservers = 0;
    std::uint32_t glue_begin = 0;  ///< Into `additional`.
    std::uint16_t glue_count = 0;
    std::uint16_t required_glue_count = 0;  ///< The first so many lie below the cut (RFC 9471).
};

constexpr std::uint16_t kNoZone = 0xffff;

/// What is kept of a zone once it is compiled.
struct ZoneFacts {
    std::string file;
    dns::Name apex;
    std::uint8_t apex_octets = 0;
    std::uint32_t serial = 0;
    ImageRef negative_soa = 0;  ///< With the TTL of negative answers (RFC 2308 §3).
    /// The last two octets in front of the apex in the names that the SOA has, as they lie in
    /// memory; 0 for a name that is not below the apex. A QNAME with others has no label in common
    /// with them but those of the apex.
    std::array<std::uint16_t, 2> soa_name_ends{};
    /// The zone that delegates to this one, when it is here too, and the DS set that it has for it;
    /// 0: none (RFC 4035 §3.1.4.1).
    std::uint16_t parent = kNoZone;
    ImageRef delegation_signer = 0;
};

struct SnapshotData {
    explicit SnapshotData(std::uint64_t hash_seed) : names(hash_seed) {}

    std::uint64_t generation = 0;
    std::size_t owner_count = 0;
    std::shared_ptr<const geo::Atlas> atlas;
    NameTable names;
    /// Which label counts occur among the names: a search for ancestors skips the others.
    std::array<bool, kMaxNameLabels + 1> label_counts{};
    ImageStore images;
    /// Whether names and images are too many to stay in a core's own cache; then it pays to ask for
    /// all that a batch will read before reading any.
    bool exceeds_cache = false;
    LargeVector<SetEntry> sets;  ///< Of nodes with several.
    LargeVector<LinkedSet> linked_sets;
    LargeVector<Alias> aliases;
    std::vector<SteeredSet> steered_sets;
    std::vector<Variant> variants;
    LargeVector<Cut> cuts;  ///< The first is never used: 0 means none.
    LargeVector<AdditionalSet> additional;
    std::vector<ZoneFacts> zones;
    std::vector<PolicyTable> policy_tables;
    /// Those of all zones, each identity once; twice where a zone still has an older version of it.
    std::vector<Region> regions;
    std::size_t region_count = 0;  ///< Identities among them.
    ImageRef minimal_any = 0;      ///< HINFO "RFC8482" (RFC 8482 §4.2).

    [[nodiscard]] std::span<const SetEntry> sets_of(const Node& node) const {
        if (node.set_count == 1) { return {&node.only_set, 1}; }
        return {sets.data() + node.only_set.ref, node.set_count};
    }
    /// What ends every owner that the node's images are for: its name, or what stands behind the
    /// asterisk of a wildcard.
    [[nodiscard]] std::span<const std::uint8_t> image_suffix(const Node& node) const {
        const auto name = names.name(node);
        const bool is_wildcard = name.size() > 2 && name[0] == 1 && name[1] == '*';
        return name.subspan(is_wildcard ? 2 : 0);
    }
    /// For the compiler: one of them, by its place among the node's.
    [[nodiscard]] SetEntry& set_of(NodeId id, std::size_t number) {
        Node& node = names.node(id);
        return node.set_count == 1 ? node.only_set : sets[node.only_set.ref + number];
    }
    /// The node's set of a type, or null.
    [[nodiscard]] const SetEntry* find_set(const Node& node, dns::Type type) const {
        for (const SetEntry& entry : sets_of(node)) {
            if (entry.type == type) { return &entry; }
        }
        return nullptr;
    }
    /// Asks ahead for what an answer with this set will read.
    void prefetch(const SetEntry& entry) const {
        switch (entry.kind) {
            case SetKind::Fixed:
                return images.prefetch(entry.ref);
            case SetKind::Linked:
                return __builtin_prefetch(&linked_sets[entry.ref]);
            case SetKind::Alias:
                return __builtin_prefetch(&aliases[entry.ref]);
            case SetKind::Steered:
                return __builtin_prefetch(&steered_sets[entry.ref]);
        }
    }
};

}  // namespace meridian::zones
