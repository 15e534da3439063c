// Lays out the data of one name.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "meridian/dns/types.h"

namespace meridian::zones {

/// Index of a node within its zone; 0 means none.
using NodeId = std::uint32_t;

/// The node of a zone's apex: the first that the compiler makes.
constexpr NodeId kApexNode = 1;

enum class SetKind : std::uint8_t {
    Fixed,         ///< `ref` is an ImageRef.
    Linked,        ///< Points to names that have addresses here: `ref` indexes `linked_sets`.
    Alias,         ///< A CNAME: `ref` indexes `aliases`.
    Steered,       ///< A or AAAA of the nearest region: `ref` counts the zone's steered sets.
    SteeredAlias,  ///< The CNAME of the nearest region, likewise.
    Hinted,        ///< HTTPS with the addresses of the nearest region: `ref` indexes `hinted_sets`.
};

/// One RRset of a node.
struct SetEntry {
    dns::Type type{};
    SetKind kind = SetKind::Fixed;
    std::uint32_t ref = 0;
};

/// What one name has. Every existing name is a node, empty non-terminals too (RFC 4592 §2.2.2).
/// There may be millions, most with one set. A single set is stored in the node, which saves memory
/// and a wait for it.
struct Node {
    SetEntry only_set;              ///< With several sets, its `ref` is the index of the first.
    std::uint32_t name_offset = 0;  ///< Into the table's names.
    std::uint32_t links = 0;        ///< Into the table's links; 0: none.
    std::uint16_t set_count = 0;
    std::uint8_t name_octets = 0;  ///< Of the labels in front of the apex.
    bool redirects = false;        ///< Has a DNAME: names below it lie elsewhere (RFC 6672 §2.3).
};
static_assert(sizeof(Node) == 20);

/// Data that few nodes have.
struct NodeLinks {
    NodeId wildcard = 0;    ///< The child "*" (RFC 4592 §2.1.1).
    std::uint32_t cut = 0;  ///< Delegation at or above the name; 0: none.
};

}  // namespace meridian::zones
