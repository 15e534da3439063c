// Answers from zone models by the letter of RFC 1034 §4.3.2, slowly: the twin of the name table.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "tests/support/model_zone.h"

namespace meridian::test {

/// An answer as text, each section sorted. Data that does not follow from the lookup (the RDATA of
/// SOA) is left out.
struct NaiveAnswer {
    std::string head;                     ///< "NOERROR aa"
    std::vector<std::string> answer;      ///< In order of the chain.
    std::vector<std::string> authority;   ///< "OWNER SOA", or "OWNER NS RDATA"
    std::vector<std::string> additional;  ///< Glue
};

/// Knows A, NS, CNAME, DS and `steer`, whose addresses it leaves out: "OWNER steered".
NaiveAnswer naive_answer(std::span<const ModelZone> zones, const dns::Name& name, dns::Type type);

}  // namespace meridian::test
