// Checks the addresses of a zone once from here, and prints how each check went.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/limits.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/probe_text.h"
#include "server/commands/report.h"
#include "server/probing/host_addresses.h"
#include "server/probing/target_probe.h"
#include "server/runtime/command_start.h"
#include "server/runtime/state_file.h"
#include "server/sources/library_shelf.h"
#include "server/sources/zone_loader.h"

namespace meridian::server {

namespace {

using Zones = std::vector<std::shared_ptr<const zones::Zone>>;

/// As many as a small host takes at once without being late itself.
constexpr std::size_t kAtOnce = 64;

/// The zones of a file; none after its errors were printed.
std::optional<Zones> zones_of(const std::string& file) {
    const SerialStore none;
    LibraryShelf shelf;
    const ZoneLoading loading = load_zone(file, nullptr, {none}, shelf);
    if (loading.loaded == nullptr) {
        print_diagnostics(loading.diagnostics);
        return {};
    }
    Zones zones;
    for (const LoadedZone& zone : loading.loaded->zones) {
        zones.push_back(zone.model());
    }
    return zones;
}

/// The zone called `name` among the files of the directory; null where there is none, which is
/// printed with the errors of files that may have it.
std::shared_ptr<const zones::Zone> find_zone(const std::string& directory, const std::string& name,
                                             const dns::Name& apex) {
    const auto files = list_zone_files(directory);
    if (!files) {
        print_error(files.error());
        return {};
    }
    zones::Diagnostics faults;
    const SerialStore none;
    LibraryShelf shelf;
    for (const std::string& file : files->paths) {
        ZoneLoading loading = load_zone(file, nullptr, {none}, shelf);
        if (loading.loaded == nullptr) {
            zones::append(faults, std::move(loading.diagnostics));
            continue;
        }
        for (const LoadedZone& zone : loading.loaded->zones) {
            if (zone.apex() == apex) { return zone.model(); }
        }
    }
    print_diagnostics(faults);
    print_error("no file in " + directory + " describes the zone " + name + " without an error");
    return {};
}

std::shared_ptr<const zones::Zone> zone_to_probe(const ProbeOptions& options,
                                                 const Settings& settings) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(options.zone, ignored)) {
        const auto zones = zones_of(options.zone);
        return zones ? zones->front() : nullptr;
    }
    const auto apex = dns::Name::parse_absolute(options.zone);
    if (!apex) {
        print_error(options.zone + " is no file, and no name of a zone: " +
                    std::string(dns::describe(apex.error())));
        return {};
    }
    return find_zone(settings.zones_directory, options.zone, *apex);
}

/// Whether an option lets a name through; an empty one lets all.
bool lets_through(const std::string& wanted, const std::string& name) {
    return wanted.empty() || wanted == name;
}

ProbeTarget target_of(const IpAddress& address, const zones::Health& health,
                      const zones::CheckedPlace& place) {
    return {.address = address,
            .checks = zones::checks_at(health.checks, place),
            .need = health.need,
            .every = health.timing.every,
            .timeout = health.timing.timeout};
}

/// The addresses behind what a zone names, each host looked up once.
class Finder {
public:
    /// Appends those of `point`, as `like`; or one without an address, where the host has none.
    void add(const zones::ProbePoint& point, const zones::Health& health, ProbedAddress like,
             std::vector<ProbedAddress>& chosen) {
        like.host = point.host_name;
        const auto with = [&](const IpAddress& address) {
            like.target = std::make_shared<const ProbeTarget>(
                target_of(address, health, {like.service, like.region}));
            chosen.push_back(like);
        };
        if (point.host_name.empty()) { return with(point.address); }
        const auto [known, is_new] = hosts_.try_emplace(point.host_name, std::vector<IpAddress>());
        if (is_new) { known->second = look_up_host(point.host_name); }
        if (known->second) {
            std::ranges::for_each(*known->second, with);
            return;
        }
        like.has_address = false;
        like.report.why_none = known->second.error();
        with({});
    }

private:
    std::map<std::string, LookedUp> hosts_;
};

/// What the options choose of the zone. Several services may check an address alike; each has its
/// line, and the address is asked for each.
std::vector<ProbedAddress> chosen_addresses(const zones::Zone& zone, const ProbeOptions& options) {
    std::vector<ProbedAddress> chosen;
    Finder finder;
    for (const zones::Service& service : zone.services) {
        const zones::Policy& policy = zone.policies[service.policy];
        const std::string& name = service.name.empty() ? policy.name : service.name;
        if (service.health == nullptr || !lets_through(options.service, name)) { continue; }
        for (const std::size_t index : policy.regions) {
            const zones::Region& region = zone.regions[index];
            if (!lets_through(options.region, region.name)) { continue; }
            zones::Region as_served = region;
            as_served.addresses = zones::addresses_of(zone, service, index);
            as_served.probes = zones::probes_of(service, index);
            for (const zones::ProbePoint& point : zones::checked_at(as_served)) {
                finder.add(point, *service.health,
                           {.service = name,
                            .region = region.name,
                            .host = {},
                            .target = nullptr,
                            .report = {}},
                           chosen);
            }
        }
    }
    return chosen;
}

/// Probes all of them, some at once.
class Round {
public:
    Round(std::vector<ProbedAddress>& addresses, ProbeSettings settings)
        : addresses_(addresses),
          left_(static_cast<std::size_t>(
              std::ranges::count(addresses, true, &ProbedAddress::has_address))),
          settings_(std::make_shared<const ProbeSettings>(std::move(settings))) {}

    void run() {
        if (left_ == 0) { return; }  // nothing would ever end the context
        if (settings_->commands) { settings_->commands->start(context_); }
        for (std::size_t i = 0; i < std::min(kAtOnce, addresses_.size()); ++i) {
            start_next();
        }
        context_.run();
    }

private:
    void start_next() {
        while (next_ < addresses_.size() && !addresses_[next_].has_address) {
            ++next_;
        }
        if (next_ == addresses_.size()) { return; }
        ProbedAddress& address = addresses_[next_++];
        // It is held by its own checks until the last one ends.
        (void)TargetProbe::start(context_, address.target, settings_, watch_, {},
                                 [this, &address](TargetReport report) {
                                     address.report = std::move(report);
                                     start_next();
                                     if (--left_ > 0 || !settings_->commands) { return; }
                                     settings_->commands->stop();  // the context runs for it
                                 });
    }

    std::vector<ProbedAddress>& addresses_;
    std::size_t left_;
    const std::shared_ptr<const ProbeSettings> settings_;
    boost::asio::io_context context_{1};
    LoopWatch watch_{context_};
    std::size_t next_ = 0;
};

bool passes(const ProbedAddress& address) {
    return address.report.result && address.report.result->passed();
}

/// Whether all of it is up: of a host one address is enough.
bool all_pass(const std::vector<ProbedAddress>& addresses) {
    return std::ranges::all_of(addresses, [&](const ProbedAddress& address) {
        if (address.host.empty()) { return passes(address); }
        return std::ranges::any_of(addresses, [&](const ProbedAddress& other) {
            return other.host == address.host && other.service == address.service &&
                   other.region == address.region && passes(other);
        });
    });
}

/// "api", "www" or nothing: the names of what is checked.
std::string names_of(const std::vector<ProbedAddress>& addresses,
                     std::string ProbedAddress::* name) {
    std::set<std::string_view> names;
    for (const ProbedAddress& address : addresses) {
        names.insert(address.*name);
    }
    return zones::quoted_list(std::vector<std::string_view>(names.begin(), names.end()));
}

int nothing_to_probe(const zones::Zone& zone, const ProbeOptions& options) {
    const std::vector<ProbedAddress> all = chosen_addresses(zone, {});
    if (all.empty()) {
        print_error(options.zone +
                    " says of no address that it is checked; `[health]` would say how");
    } else {
        const std::string wanted =
            (options.region.empty() ? "" : " of region " + options.region) +
            (options.service.empty() ? "" : " for service " + options.service);
        print_error("no address of " + options.zone + " is checked" + wanted +
                    "; there are checks for " + names_of(all, &ProbedAddress::service) +
                    ", in regions " + names_of(all, &ProbedAddress::region));
    }
    return kExitWrong;
}

}  // namespace

int probe(const ProbeOptions& options) {
    const auto settings = load_settings_or_print(options.config_file);
    if (!settings) { return kExitWrong; }
    std::string problem;
    const auto commands = start_commands(*settings, problem);
    const auto zone = zone_to_probe(options, *settings);
    if (zone == nullptr) { return kExitWrong; }
    std::vector<ProbedAddress> addresses = chosen_addresses(*zone, options);
    if (addresses.empty()) { return nothing_to_probe(*zone, options); }
    ProbeSettings how = probe_settings(settings->health, problem);
    how.commands = commands;
    how.ask_file = [](const zones::HealthCheck& check, const IpAddress& address) {
        return judge_pushed(read_state_file(path_of(check.file)), check, address,
                            std::chrono::system_clock::now());
    };
    Round round(addresses, std::move(how));
    if (!problem.empty()) { print_error(problem); }
    round.run();
    if (options.json) {
        std::cout << probe_json(addresses) << '\n';
    } else {
        print_lines(std::cout, probe_text(addresses));
    }
    return all_pass(addresses) ? kExitOk : kExitWrong;
}

}  // namespace meridian::server
