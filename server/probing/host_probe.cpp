// Probes all addresses of a host once, at the same time, and makes one result of theirs.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/host_probe.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

namespace {

using Report = std::optional<TargetReport>;

bool address_has_passed(const Report& report) {
    return report && report->result && report->result->passed();
}

bool shows_the_way(const Report& report) {
    return report && report->result && !report->result->is_sign();
}

/// The first failure, with its address.
CheckResult failure_of(const std::vector<IpAddress>& addresses,
                       const std::vector<Report>& reports) {
    CheckResult failure = *reports.front()->result;
    failure.text = addresses.front().to_string() + ": " + failure.text;
    // Where one address can be reached, it is not this server that is cut off.
    if (std::ranges::any_of(reports, shows_the_way)) { failure.failure = FailureKind::Other; }
    return failure;
}

}  // namespace

std::optional<TargetReport> report_of_host(const std::vector<IpAddress>& addresses,
                                           std::vector<std::optional<TargetReport>>& reports) {
    const bool passes = std::ranges::any_of(reports, address_has_passed);
    const bool are_there = std::ranges::all_of(reports, &Report::has_value);
    if (!passes && !are_there) { return {}; }
    TargetReport whole;
    const auto none = std::ranges::find_if(
        reports, [](const Report& report) { return report && !report->result; });
    if (passes) {
        whole.result = CheckResult{};
    } else if (none != reports.end()) {
        whole.why_none = (*none)->why_none;
    } else {
        whole.result = failure_of(addresses, reports);
    }
    FamilySet families{};
    for (const IpAddress& address : addresses) {
        families[index_of(address.family())] = true;
    }
    whole.families = families;
    for (Report& report : reports) {
        if (!report) { continue; }
        whole.began = report->began;  // all began together
        std::ranges::move(report->checks, std::back_inserter(whole.checks));
    }
    return whole;
}

HostProbe::HostProbe(std::vector<IpAddress> addresses, Done done)
    : addresses_(std::move(addresses)), done_(std::move(done)), reports_(addresses_.size()) {}

std::shared_ptr<HostProbe> HostProbe::start(boost::asio::io_context& context,
                                            const ProbeTarget& target,
                                            const std::vector<IpAddress>& addresses,
                                            const std::shared_ptr<const ProbeSettings>& settings,
                                            LoopWatch& watch, Done done) {
    std::shared_ptr<HostProbe> probe(new HostProbe(addresses, std::move(done)));
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        auto one = std::make_shared<ProbeTarget>(target);
        one->address = addresses[i];
        one->host_name.clear();
        // No sessions are resumed: the addresses may belong to different machines by now.
        probe->probes_.push_back(TargetProbe::start(
            context, std::move(one), settings, watch, {},
            [probe, i](TargetReport report) { probe->take(i, std::move(report)); }));
    }
    return probe;
}

void HostProbe::take(std::size_t address, TargetReport report) {
    if (!done_) { return; }
    reports_[address] = std::move(report);
    auto whole = report_of_host(addresses_, reports_);
    if (!whole) { return; }
    const Done done = std::exchange(done_, nullptr);
    cancel();
    done(std::move(*whole));
}

void HostProbe::cancel() {
    done_ = nullptr;
    for (const std::shared_ptr<TargetProbe>& probe : std::exchange(probes_, {})) {
        probe->cancel();
    }
}

}  // namespace meridian::server
