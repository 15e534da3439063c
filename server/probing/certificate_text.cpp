// Says in words what is wrong with a certificate.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/certificate_text.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "meridian/bytes.h"
#include "meridian/ip_address.h"
#include "server/probing/network_text.h"

namespace meridian::server {

namespace {

struct Distance {
    int days = 0;
    int seconds = 0;
};

/// From now on.
std::optional<Distance> distance_to(const ASN1_TIME* time) {
    Distance distance;
    if (time == nullptr || ASN1_TIME_diff(&distance.days, &distance.seconds, nullptr, time) != 1) {
        return {};
    }
    return distance;
}

std::string count_of(int number, const std::string& unit) {
    return std::to_string(number) + " " + unit + (number == 1 ? "" : "s");
}

std::string length_of(const Distance& distance) {
    const int days = std::abs(distance.days);
    const int minutes = std::abs(distance.seconds) / 60;
    if (days > 0) { return count_of(days, "day"); }
    return minutes >= 60 ? count_of(minutes / 60, "hour") : count_of(minutes, "minute");
}

std::string name_text(const ASN1_STRING* name) {
    return network_text({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                         static_cast<std::size_t>(ASN1_STRING_length(name))});
}

/// The common name, or what else of it there is.
std::string common_name(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at >= 0) { return name_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))); }
    const int last = X509_NAME_entry_count(name) - 1;
    if (last < 0) { return "one without a name"; }
    return name_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
}

/// Empty for one of another kind.
std::string host_text(const GENERAL_NAME* name) {
    if (name->type == GEN_DNS) { return name_text(name->d.dNSName); }
    if (name->type != GEN_IPADD) { return {}; }
    const std::span octets(ASN1_STRING_get0_data(name->d.iPAddress),
                           static_cast<std::size_t>(ASN1_STRING_length(name->d.iPAddress)));
    if (octets.size() == 4) { return IpAddress::v4(load_u32(octets, 0)).to_string(); }
    if (octets.size() == 16) {
        return IpAddress::v6(load_u64(octets, 0), load_u64(octets, 8)).to_string();
    }
    return {};
}

/// The hosts that it is for: its first name of a host, and how many others it has.
std::string host_names(const X509* certificate) {
    const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
        static_cast<GENERAL_NAMES*>(
            X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free);
    std::string first;
    int count = 0;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const std::string host = host_text(sk_GENERAL_NAME_value(names.get(), i));
        if (host.empty()) { continue; }
        if (count++ == 0) { first = host; }
    }
    if (count == 0) { return common_name(X509_get_subject_name(certificate)); }
    return count == 1 ? first : first + " and " + count_of(count - 1, "other name");
}

std::string dated(const ASN1_TIME* time, std::string_view verb) {
    const auto distance = distance_to(time);
    if (!distance) { return std::string(verb) + " at a time that cannot be read"; }
    const bool is_past = distance->days < 0 || distance->seconds < 0;
    const std::string length = length_of(*distance);
    return std::string(verb) + (is_past ? " " + length + " ago" : " in " + length);
}

}  // namespace

std::string certificate_text(int error, int depth, const X509* certificate) {
    const std::string subject =
        depth == 0 || certificate == nullptr
            ? "certificate"
            : "certificate of " + common_name(X509_get_subject_name(certificate));
    if (certificate == nullptr) { return subject + ": " + X509_verify_cert_error_string(error); }
    switch (error) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return subject + dated(X509_get0_notAfter(certificate), " ended");
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return subject + dated(X509_get0_notBefore(certificate), " begins");
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return subject + " is for " + host_names(certificate);
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return subject + " is signed by itself";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "certificate is from an unknown authority, " +
                   common_name(X509_get_issuer_name(certificate));
        default:
            return subject + ": " + X509_verify_cert_error_string(error);
    }
}

std::optional<int> days_to_end(const X509* certificate) {
    if (certificate == nullptr) { return {}; }
    const auto distance = distance_to(X509_get0_notAfter(certificate));
    return distance ? std::optional(distance->days) : std::nullopt;
}

}  // namespace meridian::server
