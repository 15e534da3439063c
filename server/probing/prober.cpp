// Probes a set of targets, each at its own pace.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/prober.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "server/probing/host_probe.h"
#include "server/probing/loop_watch.h"
#include "server/probing/probe_schedule.h"

namespace meridian::server {

using std::chrono::steady_clock;

namespace {

/// Probes that are due within it start together, which saves turns of the loop.
constexpr std::chrono::milliseconds kTick{5};

/// That a probe of the target takes. Files take none.
std::size_t sockets_of(const ProbeTarget& target) {
    return static_cast<std::size_t>(std::ranges::count_if(
        target.checks,
        [](const zones::HealthCheck& check) { return check.kind != zones::CheckKind::File; }));
}

}  // namespace

struct Prober::State : std::enable_shared_from_this<State> {
    struct Entry {
        std::shared_ptr<const ProbeTarget> target;
        TargetProbe::Memories memories;  // of those over TLS
        std::function<void()> cancel;    // what is in flight; else null
        std::size_t sockets = 0;         // of that, or of the latest
        bool waits = false;              // for a socket
    };

    State(boost::asio::io_context& its_context, const ProberOptions& options, Take its_take)
        : context(its_context),
          settings(std::make_shared<const ProbeSettings>(options.probe)),
          max_sockets(std::max<std::size_t>(options.max_sockets, 1)),
          take(std::move(its_take)),
          schedule(options.seed),
          hosts(its_context, options.look_up),
          watch(its_context),
          timer(its_context) {}

    [[nodiscard]] std::optional<Number> find(const ProbeTarget& target) const;
    Number add(const ProbeTarget& target);
    void remove(Number number);
    void wake_when_due();
    void start_due();
    void start_soon(Number number, Entry& entry);
    void start(Number number, Entry& entry);
    void start_host(Number number, Entry& entry);
    void report_none(Number number, std::string why);
    void start_waiting();
    void take_report(Number number, TargetReport report);
    void deliver_later();
    void stop();

    boost::asio::io_context& context;
    std::shared_ptr<const ProbeSettings> settings;
    std::size_t max_sockets;
    Take take;
    ProbeSchedule schedule;
    HostAddresses hosts;
    LoopWatch watch;
    boost::asio::steady_timer timer;
    std::multimap<IpAddress, Number> numbers;  // by address, since few targets share one
    std::unordered_map<Number, Entry> entries;
    std::deque<Number> waiting;  // some may be gone
    std::size_t in_flight = 0;
    Number last_number = 0;
    std::vector<Probed> reports;  // of this turn
    bool delivers = false;
};

std::optional<Prober::Number> Prober::State::find(const ProbeTarget& target) const {
    const auto [first, end] = numbers.equal_range(target.address);
    const auto same = std::find_if(
        first, end, [&](const auto& known) { return *entries.at(known.second).target == target; });
    return same == end ? std::nullopt : std::optional(same->second);
}

Prober::Number Prober::State::add(const ProbeTarget& target) {
    const Number number = ++last_number;
    Entry entry;
    entry.target = std::make_shared<const ProbeTarget>(target);
    entry.sockets = sockets_of(target);
    if (!target.host_name.empty()) { (void)hosts.of(target.host_name); }  // known when it is due
    for (const zones::HealthCheck& check : target.checks) {
        entry.memories.push_back(is_over_tls(check.kind) ? std::make_shared<TlsMemory>() : nullptr);
    }
    numbers.emplace(target.address, number);
    entries.emplace(number, std::move(entry));
    schedule.add(number, target.every, steady_clock::now());
    return number;
}

void Prober::State::remove(Number number) {
    const auto found = entries.find(number);
    if (found->second.cancel) {
        std::exchange(found->second.cancel, nullptr)();
        in_flight -= found->second.sockets;
    }
    schedule.remove(number);
    const auto [first, end] = numbers.equal_range(found->second.target->address);
    numbers.erase(
        std::find_if(first, end, [=](const auto& known) { return known.second == number; }));
    entries.erase(found);
    std::erase_if(reports, [=](const Probed& probed) { return probed.target == number; });
}

void Prober::State::wake_when_due() {
    const auto next = schedule.next();
    if (!next) { return static_cast<void>(timer.cancel()); }
    timer.expires_at(std::max(*next, steady_clock::now() + kTick));
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
        if (!stopped && self->take) { self->start_due(); }
    });
}

void Prober::State::start_due() {
    for (const ProbeSchedule::Due& due : schedule.take_due(steady_clock::now())) {
        Entry& entry = entries.at(due.target);
        if (due.is_late) {
            report_none(due.target, "it was due late in this server");
        } else {
            start_soon(due.target, entry);
        }
    }
    start_waiting();
    wake_when_due();
}

/// Behind those that wait for a socket, where it takes one.
void Prober::State::start_soon(Number number, Entry& entry) {
    if (entry.cancel || entry.waits) { return; }
    if (sockets_of(*entry.target) == 0) { return start(number, entry); }
    entry.waits = true;
    waiting.push_back(number);
}

void Prober::State::start_waiting() {
    while (!waiting.empty()) {
        const Number number = waiting.front();
        const auto found = entries.find(number);
        if (found != entries.end()) {
            const std::size_t sockets = found->second.sockets;
            if (in_flight > 0 && in_flight + sockets > max_sockets) { return; }
        }
        waiting.pop_front();
        if (found != entries.end()) { start(number, found->second); }
    }
}

void Prober::State::start(Number number, Entry& entry) {
    entry.waits = false;
    if (!entry.target->host_name.empty()) { return start_host(number, entry); }
    in_flight += entry.sockets;
    auto probe = TargetProbe::start(context, entry.target, settings, watch, entry.memories,
                                    [self = shared_from_this(), number](TargetReport report) {
                                        self->take_report(number, std::move(report));
                                    });
    entry.cancel = [probe = std::move(probe)] { probe->cancel(); };
}

void Prober::State::start_host(Number number, Entry& entry) {
    const LookedUp addresses = hosts.of(entry.target->host_name);
    if (!addresses) { return report_none(number, addresses.error()); }
    entry.sockets = sockets_of(*entry.target) * addresses->size();
    in_flight += entry.sockets;
    auto probe = HostProbe::start(context, *entry.target, *addresses, settings, watch,
                                  [self = shared_from_this(), number](TargetReport report) {
                                      self->take_report(number, std::move(report));
                                  });
    entry.cancel = [probe = std::move(probe)] { probe->cancel(); };
}

void Prober::State::report_none(Number number, std::string why) {
    reports.push_back({number, {.why_none = std::move(why)}});
    deliver_later();
}

void Prober::State::take_report(Number number, TargetReport report) {
    const auto found = entries.find(number);
    if (found == entries.end()) { return; }
    found->second.cancel = nullptr;
    in_flight -= found->second.sockets;
    reports.push_back({number, std::move(report)});
    deliver_later();
    start_waiting();
}

void Prober::State::deliver_later() {
    if (std::exchange(delivers, true)) { return; }
    // Behind all that this turn of the loop brings.
    boost::asio::post(context, [self = shared_from_this()] {
        self->delivers = false;
        const std::vector<Probed> taken = std::exchange(self->reports, {});
        if (self->take && !taken.empty()) { self->take(taken); }
    });
}

void Prober::State::stop() {
    take = nullptr;
    hosts.stop();
    timer.cancel();
    while (!entries.empty()) {
        remove(entries.begin()->first);
    }
}

Prober::Prober(boost::asio::io_context& context, const ProberOptions& options, Take take)
    : state_(std::make_shared<State>(context, options, std::move(take))) {}

Prober::~Prober() {
    state_->stop();
}

std::vector<Prober::Number> Prober::replace(std::span<const ProbeTarget> targets) {
    std::vector<Number> result;
    std::unordered_set<Number> wanted;
    result.reserve(targets.size());
    for (const ProbeTarget& target : targets) {
        const std::optional<Number> known = state_->find(target);
        result.push_back(known ? *known : state_->add(target));
        wanted.insert(result.back());
    }
    std::vector<Number> gone;
    for (const auto& [number, entry] : state_->entries) {
        if (!wanted.contains(number)) { gone.push_back(number); }
    }
    std::ranges::for_each(gone, [&](Number number) { state_->remove(number); });
    std::set<std::string> hosts;
    for (const ProbeTarget& target : targets) {
        if (!target.host_name.empty()) { hosts.insert(target.host_name); }
    }
    state_->hosts.keep(hosts);
    state_->start_waiting();
    state_->wake_when_due();
    return result;
}

void Prober::probe_now(Number target) {
    const auto found = state_->entries.find(target);
    if (found == state_->entries.end()) { return; }
    State::Entry& entry = found->second;
    if (entry.cancel && sockets_of(*entry.target) == 0) {
        // It has read what is past, and its report is on the way.
        std::exchange(entry.cancel, nullptr)();
    }
    state_->start_soon(target, found->second);
    state_->start_waiting();
}

std::optional<Prober::TimePoint> Prober::next_check(Number target) const {
    return state_->schedule.next_of(target);
}

std::size_t Prober::target_count() const {
    return state_->entries.size();
}

std::size_t Prober::in_flight_count() const {
    return state_->in_flight;
}

}  // namespace meridian::server
