// Lists the kinds of diagnostics about services.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

// What a service is.
inline constexpr DiagnosticKind kTooManyServices{"too-many-services", Error,
                                                 "a zone has at most {} services"};
inline constexpr DiagnosticKind kServiceWithoutName{"service-without-name", Error,
                                                    "the service has no name",
                                                    "names are steered to it by its name"};
inline constexpr DiagnosticKind kServiceNamedAsPolicy{
    "service-named-as-policy", Error, "a policy is called {}, too",
    "`steer` would mean either; {}; call the service otherwise"};
inline constexpr DiagnosticKind kUnknownService{"unknown-service", Error,
                                                "no service or policy is called {}",
                                                "{}services in this zone: {}; policies: {}"};
inline constexpr DiagnosticKind kUnusedService{"unused-service", Warning,
                                               "no name is steered to the service",
                                               "a name takes it like this: www.steer = {}"};
inline constexpr DiagnosticKind kUnusedProbes{"unused-probes", Warning,
                                              "no service depends on it, so it is not checked",
                                              "one that needs it has depends = {}"};
inline constexpr DiagnosticKind kKeyOfPolicy{
    "key-of-policy", Error, "{} is a key of policies, not of services",
    "write it into [policies.NAME], and in the service policy = \"NAME\""};

// What it hands out.
inline constexpr DiagnosticKind kServiceOfNoRegion{
    "service-of-no-region", Error, "the service is in no region",
    "add addresses.REGION, or leave `addresses` out for the addresses of the regions"};
inline constexpr DiagnosticKind kServiceOutsidePolicy{
    "service-outside-policy", Error, "region {} is not among those of the service's policy",
    "add it to {} or leave it out here"};
inline constexpr DiagnosticKind kSeveralRegionsInKey{
    "several-regions-in-key", Error, "one key names several regions", "write a key for each: {}"};
inline constexpr DiagnosticKind kRegionBelowService{
    "region-below-service", Error, "region {} stands right below a service", "write {} = ..."};
inline constexpr DiagnosticKind kBypassedRegions{
    "bypassed-regions", Warning, "clients with both families bypass regions without IPv6: {}",
    "they prefer the IPv6 address of the next region (RFC 8305); give these regions such "
    "addresses"};
inline constexpr DiagnosticKind kNoFamilyInAll{
    "no-family-in-all", Warning, "its names have neither A nor AAAA",
    "no family is in all of its regions, and missing_family = \"omit\" leaves out the others"};
inline constexpr DiagnosticKind kAllDrained{
    "all-drained", Warning, "all of its regions are drained",
    "they answer all the same, since no region is better off; make one of them active"};
inline constexpr DiagnosticKind kLastResortTooLong{"last-resort-too-long", Error,
                                                   "{} addresses; a last resort has at most {}"};
inline constexpr DiagnosticKind kLastResortWithoutFamily{
    "last-resort-without-family", Error, "the last resort has no {} address, and the service has",
    "add one: while every region is down, clients need both"};
inline constexpr DiagnosticKind kLastResortBeyondFamilies{
    "last-resort-beyond-families", Error,
    "the last resort has {} addresses, which the service never answers",
    "leave them out: which types a name has does not depend on what is up"};

inline constexpr DiagnosticKind kMinRegionsOfAll{
    "min-regions-of-all", Warning,
    "it has {} regions, and `min_regions` of its policy is {}: with any of them down all count as "
    "up",
    "so no failure moves its clients; a smaller `min_regions` leaves it to the regions that are "
    "up"};

// What is checked instead.
inline constexpr DiagnosticKind kProbesOfNoRegion{
    "probes-of-no-region", Error, "it names no region",
    "add probe.REGION, or leave `probe` out: addresses that are answered are checked themselves"};
inline constexpr DiagnosticKind kProbesWithoutRegion{"probes-without-region", Error,
                                                     "region {} is no part of the service",
                                                     "add {}, or take the probe away"};
inline constexpr DiagnosticKind kTooManyProbePoints{
    "too-many-probe-points", Error, "{} addresses and names; a region has at most {} to check"};
inline constexpr DiagnosticKind kNoEffectOfProbes{
    "no-effect-of-probes", Error,
    "{} has no effect: a service with `probe` alone is never answered",
    "leave it out, or give the service addresses.REGION"};
inline constexpr DiagnosticKind kSteeredToProbes{
    "steered-to-probes", Error, "service {} has `probe` alone, and nothing to answer",
    "give it addresses.REGION, or steer the name to a service that depends on it"};
inline constexpr DiagnosticKind kProbesWithoutCheck{
    "probes-without-check", Error, "nothing says how they are checked",
    "add a check: health.tcp = 5432 in the service, or a [health] for the whole zone"};

// Services of CNAMEs.
inline constexpr DiagnosticKind kCnamesOfNoRegion{
    "cnames-of-no-region", Error, "the service is in no region",
    "add cname.REGION = \"NAME\", or leave `cname` out"};
inline constexpr DiagnosticKind kCnamesBesideAddresses{
    "cnames-beside-addresses", Error, "{} beside `cname`: a service has either of the two",
    "clients get a name or addresses; make two services of it"};
inline constexpr DiagnosticKind kNoEffectBesideCnames{
    "no-effect-beside-cnames", Error, "{} has no effect beside `cname`",
    "leave it out: the service hands out names, whose addresses are not known here"};
inline constexpr DiagnosticKind kHealthOfCnames{
    "health-of-cnames", Error, "what `cname` leads to is not checked",
    "say what is checked instead, probe.REGION = \"NAME\", or leave `health` out"};
inline constexpr DiagnosticKind kAddressAsAlias{
    "address-as-alias", Error, "{} is an address, and the service hands out names",
    "write the name of a host, or make a service of addresses of it"};
inline constexpr DiagnosticKind kAliasToRoot{"alias-to-root", Error,
                                             "the root of the DNS is no name of a host",
                                             "write the name that clients are led to"};
inline constexpr DiagnosticKind kSteeredAliasAtApex{
    "steered-alias-at-apex", Error,
    "the service hands out CNAMEs, and the zone's own name has SOA and NS beside them",
    "steer it to a service of addresses (RFC 1034 §3.6.2)"};
inline constexpr DiagnosticKind kSteeredAliasToItself{
    "steered-alias-to-itself", Error, "the service leads the name to itself {}", "see {}"};
inline constexpr DiagnosticKind kSteeredAliasToNothing{
    "steered-alias-to-nothing", Warning, "{} the service leads to {}, which the zone does not have",
    "a name without a final dot goes on with the zone; else add records under that name"};

// Hints of HTTPS records that follow the addresses.
inline constexpr DiagnosticKind kMandatoryAutoHint{
    "mandatory-auto-hint", Error,
    "`mandatory` names a hint that is written `auto`, which not every answer has",
    "take it out there (RFC 9460 §8)"};
inline constexpr DiagnosticKind kAutoBesideFixedHint{
    "auto-beside-fixed-hint", Error, "one hint is written `auto`, and another is fixed",
    "write `auto` for both, or leave one out"};
inline constexpr DiagnosticKind kAutoHintsUnsteered{
    "auto-hints-unsteered", Error, "`auto` stands for the addresses of a name that is steered",
    "steer the name, or write the addresses"};
inline constexpr DiagnosticKind kAutoHintsOfOther{
    "auto-hints-of-other", Error, "`auto` stands for the addresses of the name itself",
    "such as \"1 . alpn=h2,h3 ipv4hint=auto ipv6hint=auto\""};
inline constexpr DiagnosticKind kAutoHintsOfNoFamily{
    "auto-hints-of-no-family", Warning, "{} is never there: the name has no {} address",
    "leave it out"};

// What it depends on.
inline constexpr DiagnosticKind kUnknownDependency{"unknown-dependency", Error,
                                                   "no service is called {}", "{}"};
inline constexpr DiagnosticKind kServiceOfNoLibrary{
    "service-of-no-library", Warning, "no service of this library is called {}",
    "each zone that uses the service has to define it; {}"};
inline constexpr DiagnosticKind kDependsTwice{"depends-twice", Error, "service {} is named twice"};
inline constexpr DiagnosticKind kDependencyWithoutRegion{
    "dependency-without-region", Error, "{} depends on {}, which is not in region {}",
    "a service is looked at in the same region: add it there, or take region {} out of {}"};
inline constexpr DiagnosticKind kDependencyCircle{
    "dependency-circle", Error, "services depend on each other in a circle", "{}"};

}  // namespace meridian::zones::diagnostics
