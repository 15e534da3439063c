// Fits an image to the place in a message where it will stand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/image.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// A whole name of the message: QNAME, or the target of an alias.
struct MessageName {
    std::uint16_t at = kHeaderOctets;
    std::uint8_t octets = 1;  ///< Uncompressed, with the root label.
    bool has_pointers = false;
};

/// Which records an image becomes. Owner and suffix are given as octets from the end of `name`.
struct Placement {
    MessageName name;
    std::uint8_t owner_octets = 1;
    std::uint8_t suffix_octets = 1;  ///< Of the suffix that the image was made for.
};

/// An image as it will stand at one place of one message: the targets of its pointers are known
/// now.
///
/// The image was compressed against a suffix of its owner. `name` may have more labels in front of
/// that suffix (a name below a delegation, the name that a wildcard answers for, a name that does
/// not exist). One name of the image may begin with the same labels; it is then cut shorter still.
/// Two names of one image never share the label in front of the suffix, because the later one
/// points to the first. So one name is cut, and after it the names that point to the part cut off.
/// first; so one name is cut, and those that point to what was cut off may be in their turn.
class ImageFit {
public:
    /// The image will begin at `start`. `message` is what was written before, and outlives this.
    ImageFit(const Image& image, const Placement& placement, std::span<const std::uint8_t> message,
             std::size_t start);

    [[nodiscard]] std::size_t octets() const { return moved(image_.octets.size()); }
    [[nodiscard]] std::uint16_t record_count() const { return image_.record_count; }

    /// Writes all records. Expects `out` to have `octets()`.
    void write(std::span<std::uint8_t> out) const;

    /// Where a name of the image, or a suffix of its owner, lies in the message.
    [[nodiscard]] std::uint16_t offset_of(NamePointer pointer) const;

private:
    /// Labels with their end, a pointer or the root label, in whose place a pointer is written.
    struct Cut {
        std::uint16_t begin;
        std::uint16_t labels_end;
        std::uint16_t end;
        std::uint16_t rdata_at;      ///< Of the record that becomes shorter.
        std::uint8_t suffix_octets;  ///< Of the message's name, behind the labels.

        [[nodiscard]] std::size_t saved() const { return end - begin - 2u; }
        /// The rest of the message's name from that offset on. Expects the offset of one of the
        /// labels.
        [[nodiscard]] std::size_t suffix_from(std::size_t offset) const {
            return suffix_octets + labels_end - offset;
        }
    };
    static constexpr std::size_t kMaxCuts = 4;  // names of nameservers have few labels

    [[nodiscard]] bool points_to_suffix() const;
    void find_cuts();
    void look_at_name(std::size_t& at, std::size_t rdata_at, std::size_t record_end,
                      std::span<const std::uint8_t>& front);
    [[nodiscard]] std::span<const Cut> cuts() const { return std::span(cuts_).first(cut_count_); }
    [[nodiscard]] std::size_t suffix_at(NamePointer pointer) const;
    [[nodiscard]] std::uint16_t offset_of_suffix(std::size_t octets) const;
    [[nodiscard]] std::size_t moved(std::size_t offset) const;

    Image image_;
    Placement placement_;
    std::span<const std::uint8_t> message_;
    std::size_t start_;
    std::array<Cut, kMaxCuts> cuts_;
    std::size_t cut_count_ = 0;
};

}  // namespace meridian::dns
