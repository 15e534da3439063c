// Holds the state of one answer while it is written.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "meridian/dns/answer_writer.h"
#include "meridian/dns/message_name.h"
#include "meridian/dns/query.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/zones/answer.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// The current name: QNAME, or the last target of a chain of aliases.
struct Step {
    Found found;
    std::uint8_t name_octets = 1;
    /// A name in the message that ends in the current name, or is the current name.
    dns::MessageName written;
};

/// The state of one answer, which the functions that write its parts share. Each of these returns
/// the response code of the answer.
struct Reply {
    const AnswerSources& sources;
    dns::Request& request;
    const dns::Query& query;
    AnswerState& state;
    dns::AnswerWriter& writer;
    Step step;

    /// The offset of the current name's suffix of so many octets.
    [[nodiscard]] std::uint16_t offset_of_suffix(std::size_t octets) const {
        return static_cast<std::uint16_t>(
            dns::offset_in_name(request.buffer, step.written.at, step.written.octets - octets));
    }
    [[nodiscard]] std::uint16_t owner() const { return offset_of_suffix(step.name_octets); }
    /// For images of a node that answers for the name: the name's own node, or a wildcard.
    [[nodiscard]] dns::Placement placement_of(const Node& node) const {
        return {step.written, step.name_octets, image_suffix_octets(node)};
    }
    /// For images of a node above the name.
    [[nodiscard]] dns::Placement placement_above(const Node& node) const {
        return {step.written, full_name_octets(node), image_suffix_octets(node)};
    }
    /// The zone of the current name. Expects that one was found.
    [[nodiscard]] const ZoneData& zone() const { return *step.found.zone->data; }
    /// The length of the whole name of a node of that zone.
    [[nodiscard]] std::uint8_t full_name_octets(const Node& node) const {
        return static_cast<std::uint8_t>(zone().full_name_octets(node));
    }

private:
    [[nodiscard]] std::uint8_t image_suffix_octets(const Node& node) const {
        return static_cast<std::uint8_t>(zone().image_suffix_octets(node));
    }
};

/// Appends an image of `node` as the answer. When it does not fit, the writer sets TC, and the
/// result is false: the answer needs nothing more.
inline bool append_answer(Reply& reply, const Node& node, const dns::Image& image) {
    if (image.pointers.empty()) {
        return append_rotating(reply.writer, reply.state, image, reply.owner());
    }
    return reply.writer.append(dns::Section::Answer,
                               reply.writer.fit(image, reply.placement_of(node)));
}

}  // namespace meridian::zones
