// Writes HTTPS records whose hints are the addresses that the same client gets.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/hinted_set.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "meridian/bytes.h"
#include "meridian/limits.h"
#include "zones/model/auto_hints.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kTtlAt = 4;        // behind the owner of a record, RFC 1035 §4.1.3
constexpr std::size_t kRdataAt = 10;     // likewise
constexpr std::size_t kAddressAt = 12;   // in a record of an address, whose owner is a pointer
constexpr std::size_t kParameterAt = 4;  // the value, behind key and length

/// The addresses that stand for a hint.
struct Hint {
    dns::Image image;
    ShownAddresses shown;
    bool is_given = false;
};

struct Hints {
    std::array<Hint, 2> of_family;  ///< IPv4, IPv6.
    std::uint32_t ttl_seconds = std::numeric_limits<std::uint32_t>::max();
};

/// Chooses for each family as for a query of its own.
Hints choose_hints(Reply& reply, const HintedSet& set) {
    Hints hints;
    std::array<std::uint32_t, 2> regions{};
    const std::array<bool, 2> has_family{set.has_v4, set.has_v6};
    for (std::size_t family = 0; family < has_family.size(); ++family) {
        if (!has_family[family]) { continue; }
        const dns::Type type = family == 0 ? dns::Type::A : dns::Type::AAAA;
        const Choice choice =
            choose(reply.sources, *reply.step.found.zone, {type, SetKind::Steered, set.service},
                   reply.query, reply.request, reply.writer);
        regions[family] = reply.request.outcome.region;
        hints.ttl_seconds = std::min(hints.ttl_seconds, choice.ttl_seconds);
        hints.of_family[family] = {choice.image, shown_addresses(reply.state, choice), true};
    }
    const bool are_apart = set.has_v4 && set.has_v6 && regions[0] != regions[1];
    for (Hint& hint : hints.of_family) {
        hint.is_given = hint.is_given && !are_apart;
    }
    return hints;
}

/// Octets that are written one behind the other. What does not fit is left out, and noted.
class Filler {
public:
    explicit Filler(std::span<std::uint8_t> room) : room_(room) {}

    void add(std::span<const std::uint8_t> octets) {
        if (octets.size() > room_.size() - octets_) { is_full_ = true; }
        if (is_full_) { return; }
        std::ranges::copy(octets, room_.begin() + static_cast<std::ptrdiff_t>(octets_));
        octets_ += octets.size();
    }
    void add_u16(std::uint16_t value) {
        add(std::array{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
    }
    [[nodiscard]] std::size_t octets() const { return octets_; }
    [[nodiscard]] bool is_full() const { return is_full_; }
    [[nodiscard]] std::span<std::uint8_t> written() const { return room_.first(octets_); }

private:
    std::span<std::uint8_t> room_;
    std::size_t octets_ = 0;
    bool is_full_ = false;
};

void add_hint(const Hint& hint, std::uint16_t key, Filler& out) {
    if (!hint.is_given) { return; }
    const std::size_t stride = hint.image.stride_octets;
    const std::size_t address_octets = stride - kAddressAt;
    out.add_u16(key);
    out.add_u16(static_cast<std::uint16_t>(hint.shown.count * address_octets));
    for (const std::uint8_t number : hint.shown.all()) {
        out.add(hint.image.octets.subspan(number * stride + kAddressAt, address_octets));
    }
}

/// Copies the parameters of a record (RFC 9460 §2.2).
void add_parameters(std::span<const std::uint8_t> parameters, const Hints& hints, Filler& out) {
    while (!parameters.empty()) {
        const std::uint16_t key = load_u16(parameters, 0);
        const std::size_t octets = kParameterAt + load_u16(parameters, 2);
        const bool is_hint = key == kIpv4HintKey || key == kIpv6HintKey;
        if (is_hint && octets == kParameterAt) {
            add_hint(hints.of_family[key == kIpv4HintKey ? 0 : 1], key, out);
        } else {
            out.add(parameters.first(octets));
        }
        parameters = parameters.subspan(octets);
    }
}

/// Where the parameters begin: behind the priority and the target.
std::size_t parameters_at(std::span<const std::uint8_t> rdata) {
    std::size_t at = 2;
    while (rdata[at] != 0) {
        at += std::size_t{1} + rdata[at];
    }
    return at + 1;
}

/// Copies the first record of `records`, and takes it off their front.
void add_record(std::span<const std::uint8_t>& records, const Hints& hints, Filler& out) {
    const std::size_t owner_octets = records[0] == 0 ? 1 : 2;  // of the root, or a pointer
    const std::size_t rdata_at = owner_octets + kRdataAt;
    const std::size_t rdata_octets = load_u16(records, rdata_at - 2);
    const auto rdata = records.subspan(rdata_at, rdata_octets);
    const std::size_t begin = out.octets();
    out.add(records.first(rdata_at));
    const std::size_t front_octets = parameters_at(rdata);
    out.add(rdata.first(front_octets));
    add_parameters(rdata.subspan(front_octets), hints, out);
    records = records.subspan(rdata_at + rdata_octets);
    if (out.is_full()) { return; }
    const auto record = out.written().subspan(begin);
    store_u32(record, owner_octets + kTtlAt, hints.ttl_seconds);
    store_u16(record, rdata_at - 2, static_cast<std::uint16_t>(record.size() - rdata_at));
}

/// The records with their hints. False where they would not fit into any message.
bool fill(const dns::Image& image, const Hints& hints, Filler& out) {
    for (std::span<const std::uint8_t> records = image.octets; !records.empty();) {
        add_record(records, hints, out);
    }
    return !out.is_full();
}

}  // namespace

// noinline: the room is taken on the stack by these answers alone.
[[gnu::noinline]] void append_hinted_set(Reply& reply, const HintedSet& set) {
    const dns::Image image = reply.zone().images.view(set.image);
    std::array<std::uint8_t, kMaxTcpOctets> room;  // not filled: few octets of it are used
    Hints hints = choose_hints(reply, set);
    Filler out(room);
    if (!fill(image, hints, out)) {
        for (Hint& hint : hints.of_family) {
            hint.is_given = false;
        }
        out = Filler(room);
        (void)fill(image, hints, out);  // the compiler saw to it that these fit
    }
    const dns::Image filled{out.written(), {}, image.record_count, 0};
    (void)reply.writer.append(dns::Section::Answer, filled, reply.owner());
}

}  // namespace meridian::zones
