// Writes answers by copying finished images and setting what depends on the query.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/answer_writer.h"

#include <algorithm>

#include "dns/wire/edns.h"
#include "dns/wire/message_format.h"
#include "dns/wire/placing.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

/// Copies a record of an address, and sets its owner and TTL.
void copy_address(std::span<const std::uint8_t> record, std::span<std::uint8_t> to,
                  std::uint16_t owner_pointer, std::uint32_t ttl_seconds) {
    copy_octets(record, to);
    store_u16(to, 0, owner_pointer);
    store_u32(to, kPointerOctets + kTtlAt, ttl_seconds);
}

}  // namespace

AnswerWriter::AnswerWriter(const Query& query, std::span<std::uint8_t> packet,
                           std::size_t opt_octets)
    : query_(query),
      packet_(packet),
      limit_octets_(query.limit_octets - opt_octets),
      position_(query.question_end) {
    MERIDIAN_ASSERT(query.deserves_reply);
    MERIDIAN_ASSERT(packet.size() >= query.limit_octets);
}

bool AnswerWriter::append(Section section, const Image& image, std::uint16_t owner) {
    MERIDIAN_ASSERT(image.pointers.empty());
    if (!has_room(section, image.octets.size())) { return false; }
    const auto written = copy_records(image.octets);
    // The owner pointers of an image lead to QNAME already.
    if (owner != kHeaderOctets && !written.empty()) { place_owners(written, owner); }
    count(section, image.record_count);
    return true;
}

bool AnswerWriter::append_rotated(Section section, const Image& image, std::uint16_t owner,
                                  std::uint16_t first) {
    MERIDIAN_ASSERT(image.stride_octets != 0 && image.pointers.empty());
    MERIDIAN_ASSERT(first < image.record_count);
    if (!has_room(section, image.octets.size())) { return false; }
    const std::size_t wrap = std::size_t{first} * image.stride_octets;
    const std::size_t begin = position_;
    copy_records(image.octets.subspan(wrap));
    copy_records(image.octets.first(wrap));
    if (owner != kHeaderOctets) { place_owners(packet_.first(position_).subspan(begin), owner); }
    count(section, image.record_count);
    return true;
}

bool AnswerWriter::append_addresses(const Image& image, std::uint16_t owner, std::uint16_t first,
                                    std::uint16_t count, std::uint32_t ttl_seconds) {
    const std::size_t stride = image.stride_octets;
    MERIDIAN_ASSERT(stride != 0 && image.pointers.empty());
    MERIDIAN_ASSERT(first < image.record_count && count >= 1 && count <= image.record_count);
    if (!has_room(Section::Answer, count * stride)) { return false; }
    const std::uint16_t pointer = pointer_to(owner);
    const auto written = packet_.subspan(position_).first(count * stride);
    std::size_t from = first * stride;
    for (std::size_t to = 0; to < written.size(); to += stride) {
        copy_address(image.octets.subspan(from, stride), written.subspan(to, stride), pointer,
                     ttl_seconds);
        from += stride;
        if (from == image.octets.size()) { from = 0; }
    }
    position_ += written.size();
    this->count(Section::Answer, count);
    return true;
}

bool AnswerWriter::append_addresses(const Image& image, std::uint16_t owner,
                                    std::span<const std::uint8_t> records,
                                    std::uint32_t ttl_seconds) {
    const std::size_t stride = image.stride_octets;
    MERIDIAN_ASSERT(stride != 0 && image.pointers.empty());
    if (!has_room(Section::Answer, records.size() * stride)) { return false; }
    for (const std::uint8_t record : records) {
        MERIDIAN_ASSERT(record < image.record_count);
        copy_address(image.octets.subspan(record * stride, stride),
                     packet_.subspan(position_).first(stride), pointer_to(owner), ttl_seconds);
        position_ += stride;
    }
    count(Section::Answer, static_cast<std::uint16_t>(records.size()));
    return true;
}

bool AnswerWriter::append_in_question(Section section, const Image& image,
                                      std::size_t owner_octets) {
    if (!has_room(section, image.octets.size())) { return false; }
    const std::size_t start = position_;
    const std::size_t question_name_end = kHeaderOctets + query_.name_octets;
    const auto written = copy_records(image.octets);
    // Nearly all pointers lead to the owner.
    const std::uint16_t owner = pointer_to(question_name_end - owner_octets);
    const std::uint16_t owner_pointer = NamePointer::suffix(owner_octets).value();
    if (written[0] != 0) { store_u16(written, 0, owner); }
    for (const std::uint16_t offset : image.pointers) {
        const std::uint16_t value = load_u16(written, offset);
        if (value == owner_pointer) [[likely]] {
            store_u16(written, offset, owner);
            continue;
        }
        const NamePointer pointer = NamePointer::from_image(value);
        const std::size_t octets = pointer.octets();
        const std::size_t at = pointer.is_inside() ? start + octets : question_name_end - octets;
        store_u16(written, offset, pointer_to(at));
    }
    count(section, 1);
    return true;
}

bool AnswerWriter::append(Section section, const ImageFit& fit) {
    if (!has_room(section, fit.octets())) { return false; }
    fit.write(packet_.subspan(position_).first(fit.octets()));
    position_ += fit.octets();
    count(section, fit.record_count());
    return true;
}

bool AnswerWriter::append_cname(std::uint16_t owner, std::uint32_t ttl_seconds,
                                std::span<const std::uint8_t> front, std::uint16_t rest) {
    const std::size_t rdata_octets = front.size() + (rest == 0 ? 1 : kPointerOctets);
    const std::size_t octets = kRecordHeadOctets + rdata_octets;
    if (!has_room(Section::Answer, octets)) { return false; }
    const auto record = packet_.subspan(position_).first(octets);
    const auto fields = record.subspan(kPointerOctets);
    store_u16(record, 0, pointer_to(owner));
    store_u16(fields, 0, static_cast<std::uint16_t>(Type::CNAME));
    store_u16(fields, 2, static_cast<std::uint16_t>(Class::IN));
    store_u32(fields, 4, ttl_seconds);
    store_u16(fields, kRdataLengthAt, static_cast<std::uint16_t>(rdata_octets));
    const auto rdata = record.subspan(kRecordHeadOctets);
    std::copy(front.begin(), front.end(), rdata.begin());
    if (rest == 0) {
        rdata[front.size()] = 0;
    } else {
        store_u16(rdata, front.size(), pointer_to(rest));
    }
    position_ += octets;
    count(Section::Answer, 1);
    return true;
}

std::size_t AnswerWriter::position() const {
    return position_;
}

void AnswerWriter::set_authoritative(bool authoritative) {
    const unsigned others = flags_ & ~unsigned{kAuthoritativeFlag};
    flags_ = static_cast<std::uint8_t>(others | (authoritative ? kAuthoritativeFlag : 0u));
}

bool AnswerWriter::is_truncated() const {
    return (flags_ & kTruncatedFlag) != 0;
}

void AnswerWriter::set_truncated() {
    flags_ |= kTruncatedFlag;
}

void AnswerWriter::set_scope(std::uint8_t scope_bits) {
    options_.scope_bits = scope_bits;
}

std::size_t AnswerWriter::finish(Rcode rcode) {
    const Edns& edns = query_.edns;
    // Without OPT there is no room for the upper bits; only BADVERS needs them, and it needs OPT.
    MERIDIAN_ASSERT(edns.present || static_cast<unsigned>(rcode) <= 15);
    const auto header = packet_.first<kHeaderOctets>();
    const unsigned copied = header[kFlagsAt] & unsigned{kOpcodeMask | kRecursionDesiredFlag};
    header[kFlagsAt] = static_cast<std::uint8_t>(kResponseFlag | copied | flags_);
    // RA is 0 because we do not recurse, Z is always 0, AD and CD belong to validators (RFC 4035
    // §3.1.6).
    header[kRcodeAt] = static_cast<std::uint8_t>(static_cast<unsigned>(rcode) & 0x0f);
    const std::uint64_t question_count = query_.has_question ? 1 : 0;
    const std::uint64_t opt_count = edns.present ? 1 : 0;
    store_u64(header, kQuestionCountAt, question_count << 48 | (counts_ + opt_count));
    if (!edns.present) { return position_; }

    const std::size_t reserved_octets = query_.limit_octets - limit_octets_;
    const auto rest = packet_.subspan(position_).first(reserved_octets);
    return position_ + write_opt(rest, edns, rcode, options_);
}

/// No message holds enough records for a count to overflow into the one before.
void AnswerWriter::count(Section section, std::uint16_t record_count) {
    counts_ += std::uint64_t{record_count} << (32 - 16 * static_cast<unsigned>(section));
}

bool AnswerWriter::has_room(Section section, std::size_t octets) {
    MERIDIAN_ASSERT(section >= section_);
    section_ = section;
    if (octets <= limit_octets_ - position_) { return true; }
    if (section != Section::Additional) { set_truncated(); }
    return false;
}

std::span<std::uint8_t> AnswerWriter::copy_records(std::span<const std::uint8_t> octets) {
    const auto written = packet_.subspan(position_).first(octets.size());
    copy_octets(octets, written);
    position_ += octets.size();
    return written;
}

}  // namespace meridian::dns
