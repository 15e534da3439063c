// Finds what is known of a country.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "geo/countries_table.h"

namespace meridian::geo {

const Country* find_country(CountryCode code) {
    const auto table = country_table();
    const auto row = std::ranges::lower_bound(table, code, {}, &Country::code);
    return row != table.end() && row->code == code ? &*row : nullptr;
}

}  // namespace meridian::geo
