// Serves DNS over TCP on an Asio context.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/tcp_server.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <list>
#include <map>
#include <unordered_map>
#include <utility>

#include "dns/transport/counter.h"
#include "dns/transport/socket_address.h"
#include "dns/transport/tcp_connection.h"
#include "dns/transport/tcp_socket.h"
#include "meridian/file_descriptor.h"
#include "meridian/ip_prefix.h"

namespace meridian::dns {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kOutOfDescriptorsPause{100};
constexpr int kAcceptsPerTurn = 16;  // so that a flood of connections leaves time to answer

/// The prefix that a connection counts for: one IPv4 address, or the block that an IPv6 user
/// commonly has.
IpPrefix client_of(const Endpoint& peer) {
    const std::uint8_t bits = peer.address.is_v4() ? 32 : 56;
    return {peer.address.masked(bits), bits};
}

tcp protocol_of(const Endpoint& endpoint) {
    return endpoint.address.is_v4() ? tcp::v4() : tcp::v6();
}

bool is_out_of_descriptors(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

bool has_waiting_client(tcp::acceptor& acceptor) {
    pollfd waiting{acceptor.native_handle(), POLLIN, 0};
    return poll(&waiting, 1, 0) == 1;
}

FileDescriptor open_spare() {
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

struct TcpServer::State final : TcpConnectionOwner, std::enable_shared_from_this<State> {
    struct Listener {
        explicit Listener(boost::asio::io_context& context) : acceptor(context), pause(context) {}
        tcp::acceptor acceptor;
        boost::asio::steady_timer pause;
        Endpoint local;
    };
    using Connections = std::list<std::shared_ptr<TcpConnection>>;

    State(boost::asio::io_context& io_context, const TcpOptions& tcp_options, Handler& answerer)
        : context(io_context), options(tcp_options), handler(answerer), sweep_timer(io_context) {}

    Result<Unit, std::string> listen(const Endpoint& endpoint);
    void wait_for_clients(Listener& listener);
    void accept_clients(Listener& listener);
    void pause_accepting(Listener& listener);
    void take(TcpClient client, const Endpoint& bound);
    void evict_most_idle();
    void stop_accepting();
    void close_all();

    void arm_sweep();
    void sweep();

    TcpScratch& scratch() override { return scratch_memory; }
    std::size_t answer(std::span<std::uint8_t> message, std::size_t query_octets,
                       const TcpConnection& connection) override;
    void on_query(TcpConnection& connection) override;
    void on_closed(TcpConnection& connection) override;

    boost::asio::io_context& context;
    TcpOptions options;
    Handler& handler;
    std::list<Listener> listeners;
    Connections connections;  // idle for longest first
    std::unordered_map<const TcpConnection*, Connections::iterator> places;
    std::map<IpPrefix, std::size_t> clients;
    boost::asio::steady_timer sweep_timer;
    bool sweeping = false;
    FileDescriptor spare = open_spare();  // closed where a client could not be accepted otherwise
    Counter accepted;
    Counter refused;
    Counter queries;
    Counter open;
    TcpScratch scratch_memory;
};

Result<Unit, std::string> TcpServer::State::listen(const Endpoint& endpoint) {
    auto opened = open_tcp_listener(endpoint);
    if (!opened) { return Failure{opened.error()}; }
    FileDescriptor descriptor = std::move(opened).value();
    Listener& listener = listeners.emplace_back(context);
    listener.local = local_endpoint(descriptor);
    boost::system::error_code error;
    if (listener.acceptor.assign(protocol_of(endpoint), descriptor.get(), error)) {
        return Failure{"TCP " + endpoint.to_string() + ": cannot listen: " + error.message()};
    }
    (void)descriptor.release();
    wait_for_clients(listener);
    return Unit{};
}

void TcpServer::State::wait_for_clients(Listener& listener) {
    listener.acceptor.async_wait(
        tcp::acceptor::wait_read,
        [self = weak_from_this(), &listener](const boost::system::error_code& error) {
            const auto state = self.lock();
            if (!error && state) { state->accept_clients(listener); }
        });
}

void TcpServer::State::accept_clients(Listener& listener) {
    for (int i = 0; i < kAcceptsPerTurn && listener.acceptor.is_open(); ++i) {
        TcpClient client = accept_tcp_client(listener.acceptor.native_handle());
        if (client.descriptor.valid()) {
            take(std::move(client), listener.local);
        } else if (errno == EAGAIN) {
            break;
        } else if (is_out_of_descriptors(errno)) {
            // The kernel takes a descriptor before it takes a client.
            if (!has_waiting_client(listener.acceptor)) { break; }
            if (connections.empty()) {
                pause_accepting(listener);
                return;
            }
            evict_most_idle();
        }
        // Any other error concerns that client alone (accept(2)): the next one may succeed.
    }
    if (listener.acceptor.is_open()) { wait_for_clients(listener); }
}

/// While a client waits that we cannot accept, the socket stays readable: without a pause this
/// would spin. The spare descriptor lets us close that one connection at least.
void TcpServer::State::pause_accepting(Listener& listener) {
    spare.reset();
    if (accept_tcp_client(listener.acceptor.native_handle()).descriptor.valid()) {
        refused.add(1);  // and closed
    }
    spare = open_spare();

    listener.pause.expires_after(kOutOfDescriptorsPause);
    listener.pause.async_wait(
        [self = weak_from_this(), &listener](const boost::system::error_code& error) {
            const auto state = self.lock();
            if (!error && state) { state->accept_clients(listener); }
        });
}

/// `bound` is where the listener is bound.
void TcpServer::State::take(TcpClient client, const Endpoint& bound) {
    const IpPrefix counted = client_of(client.peer);
    const auto held = clients.find(counted);
    if (held != clients.end() && held->second >= options.max_connections_per_client) {
        refused.add(1);
        return;  // closes the socket
    }
    if (connections.size() >= options.max_connections) { evict_most_idle(); }
    if (is_in_reserve(client.descriptor) && !connections.empty()) {
        evict_most_idle();
        client.descriptor = to_lowest_number(std::move(client.descriptor));
    }
    // Only a wildcard leaves open which address was asked: else this saves the system call.
    const Endpoint local = is_wildcard(bound) ? local_endpoint(client.descriptor) : bound;
    boost::system::error_code error;
    tcp::socket socket(context);
    if (socket.assign(protocol_of(client.peer), client.descriptor.get(), error)) { return; }
    (void)client.descriptor.release();
    ++clients[counted];
    accepted.add(1);
    const auto connection =
        std::make_shared<TcpConnection>(std::move(socket), client.peer, local, *this);
    places[connection.get()] = connections.insert(connections.end(), connection);
    open.set(connections.size());
    connection->start();
    arm_sweep();
}

void TcpServer::State::evict_most_idle() {
    if (connections.empty()) { return; }
    refused.add(1);
    const auto connection = connections.front();
    connection->close();
}

std::size_t TcpServer::State::answer(std::span<std::uint8_t> message, std::size_t query_octets,
                                     const TcpConnection& connection) {
    queries.add(1);
    Request request;
    request.buffer = message;
    request.query_octets = query_octets;
    request.peer = connection.peer();
    request.local = connection.local();
    request.over_stream = true;
    handler.answer({&request, 1});
    return request.reply_octets;
}

void TcpServer::State::on_query(TcpConnection& connection) {
    connections.splice(connections.end(), connections, places.at(&connection));
}

void TcpServer::State::on_closed(TcpConnection& connection) {
    const auto held = clients.find(client_of(connection.peer()));
    if (--held->second == 0) { clients.erase(held); }
    const auto place = places.find(&connection);
    connections.erase(place->second);
    places.erase(place);
    open.set(connections.size());
}

/// One timer for all connections, running only while there are any. It fires four times within the
/// shorter timeout, so a connection exceeds its time by a quarter of that at most.
void TcpServer::State::arm_sweep() {
    if (sweeping || connections.empty()) { return; }
    sweeping = true;
    const auto shorter = std::min(options.idle_timeout, options.message_timeout);
    sweep_timer.expires_after(std::max(shorter / 4, milliseconds{5}));
    sweep_timer.async_wait([self = weak_from_this()](const boost::system::error_code& error) {
        const auto state = self.lock();
        if (!error && state) { state->sweep(); }
    });
}

void TcpServer::State::sweep() {
    sweeping = false;
    const auto now = steady_clock::now();
    for (auto place = connections.begin(); place != connections.end();) {
        const auto connection = *place++;  // closing takes it out of the list
        // One rule for idle clients and for those that never read: neither has a query answered.
        const bool idle = now - connection->last_query() >= options.idle_timeout;
        const auto started = connection->message_started();
        const bool too_slow = started && now - *started >= options.message_timeout;
        if (idle || too_slow) { connection->close(); }
    }
    arm_sweep();
}

void TcpServer::State::stop_accepting() {
    for (Listener& listener : listeners) {
        boost::system::error_code error;
        error = listener.acceptor.close(error);  // the acceptor is gone either way
        listener.pause.cancel();
    }
}

void TcpServer::State::close_all() {
    stop_accepting();
    sweep_timer.cancel();
    while (!connections.empty()) {
        const auto connection = connections.front();
        connection->close();
    }
}

Result<TcpServer, std::string> TcpServer::open(boost::asio::io_context& context,
                                               std::span<const Endpoint> endpoints,
                                               const TcpOptions& options, Handler& handler) {
    auto state = std::make_shared<State>(context, options, handler);
    TcpServer server(state);
    for (const Endpoint& endpoint : endpoints) {
        auto listening = state->listen(endpoint);
        if (!listening) { return Failure{std::move(listening).error()}; }
    }
    return server;
}

TcpServer::TcpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
TcpServer::TcpServer(TcpServer&&) noexcept = default;
TcpServer& TcpServer::operator=(TcpServer&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
TcpServer::~TcpServer() {
    if (state_) { state_->close_all(); }
}

std::vector<Endpoint> TcpServer::endpoints() const {
    std::vector<Endpoint> result;
    for (const State::Listener& listener : state_->listeners) {
        result.push_back(listener.local);
    }
    return result;
}

void TcpServer::drain() {
    state_->stop_accepting();
    const State::Connections all = state_->connections;  // draining closes some of them
    for (const auto& connection : all) {
        connection->drain();
    }
}

TcpCounters TcpServer::counters() const {
    return {state_->accepted.get(), state_->refused.get(), state_->queries.get(),
            state_->open.get()};
}

}  // namespace meridian::dns
