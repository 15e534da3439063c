// Fits an image to the place in a message where it will stand.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image_fit.h"

#include <algorithm>
#include <array>

#include "dns/wire/message_format.h"
#include "dns/wire/placing.h"
#include "dns/wire/rdata_names.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/dns/message_name.h"
#include "meridian/dns/name.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// Where the labels of a name end: at the root's or at a pointer, or at `end` if that comes first.
std::size_t end_of_labels(Octets octets, std::size_t at, std::size_t end) {
    while (at < end && octets[at] != 0 && octets[at] <= kMaxLabelOctets) {
        at += 1U + octets[at];
    }
    return std::min(at, end);
}

}  // namespace

ImageFit::ImageFit(const Image& image, const Placement& placement, Octets message,
                   std::size_t start)
    : image_(image), placement_(placement), message_(message), start_(start) {
    if (placement.name.octets > placement.suffix_octets && points_to_suffix()) { find_cuts(); }
}

/// Whether the suffix ends any of the names; the root ends each of them, without a pointer.
bool ImageFit::points_to_suffix() const {
    const std::uint16_t wanted = NamePointer::suffix(placement_.suffix_octets).value();
    return placement_.suffix_octets == 1 ||
           std::ranges::any_of(image_.pointers, [&](std::uint16_t offset) {
               return load_u16(image_.octets, offset) == wanted;
           });
}

void ImageFit::find_cuts() {
    std::array<std::uint8_t, kMaxNameOctets> name;
    const auto labels = std::span(name).first(placement_.name.octets - placement_.suffix_octets);
    copy_front_of_name(message_, placement_.name.at, labels);
    Octets front = labels;
    for (std::size_t record_at = 0; record_at < image_.octets.size();) {
        const std::size_t rdata_at = record_at + record_head_octets(image_.octets, record_at);
        const std::size_t record_end = record_at + record_octets(image_.octets, record_at);
        const auto type = static_cast<Type>(load_u16(image_.octets, rdata_at - kRecordFixedOctets));
        const RdataNames names = compressible_names(type);
        std::size_t at = rdata_at + names.octets_before;
        for (std::size_t i = 0; i < names.name_count && at < record_end; ++i) {
            look_at_name(at, rdata_at, record_end, front);
        }
        if (front.empty() || cut_count_ == kMaxCuts) { return; }
        record_at = record_end;
    }
}

/// Cuts the name at `at` if its labels end like `front`, the labels of the message's name that the
/// image has not used yet, and removes the used ones from `front`. Moves `at` behind the name.
void ImageFit::look_at_name(std::size_t& at, std::size_t rdata_at, std::size_t record_end,
                            Octets& front) {
    const std::size_t labels_at = at;
    const std::size_t labels_end = end_of_labels(image_.octets, at, record_end);
    const bool is_pointer = std::ranges::binary_search(image_.pointers, labels_end);
    at = labels_end + (is_pointer ? kPointerOctets : 1);
    if (at > record_end || cut_count_ == kMaxCuts) { return; }
    if (!is_pointer && image_.octets[labels_end] != 0) { return; }
    // Under the root there is no pointer to the suffix: the root label itself is shorter.
    const std::size_t suffix_octets =
        is_pointer ? suffix_at(NamePointer::from_image(load_u16(image_.octets, labels_end))) : 1;
    if (suffix_octets != placement_.name.octets - front.size()) { return; }
    const std::size_t shared =
        shared_label_octets(image_.octets.subspan(labels_at, labels_end - labels_at), front);
    if (shared == 0) { return; }
    cuts_[cut_count_++] = {.begin = static_cast<std::uint16_t>(labels_end - shared),
                           .labels_end = static_cast<std::uint16_t>(labels_end),
                           .end = static_cast<std::uint16_t>(at),
                           .rdata_at = static_cast<std::uint16_t>(rdata_at),
                           .suffix_octets = static_cast<std::uint8_t>(suffix_octets)};
    front = front.first(front.size() - shared);
}

void ImageFit::write(std::span<std::uint8_t> out) const {
    MERIDIAN_ASSERT(out.size() == octets());
    if (out.empty()) { return; }
    std::size_t from = 0;
    for (const Cut& cut : cuts()) {
        copy_octets(image_.octets.first(cut.begin).subspan(from), out.subspan(moved(from)));
        store_u16(out, moved(cut.begin), pointer_to(offset_of_suffix(cut.suffix_from(cut.begin))));
        from = cut.end;
    }
    copy_octets(image_.octets.subspan(from), out.subspan(moved(from)));
    for (const Cut& cut : cuts()) {
        const std::size_t length_at = moved(cut.rdata_at) - 2;  // RDLENGTH
        const std::size_t rdata_octets = load_u16(out, length_at) - cut.saved();
        store_u16(out, length_at, static_cast<std::uint16_t>(rdata_octets));
    }
    place_owners(out, offset_of_suffix(placement_.owner_octets));
    NamePointer last;  // most names of an image end alike
    std::uint16_t pointer = 0;
    for (const std::uint16_t offset : image_.pointers) {
        const bool was_cut = std::ranges::any_of(
            cuts(), [offset](const Cut& cut) { return cut.labels_end == offset; });
        if (was_cut) { continue; }
        const NamePointer wanted = NamePointer::from_image(load_u16(image_.octets, offset));
        if (wanted != last) { pointer = pointer_to(offset_of(wanted)); }
        last = wanted;
        store_u16(out, moved(offset), pointer);
    }
}

/// How many octets of the message's name the pointer leads to: 0 where it leads to none of its
/// suffixes.
std::size_t ImageFit::suffix_at(NamePointer wanted) const {
    if (!wanted.is_inside()) { return wanted.octets(); }
    for (const Cut& cut : cuts()) {
        const std::size_t offset = wanted.octets();
        if (offset >= cut.begin && offset < cut.labels_end) { return cut.suffix_from(offset); }
    }
    return 0;
}

std::uint16_t ImageFit::offset_of(NamePointer wanted) const {
    const std::size_t suffix_octets = suffix_at(wanted);
    return suffix_octets != 0 ? offset_of_suffix(suffix_octets)
                              : static_cast<std::uint16_t>(start_ + moved(wanted.octets()));
}

std::uint16_t ImageFit::offset_of_suffix(std::size_t octets) const {
    const std::size_t front = placement_.name.octets - octets;
    const std::size_t at = placement_.name.has_pointers
                               ? offset_in_name(message_, placement_.name.at, front)
                               : placement_.name.at + front;
    return static_cast<std::uint16_t>(at);
}

/// The new position of an offset of the image, in octets from the image's beginning.
std::size_t ImageFit::moved(std::size_t offset) const {
    std::size_t saved = 0;
    for (const Cut& cut : cuts()) {
        if (offset >= cut.end) { saved += cut.saved(); }
    }
    return offset - saved;
}

}  // namespace meridian::dns
