// Makes finished wire bytes out of records, compressed as far as is possible without the question.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dns/wire/message_format.h"
#include "dns/wire/name_compressor.h"
#include "dns/wire/placing.h"
#include "dns/wire/rdata_names.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kMaxImageOctets = kMaxTcpOctets;  // no message could carry more
constexpr std::uint16_t kPointerToQname = kPointerMark << 8 | kHeaderOctets;

/// The name at the front of RDATA, or none when it is malformed or cut.
Octets name_in(Octets rdata) {
    std::size_t at = 0;
    while (at < rdata.size() && rdata[at] != 0) {
        if (rdata[at] > kMaxLabelOctets) { return {}; }
        at += 1U + rdata[at];
    }
    return at < rdata.size() && at < kMaxNameOctets ? rdata.first(at + 1) : Octets{};
}

std::size_t octets_of(const RecordSet& records) {
    std::size_t octets = 0;  // names that are cut short need less
    for (const Rdata& rdata : records.records) {
        octets += kRecordHeadOctets + rdata.size();
    }
    return octets;
}

/// Writes records one behind the other and records where pointers are.
class ImageMaker {
public:
    /// `octets` is at least what the image will need. `name_count` is how many names may be cut
    /// short in all: no name points to the last one.
    ImageMaker(std::size_t octets, Octets suffix, ImageOwner owner, std::size_t name_count)
        : compressor_(suffix), owner_(owner), names_left_(name_count) {
        image_.octets.reserve(octets);
    }

    void write_record(const RecordSet& set, const Rdata& rdata) {
        std::array<std::uint8_t, kRecordHeadOctets> head{};
        store_u16(head, 0, kPointerToQname);
        store_u16(head, 2, static_cast<std::uint16_t>(set.type));
        store_u16(head, 4, static_cast<std::uint16_t>(Class::IN));
        store_u32(head, 6, set.ttl_seconds);
        if (owner_ == ImageOwner::Root) {
            head[1] = 0;
            write(std::span(head).subspan(1));
        } else {
            write(head);
        }
        const std::size_t rdata_at = image_.octets.size();
        write_rdata(set.type, rdata);
        const std::size_t rdata_octets = image_.octets.size() - rdata_at;
        // Cut off beyond 65535, where the image is refused.
        store_u16(image_.octets, rdata_at - 2, static_cast<std::uint16_t>(rdata_octets));
        ++image_.record_count;
    }

    [[nodiscard]] bool is_too_long() const { return image_.octets.size() > kMaxImageOctets; }
    [[nodiscard]] std::size_t octets() const { return image_.octets.size(); }

    ImageBuffer take() { return std::move(image_); }

private:
    void write(Octets octets) {
        image_.octets.insert(image_.octets.end(), octets.begin(), octets.end());
    }

    void write_name(Octets name) {
        const CompressedName compressed = compressor_.find(name);
        if (--names_left_ > 0) {
            compressor_.add(name, compressed.own_octets, image_.octets.size());
        }
        write(name.first(compressed.own_octets));
        if (!compressed.rest.is_somewhere()) { return; }
        // Cut off beyond 65535, where the image is refused.
        image_.pointers.push_back(static_cast<std::uint16_t>(image_.octets.size()));
        std::array<std::uint8_t, kPointerOctets> pointer;
        store_u16(pointer, 0, compressed.rest.value());
        write(pointer);
    }

    /// Malformed RDATA is copied unchanged from the fault on.
    void write_rdata(Type type, Octets rdata) {
        const RdataNames names = compressible_names(type);
        const std::size_t before = std::min(names.octets_before, rdata.size());
        write(rdata.first(before));
        Octets rest = rdata.subspan(before);
        for (std::size_t i = 0; i < names.name_count; ++i) {
            const Octets name = name_in(rest);
            if (name.empty()) { break; }
            write_name(name);
            rest = rest.subspan(name.size());
        }
        write(rest);
    }

    NameCompressor compressor_;
    ImageOwner owner_;
    std::size_t names_left_;
    ImageBuffer image_;
};

/// The stride of an image, 0 for one with pointers: rotating the set would move them. Expects an
/// image without owners of their own.
std::uint16_t stride_of(const ImageBuffer& image, std::size_t record_octets, bool all_alike) {
    const bool can_rotate = all_alike && image.pointers.empty() && image.record_count > 0;
    return can_rotate ? static_cast<std::uint16_t>(record_octets) : std::uint16_t{0};
}

}  // namespace

Result<ImageBuffer, Unit> make_image(const RecordSet& records, std::span<const std::uint8_t> suffix,
                                     ImageOwner owner) {
    const std::size_t name_count =
        records.records.size() * compressible_names(records.type).name_count;
    ImageMaker maker(octets_of(records), suffix, owner, name_count);
    std::size_t record_octets = 0;  // of the first record
    bool all_alike = true;
    for (const Rdata& rdata : records.records) {
        const std::size_t start = maker.octets();
        maker.write_record(records, rdata);
        if (maker.is_too_long()) { return Failure{Unit{}}; }
        const std::size_t octets = maker.octets() - start;
        if (start == 0) { record_octets = octets; }
        all_alike = all_alike && octets == record_octets;
    }
    ImageBuffer image = maker.take();
    image.stride_octets = stride_of(image, record_octets, all_alike);
    return image;
}

std::size_t first_rdata_at(const Image& image) {
    return record_head_octets(image.octets, 0);
}

std::vector<NamePointer> target_pointers(const Image& image, Type type) {
    std::vector<NamePointer> targets;
    const std::optional<std::size_t> target = target_offset(type);
    for (std::size_t at = 0; at < image.octets.size();) {
        const std::size_t end = at + record_octets(image.octets, at);
        const std::size_t name_at = at + record_head_octets(image.octets, at) + target.value_or(0);
        at = end;
        NamePointer& pointer = targets.emplace_back();
        if (!target || name_at >= end) { continue; }
        if (std::ranges::binary_search(image.pointers, name_at)) {
            pointer = NamePointer::from_image(load_u16(image.octets, name_at));
        } else if (name_at <= kMaxOffsetInImage) {
            pointer = NamePointer::inside(name_at);
        }
    }
    return targets;
}

Result<ImageBuffer, Unit> make_owned_image(const Name& owner, const Image& image) {
    MERIDIAN_ASSERT(image.pointers.empty());
    ImageBuffer owned;
    const auto append = [&owned](Octets octets) {
        owned.octets.insert(owned.octets.end(), octets.begin(), octets.end());
    };
    for (Octets rest = image.octets; !rest.empty();) {
        const Octets record = rest.first(record_octets(rest, 0));
        append(owner.wire());
        append(record.subspan(record_head_octets(record, 0) - kRecordFixedOctets));
        if (owned.octets.size() > kMaxImageOctets) { return Failure{Unit{}}; }
        rest = rest.subspan(record.size());
    }
    owned.record_count = image.record_count;
    return owned;
}

}  // namespace meridian::dns
