# Starts the peers that Meridian is compared with, each with the same zones and the same geo data.
#
# SPDX-License-Identifier: Apache-2.0
#
# One thread or process answers. Answers are minimal; logging and rate limits are off. The caches
# that a peer has by default stay on.
import collections
import math
import os
import re
import shutil
import subprocess

from compare_servers import MANY_ZONE, REGIONS, ROOT, STATIC, STEERED, ZONE, free_port, spawn

# Knot and PowerDNS know no distance: what an operator would write instead is a region for each
# continent, and for the countries that another region is nearer to.
CONTINENTS = {"NA": "virginia", "SA": "saopaulo", "EU": "frankfurt", "AF": "capetown",
              "AS": "tokyo", "OC": "sydney", "AN": "capetown"}
ADDRESSES = {name: address for name, (_, _, address) in REGIONS.items()}
START_OF_ZONE = """@ 3600 SOA ns1 hostmaster 1 7200 900 1209600 60
@ 3600 NS ns1
@ 3600 NS ns2
ns1 3600 A 192.0.2.53
ns2 3600 A 198.51.100.53
static 3600 A 192.0.2.25
"""
DEFAULT = ADDRESSES["virginia"]


def program_path(name):
    """Where the program is, or None: servers often lie in a folder that is in root's PATH only."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin")


def version_of(program, flag):
    """The first version number in what the program prints of itself."""
    output = subprocess.run([program, flag], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", output.stdout + output.stderr)
    return found.group() if found else "of unknown version"


def write(home, name, text):
    path = os.path.join(home, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def maxmind_database(setting):
    """The databases as one file in MaxMind's layout, which all peers read."""
    path = os.path.join(setting.directory, "city.mmdb")
    if not os.path.exists(path):
        subprocess.run([f"{setting.build}/bench/meridian_maxmind_layout", path,
                        *setting.databases], stdout=subprocess.DEVNULL, check=True)
    return path


def countries_apart():
    """(continent, country, region) of the countries that are nearer to another region than their
    continent's, by where most of their addresses are."""
    def distance(here, there):
        here, there = [list(map(math.radians, place)) for place in (here, there)]
        return math.acos(math.sin(here[0]) * math.sin(there[0]) + math.cos(here[0]) *
                         math.cos(there[0]) * math.cos(here[1] - there[1]))

    with open(f"{ROOT}/geo/countries_table.cpp", encoding="utf-8") as file:
        rows = re.findall(r"\{'(.)', '(.)'\}\}, Continent::(..), \{(.*?), (.*?)\}", file.read())
    for first, second, continent, *place in rows:
        place = tuple(map(float, place))
        region = min(REGIONS, key=lambda name: distance(place, REGIONS[name][:2]))
        if region != CONTINENTS[continent]:
            yield continent, first + second, region


def write_zones(setting, home, steered=""):
    """Master files of the zones; their names with their paths."""
    zones = {ZONE: write(home, ZONE, f"$ORIGIN {ZONE}.\n{START_OF_ZONE}{steered}")}
    if setting.names:
        zones[MANY_ZONE] = os.path.join(home, MANY_ZONE)
        setting.write_many_zone(zones[MANY_ZONE])
    return zones


def start_gdnsd(setting, program):
    port, home = free_port(), setting.home("gdnsd", "zones", "geoip", "run", "state")
    os.link(maxmind_database(setting), f"{home}/geoip/city.mmdb")
    places = " ".join(f"{name} => [ {lat}, {lon} ]," for name, (lat, lon, _) in REGIONS.items())
    addresses = " ".join(f"{name} => {address}," for name, address in ADDRESSES.items())
    write(home, "config", f"""
options => {{ listen => 127.0.0.1:{port}, udp_threads => 1, tcp_threads => 1,
  udp_rcvbuf => 1048576, run_dir => "{home}/run", state_dir => "{home}/state" }}
plugins => {{ geoip => {{
  maps => {{ world => {{ geoip2_db => city.mmdb, datacenters => [ {", ".join(REGIONS)} ],
    auto_dc_coords => {{ {places} }} }} }},
  resources => {{ www => {{ map => world, service_types => up, dcmap => {{ {addresses} }} }} }}
}} }}
""")
    write_zones(setting, f"{home}/zones", "www 60 DYNA geoip!www\n")
    return port, [program, "-c", home, "start"]


def start_knot(setting, program):
    port, home = free_port(), setting.home("knot", "zones")
    views = [f"  - geo: {continent};*\n    A: {ADDRESSES[region]}\n"
             for continent, region in CONTINENTS.items()]
    views += [f"  - geo: {continent};{country}\n    A: {ADDRESSES[region]}\n"
              for continent, country, region in countries_apart()]
    views = write(home, "views", f"{STEERED}:\n{''.join(views)}")
    zones = write_zones(setting, f"{home}/zones", f"www 60 A {DEFAULT}\n")
    module = {ZONE: "    module: mod-geoip/world\n"}
    served = "".join(f"  - domain: {zone}\n    file: {path}\n{module.get(zone, '')}"
                     for zone, path in zones.items())
    config = write(home, "knot.conf", f"""
server:
    listen: 127.0.0.1@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    rundir: {home}
    edns-client-subnet: on
log:
  - target: stderr
    any: critical
database:
    storage: {home}/db
mod-geoip:
  - id: world
    config-file: {views}
    ttl: 60
    mode: geodb
    geodb-file: {maxmind_database(setting)}
    geodb-key: [ continent/code, country/iso_code ]
template:
  - id: default
    zonefile-sync: -1
    journal-content: none
zone:
{served}""")
    return port, [program, "-c", config]


def start_nsd(setting, program):
    port, home = free_port(), setting.home("nsd")
    zones = write_zones(setting, home)
    served = "".join(f"zone:\n    name: {zone}\n    zonefile: {path}\n"
                     for zone, path in zones.items())
    config = write(home, "nsd.conf", f"""
server:
    server-count: 1
    ip-address: 127.0.0.1@{port}
    receive-buffer-size: 1048576
    username: ""
    zonesdir: {home}
    database: ""
    zonelistfile: {home}/zone.list
    xfrdfile: {home}/xfrd.state
    xfrdir: {home}
    pidfile: {home}/nsd.pid
    logfile: {home}/nsd.log
    verbosity: 0
    minimal-responses: yes
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
remote-control:
    control-enable: no
{served}""")
    return port, [program, "-d", "-c", config]


def start_powerdns(setting, program):
    port, home = free_port(), setting.home("powerdns")
    hosts = {STATIC: "192.0.2.25", f"ns1.{ZONE}": "192.0.2.53", f"ns2.{ZONE}": "198.51.100.53"}
    hosts |= {f"{continent.lower()}.continent.{ZONE}": ADDRESSES[region]
              for continent, region in CONTINENTS.items()}
    hosts |= {f"{country.lower()}.country.{ZONE}": ADDRESSES[region]
              for _, country, region in countries_apart()}
    hosts[f"default.{ZONE}"] = DEFAULT
    records = "".join(f"    {host}:\n    - a: {address}\n" for host, address in hosts.items())
    geo = write(home, "geo.yaml", f"""domains:
- domain: {ZONE}
  ttl: 60
  records:
    {ZONE}:
    - soa: ns1.{ZONE} hostmaster.{ZONE} 1 7200 900 1209600 60
    - ns: ns1.{ZONE}
    - ns: ns2.{ZONE}
{records}  services:
    {STEERED}: [ '%cc.country.{ZONE}', '%cn.continent.{ZONE}', 'default.{ZONE}' ]
""")
    backends = "geoip"
    if setting.names:
        backends = "geoip,bind"
        path = os.path.join(home, MANY_ZONE)
        setting.write_many_zone(path)
        write(home, "named.conf", f'zone "{MANY_ZONE}" {{ type master; file "{path}"; }};\n')
    write(home, "pdns.conf", f"""launch={backends}
local-address=127.0.0.1
local-port={port}
socket-dir={home}
receiver-threads=1
distributor-threads=1
loglevel=0
security-poll-suffix=
edns-subnet-processing=yes
geoip-database-files=mmdb:{maxmind_database(setting)}
geoip-zones-file={geo}
{"bind-config=" + home + "/named.conf" if setting.names else ""}
""")
    return port, [program, f"--config-dir={home}", "--daemon=no", "--guardian=no"]


def start_bind(setting, program):
    port, home = free_port(), setting.home("bind")
    zones = write_zones(setting, home)
    served = "".join(f'zone "{zone}" {{ type primary; file "{path}"; }};\n'
                     for zone, path in zones.items())
    config = write(home, "named.conf", f"""
options {{
    directory "{home}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    recursion no; minimal-responses yes; notify no; querylog no; dnssec-validation no;
    pid-file none; session-keyfile none; lock-file none; allow-transfer {{ none; }};
}};
controls {{ }};
logging {{ category default {{ null; }}; }};
{served}""")
    return port, [program, "-f", "-n", "1", "-c", config]


Peer = collections.namedtuple("Peer", "name program version_flag start steers_by mixes")
PEERS = {peer.name: peer for peer in (
    Peer("gdnsd", "gdnsd", "version", start_gdnsd, "distance", {"steered", "names", "static"}),
    Peer("knot", "knotd", "--version", start_knot, "continent and country",
         {"steered", "names", "static"}),
    Peer("powerdns", "pdns_server", "--version", start_powerdns, "country, then continent",
         {"steered", "names", "static"}),
    Peer("nsd", "nsd", "-v", start_nsd, "", {"names", "static"}),
    Peer("bind", "named", "-v", start_bind, "", {"names", "static"}),
)}


def start_peer(peer, setting):
    """The running peer, or None where it is not installed."""
    program = program_path(peer.program)
    if not program:
        return None
    port, command = peer.start(setting, program)
    version = f"{peer.name} {version_of(program, peer.version_flag)}"
    return spawn(setting, peer.name, version, command, port)


def those_in(mix, running):
    """The running servers that can answer a mix."""
    return [server for server in running
            if server.name not in PEERS or mix in PEERS[server.name].mixes]
