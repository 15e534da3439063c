// Finds out which services do not simply answer from regions that are up.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/service_alarms.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "meridian/ip_address.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

using zones::LiveChange;
using zones::Rung;

class AlarmFinder {
public:
    AlarmFinder(const PlannedService& service, std::span<const LiveChange> states,
                std::set<ServiceAlarm>& alarms)
        : service_(service), states_(states), alarms_(alarms) {}

    void run() {
        if (service_.regions.empty()) { return; }
        std::array<Rung, 2> answering{};
        for (std::size_t family = 0; family < answering.size(); ++family) {
            answering.at(family) = best_rung(family);
            look_at_family(family, answering.at(family));
        }
        if (is_split(answering)) { add(AlarmKind::FamiliesSplit, {}); }
    }

private:
    [[nodiscard]] bool has_family(std::size_t region, std::size_t family) const {
        return !service_.regions[region].targets.at(family).empty();
    }
    [[nodiscard]] Rung rung(std::size_t region, std::size_t family) const {
        return has_family(region, family) ? states_[region].rungs.at(family) : Rung::None;
    }
    [[nodiscard]] Rung best_rung(std::size_t family) const {
        Rung best = Rung::None;
        for (std::size_t i = 0; i < states_.size(); ++i) {
            best = std::min(best, rung(i, family));
        }
        return best;
    }

    void look_at_family(std::size_t family, Rung answering) {
        const bool is_alias = service_.regions.front().region->target.has_value();
        const std::string_view text = is_alias ? std::string_view() : family_name(family);
        const bool in_panic = std::ranges::any_of(
            states_, [&](const LiveChange& state) { return state.in_panic.at(family); });
        if (in_panic) { add(AlarmKind::Panic, text); }
        switch (answering) {
            case Rung::Up:
            case Rung::None:
                return;
            case Rung::Latched:
                return add(AlarmKind::Latched, text);
            case Rung::BelowMinimum:
                return add(AlarmKind::BelowMinimum, text);
            case Rung::Drained:
                return add(AlarmKind::Drained, text);
            case Rung::LacksOther:
            case Rung::Down:
            case Rung::DrainedDown:
            case Rung::DownByHand:
                return add(service_.has_last_resort ? AlarmKind::LastResort : AlarmKind::AsIfUp,
                           text);
        }
    }

    /// Whether a region that has both families answers in one of them alone.
    [[nodiscard]] bool is_split(const std::array<Rung, 2>& answering) const {
        const auto answers = [&](std::size_t region, std::size_t family) {
            const bool is_elsewhere =
                answering.at(family) >= Rung::LacksOther && service_.has_last_resort;
            return !is_elsewhere && rung(region, family) == answering.at(family);
        };
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const bool has_both = has_family(i, 0) && has_family(i, 1);
            if (has_both && answers(i, 0) != answers(i, 1)) { return true; }
        }
        return false;
    }

    void add(AlarmKind kind, std::string_view family) {
        alarms_.insert({.service = service_.name,
                        .file = service_.regions.front().region->file,
                        .kind = kind,
                        .family = std::string(family)});
    }

    const PlannedService& service_;
    std::span<const LiveChange> states_;
    std::set<ServiceAlarm>& alarms_;
};

}  // namespace

void add_alarms(const PlannedService& service, std::span<const zones::LiveChange> states,
                std::set<ServiceAlarm>& alarms) {
    AlarmFinder(service, states, alarms).run();
}

}  // namespace meridian::server
