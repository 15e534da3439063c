// Reads names that we wrote into a message ourselves, through their compression pointers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meridian::dns {

// For answers while they are written. Each function expects that a whole name of ours begins at the
// given place: every pointer in it leads back to a label of an earlier name. Never call these for
// octets that a client sent.

/// Where the name goes on after `skipped_octets` of its labels: at a label or at the root's, never
/// at a pointer. Expects a label or the root's at that place.
std::size_t offset_in_name(std::span<const std::uint8_t> message, std::size_t at,
                           std::size_t skipped_octets);

/// Copies the first labels of the name, as many octets as `front` has room for. Expects that they
/// end where a label ends.
void copy_front_of_name(std::span<const std::uint8_t> message, std::size_t at,
                        std::span<std::uint8_t> front);

/// Whether two names of the message are equal (RFC 4343).
bool is_same_name_at(std::span<const std::uint8_t> message, std::size_t left, std::size_t right);

/// How many octets of whole labels end both. Expects the fronts of two names in wire form whose
/// rests are equal: labels, and no root label.
std::size_t shared_label_octets(std::span<const std::uint8_t> left,
                                std::span<const std::uint8_t> right);

}  // namespace meridian::dns
