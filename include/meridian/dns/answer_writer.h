// Writes an answer behind its question, in the buffer that the query came in.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/dns/edns.h"
#include "meridian/dns/image.h"
#include "meridian/dns/image_fit.h"
#include "meridian/dns/query.h"

namespace meridian::dns {

/// Turns the packet that holds a query into its response: answer, authority, additional, OPT.
///
/// The packet belongs to the caller and outlives the writer; ID and question stay in place, in the
/// case that the client wrote. One writer serves one query on one thread. It never allocates and
/// never throws.
class AnswerWriter {
public:
    /// Starts behind the question of `query`, which lies at the front of `packet`, and reserves
    /// `opt_octets` for OPT. Expects packet.size() >= query.limit_octets, and for a query with OPT
    /// at least the octets of `answer_opt_octets`.
    AnswerWriter(const Query& query, std::span<std::uint8_t> packet, std::size_t opt_octets);

    /// Appends every record of `image` to `section`, or none: an image is never cut in half.
    /// `owner` is where the records' owner lies in the message, QNAME by default. Expects an image
    /// without pointers, and sections in wire order.
    ///
    /// Returns false when it does not fit; the message is then as it was before the call. A missing
    /// answer or authority image also sets TC, a missing additional one does not (RFC 2181 §9).
    [[nodiscard]] bool append(Section section, const Image& image,
                              std::uint16_t owner = kHeaderOctets);

    /// Appends all records of an image with a stride, beginning with record `first` and going
    /// round. Expects first < record_count.
    [[nodiscard]] bool append_rotated(Section section, const Image& image, std::uint16_t owner,
                                      std::uint16_t first);

    /// Appends `count` addresses of an image of A or AAAA to the answer with this TTL, beginning
    /// with record `first` and going round, or none. Expects first < record_count and 1 <= count
    /// <= record_count.
    [[nodiscard]] bool append_addresses(const Image& image, std::uint16_t owner,
                                        std::uint16_t first, std::uint16_t count,
                                        std::uint32_t ttl_seconds);
    /// The same for chosen `records`, by their numbers.
    [[nodiscard]] bool append_addresses(const Image& image, std::uint16_t owner,
                                        std::span<const std::uint8_t> records,
                                        std::uint32_t ttl_seconds);

    /// Appends an image as it was made. Expects that its owner is the suffix of QNAME of
    /// `owner_octets`, for which it was made.
    [[nodiscard]] bool append_in_question(Section section, const Image& image,
                                          std::size_t owner_octets);

    /// Fits an image, with or without pointers, to the end of the message, where it is appended
    /// next. `placement` says where its names lie.
    [[nodiscard]] ImageFit fit(const Image& image, const Placement& placement) const {
        return {image, placement, packet_, position_};
    }
    /// Expects that nothing was appended since it was made.
    [[nodiscard]] bool append(Section section, const ImageFit& fit);

    /// Appends a CNAME made while answering (RFC 6672 §3.1) to the answer section. `owner` is where
    /// its owner lies in the message. The target is the labels of `front`, which lies outside of
    /// the packet, before the name at `rest`; 0 there is the root.
    [[nodiscard]] bool append_cname(std::uint16_t owner, std::uint32_t ttl_seconds,
                                    std::span<const std::uint8_t> front, std::uint16_t rest);

    /// Where the next record will begin, in octets from the start of the message.
    [[nodiscard]] std::size_t position() const;

    /// AA, set for all but referrals and errors (RFC 1035 §4.1.1). False at the start.
    void set_authoritative(bool authoritative);

    /// Whether TC is set by now.
    [[nodiscard]] bool is_truncated() const;

    /// Sets TC, for data that the client must have and that did not fit (RFC 9471: glue below the
    /// cut).
    void set_truncated();

    /// Sets the ECS scope, 0 at the start; without a client subnet in the query it has no effect
    /// (RFC 7871 §7.2.1).
    void set_scope(std::uint8_t scope_bits);

    /// Writes flags, counts and, if the query had one, OPT (RFC 6891 §6.1.1) with the client subnet
    /// echoed. Returns the length to send in octets. The writer is spent.
    [[nodiscard]] std::size_t finish(Rcode rcode);

private:
    /// Whether `octets` more fit; when they do not, TC is set as the section demands.
    [[nodiscard]] bool has_room(Section section, std::size_t octets);
    void count(Section section, std::uint16_t record_count);
    /// Copies records to the place where the next one begins; returns the copy.
    std::span<std::uint8_t> copy_records(std::span<const std::uint8_t> octets);

    const Query& query_;
    std::span<std::uint8_t> packet_;
    std::size_t limit_octets_;  ///< Less the room reserved for OPT.
    std::size_t position_;
    std::uint64_t counts_ = 0;  ///< The last four counts of the header, one behind the other.
    Section section_ = Section::Answer;
    AnswerOptions options_;
    std::uint8_t flags_ = 0;  ///< AA and TC, where the header has them.
};

}  // namespace meridian::dns
