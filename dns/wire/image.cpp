// Makes finished wire bytes out of records, compressed against the apex of their zone.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/image.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dns/wire/message_format.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kMaxImageOctets = kMaxTcpOctets;  // no message could carry more
constexpr std::size_t kRecordHeadOctets = 12;           // a pointer for the owner, TYPE to RDLENGTH
constexpr std::uint16_t kPointerToQname = kPointerMark << 8 | kHeaderOctets;

/// Where the names lie in RDATA whose names may be compressed: those that RFC 1035 defines and that
/// are still in use (RFC 3597 §4).
struct RdataNames {
    std::size_t octets_before = 0;
    std::size_t name_count = 0;
};

RdataNames compressible_names(Type type) {
    switch (type) {
        case Type::NS:
        case Type::CNAME:
        case Type::PTR:
            return {.octets_before = 0, .name_count = 1};
        case Type::MX:
            return {.octets_before = 2, .name_count = 1};
        case Type::SOA:
            return {.octets_before = 0, .name_count = 2};
        default:
            return {};
    }
}

std::size_t octets_of(const RecordSet& records) {
    std::size_t octets = 0;  // names that are cut short need less
    for (const Rdata& rdata : records.records) {
        octets += kRecordHeadOctets + rdata.size();
    }
    return octets;
}

/// Writes records one behind the other and remembers where it pointed to the apex.
class ImageMaker {
public:
    /// `octets` is what the image will need, or more.
    ImageMaker(std::size_t octets, const Name& apex) : apex_(apex) {
        image_.octets.reserve(octets);
    }

    void write_u16(std::size_t value) {
        image_.octets.push_back(static_cast<std::uint8_t>(value >> 8));
        image_.octets.push_back(static_cast<std::uint8_t>(value));
    }

    void write(Octets octets) {
        image_.octets.insert(image_.octets.end(), octets.begin(), octets.end());
    }

    /// The name up to the apex and a pointer in its place. A name elsewhere is written whole, and
    /// so is every name when the apex is the root: a pointer to it is longer than it is.
    void write_name(const Name& name) {
        if (apex_.is_root() || !name.is_at_or_below(apex_)) {
            write(name.wire());
            return;
        }
        write(name.wire().first(name.octets() - apex_.octets()));
        // Cut off beyond 65535, where the image is refused.
        image_.apex_pointers.push_back(static_cast<std::uint16_t>(image_.octets.size()));
        write_u16(kPointerToQname);
    }

    /// A record whose owner is QNAME.
    void write_record(const RecordSet& set, const Rdata& rdata) {
        std::array<std::uint8_t, kRecordHeadOctets> head{};
        store_u16(head, 0, kPointerToQname);
        store_u16(head, 2, static_cast<std::uint16_t>(set.type));
        store_u16(head, 4, static_cast<std::uint16_t>(Class::IN));
        store_u32(head, 6, set.ttl_seconds);
        write(head);
        const std::size_t rdata_at = image_.octets.size();
        write_rdata(set.type, rdata);
        const std::size_t rdata_octets = image_.octets.size() - rdata_at;
        // Cut off beyond 65535, where the image is refused.
        store_u16(image_.octets, rdata_at - 2, static_cast<std::uint16_t>(rdata_octets));
        ++image_.record_count;
    }

    /// The same, made before.
    void copy_body(Octets body) {
        write(body);
        ++image_.record_count;
    }

    [[nodiscard]] bool is_too_long() const { return image_.octets.size() > kMaxImageOctets; }
    [[nodiscard]] std::size_t octets() const { return image_.octets.size(); }

    ImageBuffer take() { return std::move(image_); }

private:
    /// RDATA that does not read as its type demands is copied as it is from there on.
    void write_rdata(Type type, Octets rdata) {
        const RdataNames names = compressible_names(type);
        const std::size_t before = std::min(names.octets_before, rdata.size());
        write(rdata.first(before));
        Octets rest = rdata.subspan(before);
        for (std::size_t i = 0; i < names.name_count; ++i) {
            const Result<Name, NameError> name = Name::from_wire(rest);
            if (!name) { break; }
            write_name(*name);
            rest = rest.subspan(name->octets());
        }
        write(rest);
    }

    const Name& apex_;
    ImageBuffer image_;
};

/// Rotating a set with pointers would move the pointers too, so such a set has no stride. Expects
/// an image without owners of their own.
std::uint16_t stride_of(const ImageBuffer& image, std::size_t record_octets, bool all_alike) {
    const bool can_rotate = all_alike && image.apex_pointers.empty() && image.record_count > 0;
    return can_rotate ? static_cast<std::uint16_t>(record_octets) : std::uint16_t{0};
}

}  // namespace

Result<ImageBuffer, Unit> make_image(const RecordSet& records, const Name& apex) {
    ImageMaker maker(octets_of(records), apex);
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

Result<ImageBuffer, Unit> make_owned_image(const Name& owner, const Image& image,
                                           const Name& apex) {
    MERIDIAN_ASSERT(image.apex_pointers.empty());
    ImageMaker maker(image.octets.size() + image.record_count * owner.octets(), apex);
    for (Octets rest = image.octets; !rest.empty();) {
        const std::size_t octets =
            kRecordHeadOctets + load_u16(rest, kPointerOctets + kRdataLengthAt);
        maker.write_name(owner);
        maker.copy_body(rest.first(octets).subspan(kPointerOctets));
        if (maker.is_too_long()) { return Failure{Unit{}}; }
        rest = rest.subspan(octets);
    }
    return maker.take();
}

}  // namespace meridian::dns
