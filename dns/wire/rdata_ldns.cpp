// Opens the one door to ldns for single fields of RDATA.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_ldns.h"

#include <ldns/ldns.h>  // behind the standard headers: it defines what they use

#include <cstdlib>
#include <memory>

#include "meridian/assert.h"

namespace meridian::dns {
namespace {

struct FreeField {
    void operator()(ldns_rdf* field) const { ldns_rdf_deep_free(field); }
};
struct FreeText {
    void operator()(char* text) const { std::free(text); }
};
using OwnedField = std::unique_ptr<ldns_rdf, FreeField>;
using OwnedText = std::unique_ptr<char, FreeText>;

ldns_rdf_type ldns_kind(FieldKind kind) {
    switch (kind) {
        case FieldKind::Algorithm:
            return LDNS_RDF_TYPE_ALG;
        case FieldKind::CertificateType:
            return LDNS_RDF_TYPE_CERT_ALG;
        case FieldKind::TlsaUsage:
            return LDNS_RDF_TYPE_CERTIFICATE_USAGE;
        case FieldKind::TlsaSelector:
            return LDNS_RDF_TYPE_SELECTOR;
        case FieldKind::TlsaMatching:
            return LDNS_RDF_TYPE_MATCHING_TYPE;
        case FieldKind::Hex:
            return LDNS_RDF_TYPE_HEX;
        case FieldKind::Base64:
            return LDNS_RDF_TYPE_B64;
        case FieldKind::HashedName:
            return LDNS_RDF_TYPE_NSEC3_NEXT_OWNER;
        case FieldKind::TypeBitmap:
            return LDNS_RDF_TYPE_BITMAP;
        case FieldKind::Nsap:
            return LDNS_RDF_TYPE_NSAP;
        case FieldKind::Locator64:
            return LDNS_RDF_TYPE_ILNP64;
        case FieldKind::Eui48:
            return LDNS_RDF_TYPE_EUI48;
        case FieldKind::Eui64:
            return LDNS_RDF_TYPE_EUI64;
        default:
            return LDNS_RDF_TYPE_NONE;
    }
}

}  // namespace

std::optional<std::vector<std::uint8_t>> read_with_ldns(FieldKind kind, std::string text) {
    const ldns_rdf_type type = ldns_kind(kind);
    MERIDIAN_ASSERT(type != LDNS_RDF_TYPE_NONE);
    // A copy, because ldns writes into the text of NSAP although its parameter is const.
    const OwnedField field(ldns_rdf_new_frm_str(type, text.data()));
    if (!field) { return std::nullopt; }
    const std::uint8_t* const octets = ldns_rdf_data(field.get());
    return std::vector<std::uint8_t>(octets, octets + ldns_rdf_size(field.get()));
}

std::optional<std::string> print_with_ldns(FieldKind kind, std::span<const std::uint8_t> octets) {
    const ldns_rdf_type type = ldns_kind(kind);
    MERIDIAN_ASSERT(type != LDNS_RDF_TYPE_NONE);
    const OwnedField field(ldns_rdf_new_frm_data(type, octets.size(), octets.data()));
    if (!field) { return std::nullopt; }
    const OwnedText text(ldns_rdf2str(field.get()));
    if (!text) { return std::nullopt; }
    return std::string(text.get());
}

}  // namespace meridian::dns
