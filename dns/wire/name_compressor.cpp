// Finds for each name of an image how much of it the message holds already.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/name_compressor.h"

#include "dns/wire/label_starts.h"
#include "meridian/dns/wire/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// Hashes a whole suffix without regard to case. The names come from the operator's own zones, so
/// FNV-1a is enough.
std::uint32_t hash_of(Octets suffix) {
    std::uint32_t hash = 0x811c9dc5;
    for (const std::uint8_t octet : suffix) {
        hash = (hash ^ lower_cased(octet)) * 0x01000193;
    }
    return hash;
}

/// The octets of the longest suffix of whole labels that both names share; at least 1, the root's.
std::size_t common_suffix_octets(Octets name, Octets other) {
    const LabelStarts mine(name);
    const LabelStarts theirs(other);
    std::size_t octets = 1;
    for (std::size_t i = 1; i <= mine.count && i <= theirs.count; ++i) {
        const std::size_t at = mine.offsets[mine.count - i];
        const std::size_t other_at = theirs.offsets[theirs.count - i];
        const Octets label = name.subspan(at, 1U + name[at]);
        if (!same_name(label, other.subspan(other_at, 1U + other[other_at]))) { break; }
        octets += label.size();
    }
    return octets;
}

}  // namespace

CompressedName NameCompressor::find(Octets name) const {
    const std::size_t shared = common_suffix_octets(name, suffix_);
    for (std::size_t at = 0; !known_.empty() && name.size() - at > shared; at += 1U + name[at]) {
        const Octets suffix = name.subspan(at);
        const std::uint32_t hash = hash_of(suffix);
        for (const Known& known : known_) {
            if (known.hash == hash && same_name(known.name, suffix)) { return {at, known.pointer}; }
        }
    }
    // The root alone is shorter than a pointer to it.
    if (shared == 1) { return {name.size(), {}}; }
    return {name.size() - shared, NamePointer::suffix(shared)};
}

void NameCompressor::add(Octets name, std::size_t own_octets, std::size_t offset) {
    for (std::size_t at = 0; at < own_octets && name[at] != 0; at += 1U + name[at]) {
        if (offset + at > kMaxOffsetInImage) { return; }
        const Octets suffix = name.subspan(at);
        known_.push_back({hash_of(suffix), NamePointer::inside(offset + at), suffix});
    }
}

}  // namespace meridian::dns
