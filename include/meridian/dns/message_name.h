// Reads names that we wrote into a message ourselves, through their compression pointers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meridian::dns {

// For answers in the making. Each function expects that a whole name of ours begins where it is
// told: every pointer in it leads back to a label of an earlier name. Never for what a client sent.

/// Where the name goes on once `skipped_octets` of its labels are passed: at a label or at the
/// root's, never at a pointer. Expects that a label begins or the root's lies there.
std::size_t place_in_name(std::span<const std::uint8_t> message, std::size_t at,
                          std::size_t skipped_octets);

/// Copies the labels that the first octets of the name are made of, as many as `front` has room
/// for. Expects that they end where a label ends.
void copy_front_of_name(std::span<const std::uint8_t> message, std::size_t at,
                        std::span<std::uint8_t> front);

/// Whether two names of the message are one (RFC 4343).
bool is_same_name_at(std::span<const std::uint8_t> message, std::size_t left, std::size_t right);

/// How many octets of whole labels end both. These are the fronts of two names in wire form that
/// end alike: labels, and no root label.
std::size_t shared_label_octets(std::span<const std::uint8_t> left,
                                std::span<const std::uint8_t> right);

}  // namespace meridian::dns
