// Writes answers by copying finished images and setting what depends on the query.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/answer_writer.h"

#include <algorithm>

#include "dns/wire/message_format.h"
#include "dns/wire/placing.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

std::size_t opt_octets(const Edns& edns) {
    if (!edns.present) { return 0; }
    if (!edns.client_subnet.present) { return kOptFixedOctets; }
    return kOptFixedOctets + kClientSubnetFrontOctets + edns.client_subnet.address_octets();
}

/// The client must find its option as it sent it, but for SCOPE (RFC 7871 §7.2.1). `opt` is all of
/// the record, and the option ends it.
void write_client_subnet(std::span<std::uint8_t> opt, const ClientSubnet& subnet,
                         std::uint8_t scope_bits) {
    const std::size_t address_octets = subnet.address_octets();
    // From the end to the front, eight octets at once: those too many lie where the next are
    // written.
    if (address_octets > 8) {
        store_u64(opt, opt.size() - 8, subnet.address.low() >> (128 - 8 * address_octets));
        store_u64(opt, opt.size() - address_octets, subnet.address.high());
    } else if (address_octets > 0) {
        store_u64(opt, opt.size() - 8, subnet.address.high() >> (64 - 8 * address_octets));
    }
    const auto front = opt.subspan<kOptFixedOctets>().first<kClientSubnetFrontOctets>();
    const auto data = front.subspan<kOptionHeadOctets>();
    store_u16(front, 0, kClientSubnetOption);
    store_u16(front, 2, static_cast<std::uint16_t>(data.size() + address_octets));
    store_u16(data, 0, subnet.address.is_v4() ? kFamilyV4 : kFamilyV6);
    data[kSourceAt] = subnet.source_bits;
    data[kScopeAt] = scope_bits;
}

/// OPT of our own: 1232 octets, version 0, DO as it came (RFC 3225 §3), and of the options only the
/// client subnet.
void write_opt(std::span<std::uint8_t> octets, const Edns& edns, Rcode rcode,
               std::uint8_t scope_bits) {
    const std::uint32_t upper_rcode = static_cast<std::uint32_t>(rcode) >> 4;
    if (edns.client_subnet.present) { write_client_subnet(octets, edns.client_subnet, scope_bits); }
    const auto fixed = octets.first<kOptFixedOctets>();
    fixed[0] = 0;
    store_u16(fixed, 1, static_cast<std::uint16_t>(Type::OPT));
    store_u16(fixed, 3, kMaxUdpOctets);
    store_u32(fixed, 5, upper_rcode << kOptRcodeShift | (edns.dnssec_ok ? kOptDnssecOk : 0));
    store_u16(fixed, 9, static_cast<std::uint16_t>(octets.size() - kOptFixedOctets));
}

}  // namespace

AnswerWriter::AnswerWriter(const Query& query, std::span<std::uint8_t> packet)
    : query_(query),
      packet_(packet),
      limit_octets_(query.limit_octets - opt_octets(query.edns)),
      position_(query.question_end) {
    MERIDIAN_ASSERT(query.deserves_reply);
    MERIDIAN_ASSERT(packet.size() >= query.limit_octets);
}

bool AnswerWriter::append(Section section, const Image& image, std::uint16_t owner) {
    MERIDIAN_ASSERT(image.pointers.empty());
    if (!has_room(section, image.octets.size())) { return false; }
    const auto written = copy_records(image.octets);
    // An image is made with pointers to QNAME, so there is nothing to set where QNAME is meant.
    if (owner != kHeaderOctets && !written.empty()) { place_owners(written, owner); }
    count(section, image.record_count);
    return true;
}

bool AnswerWriter::append_rotated(Section section, const Image& image, std::uint16_t owner,
                                  std::uint16_t first, std::uint16_t count) {
    const std::size_t stride = image.stride_octets;
    MERIDIAN_ASSERT(stride != 0 && image.pointers.empty());
    MERIDIAN_ASSERT(first < image.record_count && count >= 1 && count <= image.record_count);
    if (!has_room(section, count * stride)) { return false; }
    const std::size_t before_wrap = std::min<std::size_t>(count, image.record_count - first);
    const std::size_t begin = position_;
    copy_records(image.octets.subspan(first * stride).first(before_wrap * stride));
    copy_records(image.octets.first((count - before_wrap) * stride));
    if (owner != kHeaderOctets) { place_owners(packet_.first(position_).subspan(begin), owner); }
    this->count(section, count);
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
    const std::uint16_t owner_place = NamePlace::suffix(owner_octets).value();
    if (written[0] != 0) { store_u16(written, 0, owner); }
    for (const std::uint16_t offset : image.pointers) {
        const std::uint16_t value = load_u16(written, offset);
        if (value == owner_place) [[likely]] {
            store_u16(written, offset, owner);
            continue;
        }
        const NamePlace place = NamePlace::from_image(value);
        const std::size_t octets = place.octets();
        const std::size_t at = place.is_inside() ? start + octets : question_name_end - octets;
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

void AnswerWriter::set_truncated() {
    flags_ |= kTruncatedFlag;
}

void AnswerWriter::set_scope(std::uint8_t scope_bits) {
    scope_bits_ = scope_bits;
}

std::size_t AnswerWriter::finish(Rcode rcode) {
    const Edns& edns = query_.edns;
    // Without OPT there is no room for the upper bits; only BADVERS needs them, and it needs OPT.
    MERIDIAN_ASSERT(edns.present || static_cast<unsigned>(rcode) <= 15);
    const auto header = packet_.first<kHeaderOctets>();
    const unsigned kept = header[kFlagsAt] & unsigned{kOpcodeMask | kRecursionDesiredFlag};
    header[kFlagsAt] = static_cast<std::uint8_t>(kResponseFlag | kept | flags_);
    // RA is 0 because we do not recurse, Z must be, AD and CD are a validator's (RFC 4035 §3.1.6).
    header[kRcodeAt] = static_cast<std::uint8_t>(static_cast<unsigned>(rcode) & 0x0f);
    const std::uint64_t question_count = query_.has_question ? 1 : 0;
    const std::uint64_t opt_count = edns.present ? 1 : 0;
    store_u64(header, kQuestionCountAt, question_count << 48 | (counts_ + opt_count));
    if (!edns.present) { return position_; }

    const std::size_t octets = query_.limit_octets - limit_octets_;  // kept free for it
    write_opt(packet_.subspan(position_).first(octets), edns, rcode, scope_bits_);
    position_ += octets;
    return position_;
}

/// No message has room for so many records that a count would run into the one before.
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
