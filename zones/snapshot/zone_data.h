// Lays out one compiled zone: names, sets, images, cuts, in one block of memory.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/image.h"
#include "meridian/dns/types.h"
#include "zones/snapshot/image_store.h"
#include "zones/snapshot/name_table.h"
#include "zones/snapshot/node.h"

namespace meridian::zones {

enum class FoundKind : std::uint8_t {
    NotOurs,     ///< No zone here holds the name.
    Node,        ///< `node` answers: the name itself, or the wildcard that covers it.
    NoSuchName,  ///< NXDOMAIN in the zone.
    Redirected,  ///< Below the DNAME of `node`.
    Delegated,   ///< At or below the delegation `cut`.
};

/// The result of a search for a name in its zone.
struct FoundInZone {
    FoundKind kind = FoundKind::NotOurs;
    bool by_wildcard = false;  ///< `node` is the wildcard that covers the name.
    NodeId node = 0;
    std::uint32_t cut = 0;
    NodeId encloser =
        0;  ///< The closest encloser (RFC 4592 §3.3.1); the node of a name that exists.
};

/// A set for the additional section. A record of another set points to its owner.
struct AdditionalSet {
    ImageRef image = 0;
    /// The owner in the image of that other set; nowhere where `image` has owners of its own.
    dns::NamePointer owner;
};

/// A set with its additional sets (RFC 1034 §4.3.2, step 6).
struct LinkedSet {
    ImageRef image = 0;
    std::uint32_t additional_begin = 0;  ///< Into `additional`.
    /// How many of the additional sets, the first ones, have the owner of the set itself.
    std::uint16_t own_count = 0;
    std::uint16_t additional_count = 0;
};

/// HTTPS records with hints that are the addresses of the same answer (zones/model/auto_hints.h).
struct HintedSet {
    ImageRef image = 0;
    std::uint32_t service = 0;  ///< Counts the zone's steered sets.
    bool has_v4 = false;        ///< Names of the service have A,
    bool has_v6 = false;        ///< and AAAA.
};

/// A CNAME, and what a query for its target would find.
struct Alias {
    ImageRef image = 0;
    std::uint8_t target_octets = 0;  ///< Of the target's name.
    /// The target does not belong to this zone: it is looked for each time.
    bool leaves_zone = false;
    std::uint32_t target_begin = 0;  ///< Into `targets`; for a target that leaves the zone.
    FoundInZone target;              ///< For one that does not.
};

/// A zone cut (RFC 1034 §4.2): the referral to the nameservers of the names below.
struct Cut {
    NodeId node = 0;
    ImageRef nameservers = 0;
    std::uint32_t glue_begin = 0;  ///< Into `additional`.
    std::uint16_t glue_count = 0;
    std::uint16_t required_glue_count =
        0;  ///< How many, the first ones, lie below the cut (RFC 9471).
};

/// The octets of a wildcard's first label, "*" (RFC 4592 §2.1.1); 0 for any other name. `labels`
/// are those in front of the apex.
constexpr std::size_t asterisk_octets(std::span<const std::uint8_t> labels) {
    return labels.size() >= 2 && labels[0] == 1 && labels[1] == '*' ? 2 : 0;
}

/// A zone as workers read it. It lies at the front of a block, and all that it points to lies
/// behind it in the same block (zones/compiler/zone_draft).
struct ZoneData {
    // What a search reads first.
    std::span<const std::uint8_t> apex;  ///< In lower case, wire form.
    /// Which label counts the names have in front of the apex; a search for ancestors skips the
    /// others.
    std::array<std::uint64_t, 2> label_counts{};
    NameTable names;
    ImageTable images;

    std::span<const SetEntry> sets;  ///< Of nodes with several sets.
    std::span<const LinkedSet> linked_sets;
    std::span<const HintedSet> hinted_sets;
    std::span<const Alias> aliases;
    std::span<const std::uint8_t> targets;  ///< Of aliases that leave the zone: names in wire form.
    std::span<const Cut> cuts;              ///< The first is never used: 0 means none.
    std::span<const AdditionalSet> additional;

    ImageRef negative_soa = 0;  ///< With the TTL of negative answers (RFC 2308 §3).
    /// The two octets in front of the apex, as they lie in memory, in both names of the SOA; 0 for
    /// a name that is not below the apex. A QNAME with other octets there shares only the labels of
    /// the apex with these names.
    std::array<std::uint16_t, 2> soa_name_ends{};
    std::uint8_t apex_labels = 0;  ///< 0 for the root.
    std::size_t octets = 0;        ///< Of the block.

    [[nodiscard]] std::uint8_t apex_octets() const {
        return static_cast<std::uint8_t>(apex.size());
    }
    [[nodiscard]] bool has_label_count(std::size_t count) const {
        return (label_counts[count / 64] >> (count % 64) & 1) != 0;
    }
    [[nodiscard]] std::span<const SetEntry> sets_of(const Node& node) const {
        if (node.set_count == 1) { return {&node.only_set, 1}; }
        return {sets.data() + node.only_set.ref, node.set_count};
    }
    /// The length of the node's name, with the apex and the root label.
    [[nodiscard]] std::size_t full_name_octets(const Node& node) const {
        return node.name_octets + apex.size();
    }
    /// The length of the suffix of all owners that the node's images are for: its name, or the part
    /// of a wildcard behind the asterisk.
    [[nodiscard]] std::size_t image_suffix_octets(const Node& node) const {
        return full_name_octets(node) - asterisk_octets(names.name(node));
    }
    /// The node's set of a type, or null.
    [[nodiscard]] const SetEntry* find_set(const Node& node, dns::Type type) const {
        for (const SetEntry& entry : sets_of(node)) {
            if (entry.type == type) { return &entry; }
        }
        return nullptr;
    }
    /// Prefetches the memory that an answer with this set will read.
    void prefetch(const SetEntry& entry) const {
        switch (entry.kind) {
            case SetKind::Fixed:
                return images.prefetch(entry.ref);
            case SetKind::Linked:
                return __builtin_prefetch(&linked_sets[entry.ref]);
            case SetKind::Alias:
                return __builtin_prefetch(&aliases[entry.ref]);
            case SetKind::Steered:  // few, and each for many names
            case SetKind::SteeredAlias:
            case SetKind::Hinted:
                return;
        }
    }
};

}  // namespace meridian::zones
