// Says of each region of a client's ranking why it is passed over, or answers all the same.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/explain/region_notes.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {
namespace {

/// Why a region stands below the first rung.
std::string_view text_of(Rung rung) {
    switch (rung) {
        case Rung::Up:
        case Rung::None:
            break;
        case Rung::Latched:
            return "fell, and waits for `meridian release`";
        case Rung::BelowMinimum:
            return "has fewer addresses up than `min_up` asks for";
        case Rung::Drained:
            return "is drained";
        case Rung::LacksOther:
        case Rung::Down:
            return "is down";
        case Rung::DrainedDown:
            return "is drained, and down besides";
        case Rung::DownByHand:
            return "is down by hand";
    }
    return {};
}

/// The rung of a service at a region of that name, in the better family of those that it has there.
Rung rung_at(const Serving& serving, const SteeringService& service, std::string_view region) {
    for (const ServedService& served : serving.snapshot()->data().steering->services) {
        if (served.service.get() != &service) { continue; }
        for (std::uint32_t cell = served.first_cell; cell < served.end_cell(); ++cell) {
            if (served.region_of(cell).name != region) { continue; }
            const auto& standing = serving.live()->cells()[cell].standing;
            return std::min(standing[0].rung, standing[1].rung);
        }
    }
    return Rung::Up;
}

/// What takes the region down that is not its own; empty where nothing does.
std::string outside_reason(const SteeredClient& client, geo::RegionIndex index,
                           std::size_t family) {
    switch (client.cells()[index].standing[family].down_by) {
        case DownBy::Itself:
            break;
        case DownBy::OtherFamily:
            return family == 0 ? ", since its IPv6 is" : ", since its IPv4 is";
        case DownBy::Dependency:
            for (const auto& other : client.service.service->depends) {
                const Rung rung = rung_at(client.serving, *other, client.region_name(index));
                if (rung >= Rung::Drained) {
                    return ", since " + other->label() + " is down there";
                }
                if (rung == Rung::Latched) { return ", since " + other->label() + " does there"; }
            }
    }
    return {};
}

/// " (checked at 10.0.0.20)" where something else than its addresses decides; else empty.
std::string probed_at(const SteeredClient& client, geo::RegionIndex index,
                      const FamilyStanding& standing) {
    const std::vector<ProbePoint>& probes = client.region(index).probes;
    const bool is_by_checks = standing.down_by == DownBy::Itself &&
                              (standing.rung == Rung::Latched || standing.rung == Rung::Down ||
                               standing.rung == Rung::BelowMinimum);
    if (probes.empty() || !is_by_checks) { return {}; }
    std::string names;
    for (const ProbePoint& probe : probes) {
        names += (names.empty() ? "" : ", ") + probe.to_text();
    }
    return " (checked at " + names + ")";
}

}  // namespace

std::string note_of(const SteeredClient& client, geo::RegionIndex index, const AskedFamily& asked) {
    const std::size_t family = asked.family;
    if (!client.region(index).has_answers()) { return "is not part of the service"; }
    if (client.service.images[index][family] == 0) {
        return family == 0 ? "has no IPv4 address" : "has no IPv6 address";
    }
    if (!asked.is_served) { return "the policy omits what not all of its regions have"; }
    const FamilyStanding& standing = client.cells()[index].standing[family];
    if (standing.in_panic) {
        return "counts as up, since fewer regions are than `min_regions` asks for";
    }
    const Rung rung = standing.rung;
    std::string note = std::string(text_of(rung)) + outside_reason(client, index, family) +
                       probed_at(client, index, standing);
    const bool may_answer = rung < Rung::LacksOther || !client.service.has_last_resort;
    if (rung == Rung::Up || rung != asked.answering || !may_answer) { return note; }
    if (rung == Rung::Down) { return note + ", as all are, so all count as up"; }
    return note + ", and no region is better off";
}

std::vector<std::string> left_out_of(const SteeredClient& client, geo::RegionIndex index,
                                     std::size_t family) {
    std::vector<std::string> left_out;
    const LiveCell& cell = client.cells()[index];
    if (!cell.standing[family].is_part) { return left_out; }
    const std::uint64_t up =
        client.serving.live()->up_addresses(client.service.first_cell + index, family);
    std::size_t number = 0;
    for (const IpAddress& address : client.region(index).addresses) {
        if (address.is_v4() != (family == 0)) { continue; }
        if ((up >> number & 1) == 0) { left_out.push_back(address.to_string()); }
        ++number;
    }
    return left_out;
}

}  // namespace meridian::zones
