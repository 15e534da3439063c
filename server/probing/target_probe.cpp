// Runs all checks of a target once, at the same time, and makes one result of theirs.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/target_probe.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

namespace {

using Reports = std::vector<std::optional<ProbeReport>>;

bool has_passed(const std::optional<ProbeReport>& report) {
    return report && report->result && report->result->passed();
}

bool has_failed(const std::optional<ProbeReport>& report) {
    return report && report->result && !report->result->passed();
}

/// Whether a report shows that the way to the address is open.
bool shows_the_way(const ProbeTarget& target, const Reports& reports) {
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const std::optional<ProbeReport>& report = reports[i];
        const bool asks = zones::asks_the_address(target.checks.at(i).kind);
        if (asks && report && report->result && !report->result->is_sign()) { return true; }
    }
    return false;
}

/// The first failure, with the name of its check where there are several.
CheckResult failure_of(const ProbeTarget& target, const Reports& reports) {
    const auto first = std::ranges::find_if(reports, has_failed);
    const auto number = static_cast<std::size_t>(first - reports.begin());
    CheckResult result = *(*first)->result;
    if (reports.size() == 1) { return result; }
    result.text = check_name(target.checks.at(number)) + ": " + result.text;
    if (shows_the_way(target, reports)) { result.failure = FailureKind::Other; }
    return result;
}

}  // namespace

std::string check_name(const zones::HealthCheck& check) {
    switch (check.kind) {
        case zones::CheckKind::Http:
            return "http " + check.path;
        case zones::CheckKind::Https:
            return "https " + check.path;
        case zones::CheckKind::Tcp:
            return "tcp " + std::to_string(check.port);
        case zones::CheckKind::Tls:
            return "tls " + std::to_string(check.port);
        case zones::CheckKind::File:
            return "file " + check.file.name;
        case zones::CheckKind::Command:
            return "command " + check.command;
        case zones::CheckKind::Dns:
            break;
    }
    return "dns " + check.question.name.to_text();
}

std::optional<CheckResult> result_of(const ProbeTarget& target, const Reports& reports) {
    const bool is_whole =
        std::ranges::all_of(reports, [](const auto& report) { return report && report->result; });
    if (target.need == zones::CheckNeed::Any) {
        if (std::ranges::any_of(reports, has_passed)) { return CheckResult{}; }
        return is_whole ? std::optional(failure_of(target, reports)) : std::nullopt;
    }
    if (std::ranges::any_of(reports, has_failed)) { return failure_of(target, reports); }
    return is_whole ? std::optional(CheckResult{}) : std::nullopt;
}

TargetProbe::TargetProbe(std::shared_ptr<const ProbeTarget> target, Done done)
    : target_(std::move(target)),
      done_(std::move(done)),
      began_(std::chrono::steady_clock::now()),
      reports_(target_->checks.size()),
      left_(target_->checks.size()) {}

std::shared_ptr<TargetProbe> TargetProbe::start(
    boost::asio::io_context& context, std::shared_ptr<const ProbeTarget> target,
    const std::shared_ptr<const ProbeSettings>& settings, LoopWatch& watch,
    const Memories& memories, Done done) {
    std::shared_ptr<TargetProbe> probe(new TargetProbe(std::move(target), std::move(done)));
    for (std::size_t i = 0; i < probe->target_->checks.size(); ++i) {
        probe->probes_.push_back(
            Probe::start(context, probe->target_, i, settings, watch,
                         i < memories.size() ? memories[i] : nullptr,
                         [probe, i](ProbeReport report) { probe->take(i, std::move(report)); }));
    }
    return probe;
}

void TargetProbe::take(std::size_t check, ProbeReport report) {
    if (!done_) { return; }
    reports_[check] = std::move(report);
    --left_;
    auto result = result_of(*target_, reports_);
    if (result || left_ == 0) { finish(std::move(result)); }
}

void TargetProbe::finish(std::optional<CheckResult> result) {
    TargetReport report{.result = std::move(result), .began = began_};
    for (const auto& ended : reports_) {
        if (!ended || ended->result) { continue; }
        report.why_none = ended->why_none;
        if (!ended->problem.empty()) { report.problem = ended->problem; }
    }
    report.checks = std::move(reports_);
    const Done done = std::exchange(done_, nullptr);
    for (const std::shared_ptr<Probe>& probe : std::exchange(probes_, {})) {
        probe->cancel();
    }
    done(std::move(report));
}

void TargetProbe::cancel() {
    done_ = nullptr;
    for (const std::shared_ptr<Probe>& probe : std::exchange(probes_, {})) {
        probe->cancel();
    }
}

}  // namespace meridian::server
