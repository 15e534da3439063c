// Knows which addresses a host has, from the system's resolver, without waiting for it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/host_addresses.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/model/health.h"

namespace meridian::server {

using std::chrono::steady_clock;

namespace {

IpAddress address_of(const addrinfo& found) {
    if (found.ai_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(found.ai_addr);
        return IpAddress::from_octets(Family::V4,
                                      reinterpret_cast<const std::uint8_t*>(&v4->sin_addr));
    }
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(found.ai_addr);
    return IpAddress::from_octets(Family::V6,
                                  reinterpret_cast<const std::uint8_t*>(&v6->sin6_addr));
}

std::string failure_text(const std::string& host_name, int error) {
    const std::string why =
        error == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(error);
    return host_name + " cannot be looked up: " + why;
}

}  // namespace

LookedUp look_up_host(const std::string& host_name) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;  // each address once
    addrinfo* list = nullptr;
    const int error = getaddrinfo(host_name.c_str(), nullptr, &hints, &list);
    if (error != 0) { return Failure{failure_text(host_name, error)}; }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> freed(list, &freeaddrinfo);
    std::vector<IpAddress> addresses;
    std::string refusal = host_name + " has no address";
    for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) { continue; }
        const IpAddress address = address_of(*each);
        const std::string_view why = zones::why_not_probed(address);
        if (!why.empty()) {
            refusal = host_name + " leads to " + address.to_string() +
                      ", which is never checked, since " + std::string(why);
            continue;
        }
        const bool is_new = std::ranges::find(addresses, address) == addresses.end();
        if (is_new && addresses.size() < kMaxHostAddresses) { addresses.push_back(address); }
    }
    if (addresses.empty()) { return Failure{std::move(refusal)}; }
    return addresses;
}

struct HostAddresses::State : std::enable_shared_from_this<State> {
    struct Host {
        std::optional<LookedUp> known;
        TimePoint known_since = {};
        std::optional<TimePoint> asked;  // while the resolver is
    };

    /// Outlives the context, for threads that end later.
    struct Mailbox {
        std::mutex mutex;
        boost::asio::io_context* context = nullptr;
    };

    [[nodiscard]] static bool is_due(const Host& host, TimePoint now) {
        if (host.asked) { return false; }
        if (!host.known) { return true; }
        return now - host.known_since >= (*host.known ? kLookUpEvery : kLookUpAgain);
    }

    void ask(const std::string& host_name, Host& host, TimePoint now) {
        if (asking_count == kMaxLookUps) { return; }  // a later call asks
        try {
            std::thread([box = mailbox, look = look_up, name = host_name,
                         state = weak_from_this()]() mutable {
                LookedUp found = look(name);
                const std::scoped_lock lock(box->mutex);
                if (box->context == nullptr) { return; }
                boost::asio::post(*box->context, [state = std::move(state), name = std::move(name),
                                                  found = std::move(found)]() mutable {
                    if (const auto self = state.lock()) { self->take(name, std::move(found)); }
                });
            }).detach();
        } catch (const std::system_error&) {
            return;  // no more threads; likewise
        }
        host.asked = now;
        ++asking_count;
    }

    void take(const std::string& host_name, LookedUp found) {
        --asking_count;
        const auto host = hosts.find(host_name);
        if (host == hosts.end()) { return; }
        host->second.known = std::move(found);
        host->second.known_since = steady_clock::now();
        host->second.asked = {};
    }

    LookUp look_up;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    std::map<std::string, Host> hosts;
    std::size_t asking_count = 0;
};

HostAddresses::HostAddresses(boost::asio::io_context& context, LookUp look_up)
    : state_(std::make_shared<State>()) {
    state_->look_up = std::move(look_up);
    state_->mailbox->context = &context;
}

HostAddresses::~HostAddresses() {
    stop();
}

void HostAddresses::stop() {
    const std::scoped_lock lock(state_->mailbox->mutex);
    state_->mailbox->context = nullptr;
}

LookedUp HostAddresses::of(const std::string& host_name, TimePoint now) {
    State::Host& host = state_->hosts[host_name];
    if (State::is_due(host, now)) { state_->ask(host_name, host, now); }
    const bool takes_long = host.asked && now - *host.asked >= kLookUpTakes;
    if (takes_long) { return Failure{host_name + " cannot be looked up: no answer comes"}; }
    if (!host.known) { return Failure{host_name + " is being looked up"}; }
    return *host.known;
}

void HostAddresses::keep(const std::set<std::string>& host_names) {
    std::erase_if(state_->hosts,
                  [&](const auto& host) { return !host_names.contains(host.first); });
}

}  // namespace meridian::server
