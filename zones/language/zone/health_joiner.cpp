// Decides how the addresses of each service of a zone are checked.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/health_joiner.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "zones/language/keys/quantities.h"
#include "zones/language/zone/probed_host.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

using std::chrono::milliseconds;

std::vector<HealthCheck> checks_of(const WrittenHealth& table) {
    std::vector<HealthCheck> checks;
    for (const WrittenCheck& written : table.checks) {
        checks.push_back(written.check);
    }
    return checks;
}

/// A table and its place.
struct Source {
    const WrittenHealth* table = nullptr;
    std::uint32_t file = 0;
    std::string path;
};

class HealthJoiner {
public:
    HealthJoiner(const WrittenHealths& written, UnknownName unknown, const CommandNames* commands,
                 Zone& zone, Findings& findings)
        : written_(written),
          unknown_(unknown),
          commands_(commands),
          zone_(zone),
          findings_(findings) {
        of_zone_ = {written.of_zone.table, written.of_zone.file, "health"};
    }

    void join() {
        find_names();
        if (of_zone_.table != nullptr) { check_timeout(timing_of({}), of_zone_); }
        for (std::size_t i = 0; i < zone_.services.size(); ++i) {
            join_service(i);
        }
    }

private:
    void find_names();
    [[nodiscard]] Source own_of(std::size_t service) const;
    void join_service(std::size_t number);
    [[nodiscard]] HealthTiming timing_of(const Source& own) const;
    void check_timeout(const HealthTiming& timing, const Source& at);
    bool choose_host(std::size_t service, const Source& source, const WrittenCheck& written,
                     HealthCheck& check);
    void check_command(const Source& source, const WrittenCheck& written);
    [[nodiscard]] std::string file_of(const Source& source) const;
    void check_probes(std::size_t number);
    bool check_addresses(std::size_t service);
    [[nodiscard]] KeyPosition addresses_at(std::size_t service, const Region& region) const;

    /// What the table of the service says at `member`, else that of the zone; none where neither
    /// does.
    template <typename T>
    [[nodiscard]] std::optional<T> inherited(const Source& own,
                                             std::optional<T> WrittenHealth::* member) const {
        if (own.table != nullptr && own.table->*member) { return own.table->*member; }
        return of_zone_.table != nullptr ? of_zone_.table->*member : std::nullopt;
    }

    const WrittenHealths& written_;
    UnknownName unknown_;
    const CommandNames* commands_;
    Zone& zone_;
    Findings& findings_;
    Source of_zone_;
    std::vector<std::vector<const dns::Name*>> names_;  // steered to each service, no wildcards
    std::vector<bool> is_steered_;                      // by service
    std::vector<bool> is_used_;                         // those, and what they depend on
    std::set<const WrittenCheck*> hosts_reported_;      // once a check
    std::set<const WrittenCheck*> commands_reported_;   // likewise
    std::set<std::pair<std::string, std::string>> addresses_reported_;  // once a key
};

void HealthJoiner::find_names() {
    names_.resize(zone_.services.size());
    is_used_.resize(zone_.services.size());
    is_steered_.resize(zone_.services.size());
    for (const Owner& owner : zone_.owners) {
        if (!owner.steer) { continue; }
        is_used_[*owner.steer] = is_steered_[*owner.steer] = true;
        if (!owner.name.is_wildcard()) { names_[*owner.steer].push_back(&owner.name); }
    }
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < is_used_.size(); ++i) {
        if (is_used_[i]) { used.push_back(i); }
    }
    while (!used.empty()) {  // services depend on others
        const std::vector<std::size_t>& depends = zone_.services[used.back()].depends;
        used.pop_back();
        for (const std::size_t other : depends) {
            if (is_used_[other]) { continue; }
            is_used_[other] = true;
            used.push_back(other);
        }
    }
}

Source HealthJoiner::own_of(std::size_t service) const {
    if (service >= written_.services.size()) { return {}; }  // of a policy
    const auto& [table, file] = written_.services[service];
    if (!table->health) { return {}; }
    return {&*table->health, file, key_path(key_path("services", table->name), "health")};
}

void HealthJoiner::join_service(std::size_t number) {
    const Source own = own_of(number);
    if (own.table == nullptr && of_zone_.table == nullptr) { return check_probes(number); }
    const bool has_own = own.table != nullptr && !own.table->checks.empty();
    const Source& source = has_own ? own : of_zone_;
    if (source.table == nullptr) {
        if (unknown_ == UnknownName::MayComeFromTheZone) { return; }
        return findings_.report(diagnostics::kNoCheck, in_file(own.table->position, own.file),
                                own.path, {", or a [health] for the whole zone"});
    }
    Health health{checks_of(*source.table), source.table->need, timing_of(own),
                  inherited(own, &WrittenHealth::min_up).value_or(Health().min_up),
                  inherited(own, &WrittenHealth::manual_failback).value_or(false)};
    if (own.table != nullptr && (own.table->every || own.table->timeout)) {
        check_timeout(health.timing, own);
    }
    for (const WrittenCheck& written : source.table->checks) {
        check_command(source, written);
    }
    if (is_pushed(health.checks)) { health.timing = pushed_timing(); }
    const Service& service = zone_.services[number];
    // Where names lead is not known here, but it may have other things to check.
    const bool is_unknown = !service.cnames.empty() && service.probes.empty();
    if (!is_used_[number] || is_unknown) { return; }
    bool has_hosts = true;
    for (std::size_t i = 0; i < health.checks.size(); ++i) {
        const WrittenCheck& written = source.table->checks[i];
        has_hosts = choose_host(number, source, written, health.checks[i]) && has_hosts;
        if (written.check.kind == CheckKind::File) {
            health.checks[i].file.named_by = file_of(source);
        }
    }
    // A file that states its health asks nothing of an address.
    const bool may_be_asked = is_pushed(health.checks) || check_addresses(number);
    if (!may_be_asked || !has_hosts) { return; }
    zone_.services[number].health = std::make_shared<const Health>(std::move(health));
}

HealthTiming HealthJoiner::timing_of(const Source& own) const {
    HealthTiming timing;
    const auto every = inherited(own, &WrittenHealth::every);
    const auto timeout = inherited(own, &WrittenHealth::timeout);
    const auto hold = inherited(own, &WrittenHealth::hold);
    if (every) { timing.every = every->value; }
    timing.timeout = timeout ? timeout->value : usual_timeout(timing.every);
    if (hold) { timing.hold = hold->value; }
    timing.fall = inherited(own, &WrittenHealth::fall).value_or(timing.fall);
    timing.rise = inherited(own, &WrittenHealth::rise).value_or(timing.rise);
    return timing;
}

/// Reports at the table `at`, which has one of the two at least, else nothing is wrong.
void HealthJoiner::check_timeout(const HealthTiming& timing, const Source& at) {
    if (timing.timeout < timing.every) { return; }
    const WrittenHealth& table = *at.table;
    const auto& written = table.timeout ? table.timeout : table.every;
    findings_.report(diagnostics::kTimeoutNotShorter, in_file(written->at, at.file),
                     key_path(at.path, table.timeout ? "timeout" : "every"),
                     {duration_text(timing.timeout), duration_text(timing.every),
                      quoted(duration_text(usual_timeout(timing.every)))});
}

/// The name that is steered so, where none is written. False after a diagnostic.
bool HealthJoiner::choose_host(std::size_t service, const Source& source,
                               const WrittenCheck& written, HealthCheck& check) {
    const bool has_host = check.kind == CheckKind::Http || is_over_tls(check.kind);
    if (!has_host || !check.host.empty()) { return true; }
    const std::vector<const dns::Name*>& names = names_[service];
    std::string why =
        is_steered_[service] ? "only a wildcard is steered so" : "no name is steered so";
    std::string likely = probed_host_of(zone_.apex).value_or("www.beigel.example");
    if (names.size() == 1) {
        if (auto host = probed_host_of(*names.front())) {
            check.host = std::move(*host);
            return true;
        }
        why = "no host can have the name " + quoted(relative_text(*names.front(), zone_.apex));
    } else if (names.size() > 1) {
        constexpr std::size_t kShown = 3;
        std::vector<std::string> texts;
        for (const dns::Name* name : names) {
            if (texts.size() <= kShown) { texts.push_back(relative_text(*name, zone_.apex)); }
        }
        const std::vector<std::string_view> shown(texts.begin(), texts.end());
        why = "several names are steered so, " + quoted_list(shown, kShown);
        likely = probed_host_of(*names.front()).value_or(likely);
    }
    if (hosts_reported_.insert(&written).second) {
        const std::string path = written.in_list ? key_path(source.path, "checks") : source.path;
        findings_.report(diagnostics::kHostWanted, in_file(written.position, source.file),
                         key_path(path, "host"), {why, "host = " + quoted(likely)});
    }
    return false;
}

/// Reports, once, a command that this server does not have, where its commands are known.
void HealthJoiner::check_command(const Source& source, const WrittenCheck& written) {
    if (written.check.kind != CheckKind::Command || commands_ == nullptr) { return; }
    const std::string& name = written.check.command;
    if (std::ranges::find(*commands_, name) != commands_->end()) { return; }
    if (!commands_reported_.insert(&written).second) { return; }
    const std::vector<std::string_view> known(commands_->begin(), commands_->end());
    const std::string path = written.in_list ? key_path(source.path, "checks") : source.path;
    findings_.report(
        diagnostics::kUnknownCommand, in_file(written.position, source.file),
        key_path(path, "command"),
        {quoted(name), known.empty() ? "meridian.toml declares none; one is declared as "
                                       "[commands." +
                                           name + "]"
                                     : spelling_hint(name, "commands of meridian.toml", known)});
}

/// The name of the file that has the table.
std::string HealthJoiner::file_of(const Source& source) const {
    return source.file == 0 ? zone_.file : zone_.other_files.at(source.file - 1).path;
}

/// Reports probes of a service that is used, and that no table of health is about.
void HealthJoiner::check_probes(std::size_t number) {
    const Service& service = zone_.services[number];
    const bool may_be_checked = unknown_ == UnknownName::MayComeFromTheZone;
    if (service.probes.empty() || !is_used_[number] || may_be_checked) { return; }
    const auto& [table, file] = written_.services[number];
    findings_.report(diagnostics::kProbesWithoutCheck,
                     in_file(table->probes.front().region.at, file),
                     key_path(key_path("services", table->name), "probe"));
}

/// Whether all addresses of the service may be probed. Each that may not is reported once.
bool HealthJoiner::check_addresses(std::size_t service) {
    const Service& checked = zone_.services[service];
    bool are_fine = true;
    for (const std::size_t index : zone_.policies[checked.policy].regions) {
        if (!probes_of(checked, index).empty()) { continue; }
        for (const IpAddress& address : addresses_of(zone_, checked, index)) {
            const std::string_view why = why_not_probed(address);
            if (why.empty()) { continue; }
            are_fine = false;
            const auto [at, key] = addresses_at(service, zone_.regions[index]);
            if (!addresses_reported_.emplace(key, address.to_string()).second) { continue; }
            findings_.report(diagnostics::kNeverProbed, at, key,
                             {quoted(address.to_string()), std::string(why)});
        }
    }
    return are_fine;
}

/// Where the service has the addresses that it hands out in a region.
KeyPosition HealthJoiner::addresses_at(std::size_t service, const Region& region) const {
    if (zone_.services[service].addresses.empty()) {
        return {region.position, key_path(key_path("regions", region.name), "addresses")};
    }
    const auto& [table, file] = written_.services[service];
    const auto is_of_region = [&](const WrittenPart& part) {
        return part.region.name == region.name;
    };
    const auto part = std::ranges::find_if(table->parts, is_of_region);
    const std::string path = key_path(key_path("services", table->name), "addresses");
    return {in_file(part->region.at, file), key_path(path, region.name)};
}

}  // namespace

void join_health(const WrittenHealths& written, const CommandNames* commands, Zone& zone,
                 Findings& findings) {
    HealthJoiner(written, UnknownName::IsAnError, commands, zone, findings).join();
}

void check_health(const WrittenHealths& written, Zone& zone, Findings& findings) {
    HealthJoiner(written, UnknownName::MayComeFromTheZone, nullptr, zone, findings).join();
}

}  // namespace meridian::zones
