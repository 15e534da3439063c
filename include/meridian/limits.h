// Names every bound of the program, each with its reason.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace meridian {

// The wire.
constexpr std::size_t kMaxNameOctets = 255;   // RFC 1035 §2.3.4
constexpr std::size_t kMaxLabelOctets = 63;   // RFC 1035 §2.3.4
constexpr std::size_t kMaxNameLabels = 127;   // what 255 octets can hold, root not counted
constexpr std::size_t kHeaderOctets = 12;     // RFC 1035 §4.1.1
constexpr std::size_t kMinUdpOctets = 512;    // what a client without EDNS takes, RFC 1035 §4.2.1
constexpr std::size_t kMaxUdpOctets = 1232;   // passes every path unfragmented, RFC 9715
constexpr std::size_t kMaxTcpOctets = 65535;  // the length prefix has 16 bits, RFC 7766 §8
constexpr std::size_t kMaxRdataOctets = 65535;
constexpr std::size_t kMaxStringOctets = 255;     // RFC 1035 §3.3
constexpr std::size_t kMaxUdpQueryOctets = 4096;  // no legitimate query is this long
constexpr std::size_t kUdpBatch = 32;             // gains flatten at 16-32 datagrams a system call
constexpr std::size_t kMaxCnameHops = 16;         // a longer chain is a loop or a mistake
constexpr std::size_t kMaxCompressionOffset = 0x3fff;  // 14 bits, RFC 1035 §4.1.4

// What one operator's file may ask for.
constexpr std::size_t kMaxTomlFileOctets = std::size_t{4} << 20;  // bulk belongs in master files
constexpr std::size_t kMaxTomlLineOctets = 4096;  // a longer value belongs in a master file
constexpr std::size_t kMaxTomlNesting = 32;       // the reader calls itself at each level
constexpr std::size_t kMaxDiagnostics = 50;       // more than an operator mends from one run
constexpr std::size_t kMaxAlikeFiles = 3;        // a fourth file with the same warning adds nothing
constexpr std::size_t kMaxZonesPerFile = 1000;   // a brand under nearly every ending that exists
constexpr std::size_t kMaxRegions = 1000;        // the largest networks have some 300 sites
constexpr std::size_t kMaxPolicies = 255;        // per zone; those in use have tables of the world
constexpr std::size_t kMaxServices = 1000;       // per zone; each has a cell for every region
constexpr std::size_t kMaxRegionAddresses = 64;  // per region; more belongs behind a balancer
constexpr std::size_t kMaxWindows = 64;          // of a region: more is a calendar, not a plan
constexpr std::size_t kMaxReasonOctets = 500;    // of a drain: a sentence in a row of the status
constexpr std::size_t kMaxChecks = 8;            // of an address: each is asked of all addresses
constexpr std::size_t kMaxUserAgentOctets = 256;   // some servers refuse longer headers
constexpr std::size_t kMaxProbeHeaders = 32;       // of a check: browsers send some 15
constexpr std::size_t kMaxProbeTextOctets = 2048;  // of its path, a header or a text to look for:
                                                   // servers take requests of 8 KiB
constexpr std::size_t kMaxNameservers = 64;        // of a zone: a referral holds them all, and glue
constexpr std::size_t kMaxRecordsPerSet = 4000;    // so many addresses fill a message of 64 KiB;
                                                   // larger RRsets slow all (CVE-2024-1737)
constexpr std::uint32_t kMaxTtlSeconds = 0x7fffffff;                // RFC 2181 §8
constexpr std::size_t kMaxMasterFileOctets = std::size_t{2} << 30;  // of a zone's files together
constexpr std::size_t kMaxMasterRecordOctets = 512 << 10;  // 65535 octets as `\DDD`, and room
constexpr std::size_t kMaxMasterRecords = 20'000'000;      // of a zone; larger ones want a registry
constexpr std::size_t kMaxIncludeDepth = 8;                // operators do not nest deeper
constexpr std::size_t kMaxIncludes = 1000;         // of a zone: depth alone does not bound them
constexpr std::size_t kMaxGenerated = 1u << 20;    // records of $GENERATE in a zone: 16 times a /16
constexpr std::size_t kMaxPathOctets = 4096;       // PATH_MAX of Linux
constexpr std::size_t kMaxLinks = 40;              // of one path, as the kernel follows them
constexpr std::size_t kMaxLoadThreads = 8;         // of a start: each has a heap of its own
constexpr std::size_t kMaxZones = 200'000;         // the status of all of them fits one reply
constexpr std::size_t kMaxSavedSerials = 300'000;  // all zones that are served, some that were
constexpr std::size_t kMaxSerialsOctets = std::size_t{384} << 20;  // that many, with long names
constexpr std::uint64_t kMaxJournalOctets = 1u << 20;  // of edits: read again in some 10 ms

// The world.
constexpr std::size_t kRankedRegions = 3;       // ranks of each client (DESIGN 2, rule 5)
constexpr std::uint32_t kMaxRankings = 0xfffd;  // a leaf has 16 bits; 255 regions make some 10,000
constexpr std::size_t kMaxSplitBlocksPercent = 10;  // of a table, for other blocks than /24 and /56
constexpr std::size_t kMaxDatabaseOctets = std::size_t{2} << 30;  // the largest sold is under 1 GiB
constexpr std::size_t kMaxCopyOctets = kMaxDatabaseOctets;  // an atlas is smaller than an MMDB file
constexpr std::size_t kOwnTableOctets = std::size_t{128} << 20;  // 12 policies; others share tables
constexpr std::size_t kMaxJointPolicies = 16;  // with one table: more, and an edit takes seconds
constexpr std::size_t kMaxTableOctets = std::size_t{512} << 20;  // of all policies of a server:
                                                                 // some 250, each with own places
constexpr std::size_t kMaxSavedTables = 16;  // of policies, 9 MB each; others are made anew
constexpr std::uint64_t kLeastSavedLeaves = 500'000;  // fewer are compiled in 0.1 s
constexpr std::uint32_t kMaxLocations = 1u << 24;     // DB-IP City has some 0.3 million

// Connections.
constexpr std::size_t kMaxTcpConnections = 1024;         // across all listeners
constexpr std::size_t kMaxTcpConnectionsPerClient = 25;  // per /32 or /56
constexpr std::size_t kTcpReadOctets = 4096;             // of queries: some hundred, 0.1 ms
constexpr std::size_t kMaxTcpTurnOctets = 32 << 10;      // of answers, then others have their turn
constexpr std::size_t kReservedDescriptors = 64;    // not for clients: reloads, operators, logs
constexpr std::size_t kMaxControlConnections = 16;  // operators and probes of one machine
constexpr std::size_t kMaxControlLineOctets = 64 << 10;  // a command has some dozens
constexpr std::size_t kMaxStatusRegions = 1000;          // the busiest; metrics have all
constexpr std::size_t kMaxControlReplyOctets = std::size_t{256} << 20;  // status of kMaxZones:
                                                                        // 1 KB each

// Checks of addresses. What the address sends back is written by whatever answers there.
constexpr std::size_t kMaxProbeSockets = 1024;          // at once; a reserve of their own
constexpr std::size_t kMaxProbeHeaderOctets = 8 << 10;  // what servers take of a request as well
constexpr std::size_t kMaxProbeBodyOctets = 8 << 10;    // the text looked for stands in front
constexpr std::size_t kMaxProbeReplyOctets = 64 << 10;  // with the sizes of chunks, which may pad
constexpr std::size_t kMaxProbeTextCharacters = 100;    // of a reply, in a line of the log
constexpr std::size_t kMaxProbeReplies = 16;            // to one question over UDP: all but one are
                                                        // forged, or answer an older question
constexpr std::uint32_t kUsualMaxProbes = 2000;         // a second, unless meridian.toml says more:
                                                        // 25 % of a core, of 10,000 targets
constexpr std::size_t kMaxHostAddresses = 8;            // of a host that is checked; a balancer's
                                                        // name has two or three
constexpr std::size_t kMaxLookUps = 4;                  // at once, a thread each: one that hangs
                                                        // does not hold up all others
constexpr std::size_t kMaxSelfTests = 16;               // one is enough, some more are safer
constexpr std::size_t kMaxStateFileOctets = 1u << 20;   // pushed states: 20,000 addresses

// Commands, which a process of their own runs.
constexpr std::size_t kMaxCommands = 256;              // that meridian.toml declares
constexpr std::size_t kMaxCommandArguments = 64;       // with its own path
constexpr std::size_t kMaxCommandTextOctets = 1024;    // of an argument, as it is written
constexpr std::size_t kMaxCommandValueOctets = 512;    // of what stands for a placeholder
constexpr std::size_t kMaxCommandOutputOctets = 4096;  // is read; the reason is its first line
constexpr std::size_t kMaxCommandsAtOnce = 64;         // processes are dearer than sockets
constexpr std::size_t kMaxWaitingChanges = 1000;  // of `on_change`: a data centre with 500 services
                                                  // that falls, in both families

// The journal of what has changed.
constexpr std::size_t kMaxJournalSegmentOctets = std::size_t{4} << 20;  // behind its state: some
                                                                        // 30,000 changes
constexpr std::size_t kMaxJournalSegments = 8;  // weeks of a server with a flapping region
constexpr std::size_t kMaxJournalStateOctets = std::size_t{64} << 20;  // all of 400,000 targets
constexpr std::size_t kMaxJournalWaiting = 100'000;   // entries, while the disk takes none
constexpr std::size_t kMaxJournalFieldOctets = 1000;  // a reason is a sentence

// Bounds of a useful TTL for steered addresses: caches hold an answer for some seconds whatever the
// TTL says, and a cache that holds one for longer keeps using an address that was withdrawn.
constexpr std::uint32_t kShortSteeredTtlSeconds = 20;
constexpr std::uint32_t kLongSteeredTtlSeconds = 3600;

}  // namespace meridian
