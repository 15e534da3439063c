// Lists the countries, each with the place where most of its addresses are.
//
// SPDX-License-Identifier: Apache-2.0
//
// Made by packaging/world/make_countries.py: edit that, not this. Codes, names and continents are
// from npm countries-list 3.4.1 (MIT); places from DB-IP City Lite 2.3.2026060513
// (IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0). The comment names the place.
#include <array>

#include "geo/generated_tables.h"

namespace meridian::geo {
namespace {

// clang-format off
constexpr std::array<Country, 250> kCountries{{
    {{{'A', 'D'}}, Continent::EU, {42.51, 1.52}, "Andorra"},  // Andorra la Vella
    {{{'A', 'E'}}, Continent::AS, {25.20, 55.27}, "United Arab Emirates"},  // Dubai
    {{{'A', 'F'}}, Continent::AS, {34.56, 69.21}, "Afghanistan"},  // Kabul
    {{{'A', 'G'}}, Continent::NA, {17.13, -61.83}, "Antigua and Barbuda"},  // St John's
    {{{'A', 'I'}}, Continent::NA, {18.21, -63.06}, "Anguilla"},  // The Valley
    {{{'A', 'L'}}, Continent::EU, {41.33, 19.82}, "Albania"},  // Tirana
    {{{'A', 'M'}}, Continent::AS, {40.19, 44.52}, "Armenia"},  // Yerevan
    {{{'A', 'O'}}, Continent::AF, {-8.82, 13.23}, "Angola"},  // Luanda (Ingombota)
    {{{'A', 'Q'}}, Continent::AN, {-77.85, 166.67}, "Antarctica"},  // by hand
    {{{'A', 'R'}}, Continent::SA, {-34.58, -58.44}, "Argentina"},  // Buenos Aires (Palermo)
    {{{'A', 'S'}}, Continent::OC, {-14.27, -170.70}, "American Samoa"},  // Pago Pago
    {{{'A', 'T'}}, Continent::EU, {48.21, 16.37}, "Austria"},  // Vienna
    {{{'A', 'U'}}, Continent::OC, {-33.87, 151.21}, "Australia"},  // Sydney
    {{{'A', 'W'}}, Continent::NA, {12.53, -70.02}, "Aruba"},  // Oranjestad
    {{{'A', 'X'}}, Continent::EU, {60.10, 19.93}, "Aland"},  // Mariehamn
    {{{'A', 'Z'}}, Continent::AS, {40.41, 49.87}, "Azerbaijan"},  // Baku
    {{{'B', 'A'}}, Continent::EU, {43.86, 18.41}, "Bosnia and Herzegovina"},  // Sarajevo
    {{{'B', 'B'}}, Continent::NA, {13.09, -59.58}, "Barbados"},  // Bridgetown (Wildey)
    {{{'B', 'D'}}, Continent::AS, {23.75, 90.41}, "Bangladesh"},  // Dhaka (Ramna Maidan)
    {{{'B', 'E'}}, Continent::EU, {50.85, 4.36}, "Belgium"},  // Brussels
    {{{'B', 'F'}}, Continent::AF, {12.37, -1.52}, "Burkina Faso"},  // Ouagadougou
    {{{'B', 'G'}}, Continent::EU, {42.70, 23.32}, "Bulgaria"},  // Sofia
    {{{'B', 'H'}}, Continent::AS, {26.22, 50.59}, "Bahrain"},  // Manama
    {{{'B', 'I'}}, Continent::AF, {-3.36, 29.36}, "Burundi"},  // Bujumbura
    {{{'B', 'J'}}, Continent::AF, {6.50, 2.63}, "Benin"},  // Porto-Novo
    {{{'B', 'L'}}, Continent::NA, {17.90, -62.85}, "Saint Barthelemy"},  // Gustavia
    {{{'B', 'M'}}, Continent::NA, {32.29, -64.78}, "Bermuda"},  // Hamilton
    {{{'B', 'N'}}, Continent::AS, {4.90, 114.94}, "Brunei"},  // Bandar Seri Begawan
    {{{'B', 'O'}}, Continent::SA, {-16.51, -68.13}, "Bolivia"},  // La Paz (Macrodistrito Centro)
    {{{'B', 'Q'}}, Continent::NA, {12.17, -68.27}, "Bonaire"},  // Dorp Antriol
    {{{'B', 'R'}}, Continent::SA, {-23.56, -46.64}, "Brazil"},  // Sao Paulo
    {{{'B', 'S'}}, Continent::NA, {25.04, -77.35}, "Bahamas"},  // Nassau
    {{{'B', 'T'}}, Continent::AS, {27.47, 89.64}, "Bhutan"},  // Thimphu
    {{{'B', 'V'}}, Continent::AN, {-54.42, 3.36}, "Bouvet Island"},  // by hand
    {{{'B', 'W'}}, Continent::AF, {-24.66, 25.91}, "Botswana"},  // Gaborone (Mmaraka Extension 1)
    {{{'B', 'Y'}}, Continent::EU, {53.90, 27.56}, "Belarus"},  // Minsk
    {{{'B', 'Z'}}, Continent::NA, {17.51, -88.19}, "Belize"},  // Belize City
    {{{'C', 'A'}}, Continent::NA, {45.50, -73.57}, "Canada"},  // Montreal
    {{{'C', 'C'}}, Continent::AS, {-12.16, 96.82}, "Cocos (Keeling) Islands"},  // West Island
    {{{'C', 'D'}}, Continent::AF, {-4.44, 15.27}, "Democratic Republic of the Congo"},  // Kinshasa
    {{{'C', 'F'}}, Continent::AF, {4.36, 18.58}, "Central African Republic"},  // Bangui
    {{{'C', 'G'}}, Continent::AF, {-4.27, 15.29}, "Republic of the Congo"},  // Brazzaville
    {{{'C', 'H'}}, Continent::EU, {47.38, 8.54}, "Switzerland"},  // Zurich
    {{{'C', 'I'}}, Continent::AF, {5.33, -4.02}, "Ivory Coast"},  // Abidjan (Le Plateau)
    {{{'C', 'K'}}, Continent::OC, {-21.23, -159.78}, "Cook Islands"},  // Avarua
    {{{'C', 'L'}}, Continent::SA, {-33.45, -70.67}, "Chile"},  // Santiago
    {{{'C', 'M'}}, Continent::AF, {4.05, 9.70}, "Cameroon"},  // Douala (Akwa I)
    {{{'C', 'N'}}, Continent::AS, {39.90, 116.41}, "China"},  // Beijing
    {{{'C', 'O'}}, Continent::SA, {4.65, -74.11}, "Colombia"},  // Bogota (Fontibon)
    {{{'C', 'R'}}, Continent::NA, {9.93, -84.09}, "Costa Rica"},  // San Jose
    {{{'C', 'U'}}, Continent::NA, {23.12, -82.42}, "Cuba"},  // Havana
    {{{'C', 'V'}}, Continent::AF, {14.92, -23.51}, "Cabo Verde"},  // Praia
    {{{'C', 'W'}}, Continent::NA, {12.11, -68.93}, "Curacao"},  // Willemstad
    {{{'C', 'X'}}, Continent::AS, {-10.42, 105.68}, "Christmas Island"},  // by hand
    {{{'C', 'Y'}}, Continent::EU, {35.19, 33.38}, "Cyprus"},  // Nicosia
    {{{'C', 'Z'}}, Continent::EU, {50.08, 14.44}, "Czechia"},  // Prague
    {{{'D', 'E'}}, Continent::EU, {50.11, 8.68}, "Germany"},  // Frankfurt am Main
    {{{'D', 'J'}}, Continent::AF, {11.83, 42.59}, "Djibouti"},  // Djibouti City
    {{{'D', 'K'}}, Continent::EU, {55.68, 12.57}, "Denmark"},  // Copenhagen
    {{{'D', 'M'}}, Continent::NA, {15.31, -61.38}, "Dominica"},  // Roseau
    {{{'D', 'O'}}, Continent::NA, {18.45, -69.95}, "Dominican Republic"},  // Santo Domingo (Bella Vista)
    {{{'D', 'Z'}}, Continent::AF, {36.73, 3.09}, "Algeria"},  // Algiers
    {{{'E', 'C'}}, Continent::SA, {-0.21, -78.50}, "Ecuador"},  // Quito
    {{{'E', 'E'}}, Continent::EU, {59.44, 24.75}, "Estonia"},  // Tallinn
    {{{'E', 'G'}}, Continent::AF, {30.04, 31.21}, "Egypt"},  // Giza
    {{{'E', 'H'}}, Continent::AF, {27.15, -13.20}, "Western Sahara"},  // by hand
    {{{'E', 'R'}}, Continent::AF, {15.33, 38.93}, "Eritrea"},  // Asmara
    {{{'E', 'S'}}, Continent::EU, {40.42, -3.70}, "Spain"},  // Madrid
    {{{'E', 'T'}}, Continent::AF, {9.02, 38.75}, "Ethiopia"},  // Addis Ababa
    {{{'F', 'I'}}, Continent::EU, {60.17, 24.94}, "Finland"},  // Helsinki
    {{{'F', 'J'}}, Continent::OC, {-18.12, 178.45}, "Fiji"},  // Suva
    {{{'F', 'K'}}, Continent::SA, {-51.70, -57.85}, "Falkland Islands"},  // Stanley
    {{{'F', 'M'}}, Continent::OC, {6.96, 158.21}, "Micronesia"},  // Kolonia
    {{{'F', 'O'}}, Continent::EU, {62.01, -6.77}, "Faroe Islands"},  // Torshavn
    {{{'F', 'R'}}, Continent::EU, {48.86, 2.35}, "France"},  // Paris
    {{{'G', 'A'}}, Continent::AF, {0.50, 9.41}, "Gabon"},  // Libreville
    {{{'G', 'B'}}, Continent::EU, {51.51, -0.13}, "United Kingdom"},  // London
    {{{'G', 'D'}}, Continent::NA, {12.05, -61.75}, "Grenada"},  // St. George's
    {{{'G', 'E'}}, Continent::AS, {41.69, 44.80}, "Georgia"},  // Tbilisi
    {{{'G', 'F'}}, Continent::SA, {4.92, -52.31}, "French Guiana"},  // Cayenne
    {{{'G', 'G'}}, Continent::EU, {49.46, -2.54}, "Guernsey"},  // St Peter Port
    {{{'G', 'H'}}, Continent::AF, {5.56, -0.20}, "Ghana"},  // Accra (Osu Klottey)
    {{{'G', 'I'}}, Continent::EU, {36.14, -5.35}, "Gibraltar"},  // Gibraltar
    {{{'G', 'L'}}, Continent::NA, {64.17, -51.74}, "Greenland"},  // Nuuk
    {{{'G', 'M'}}, Continent::AF, {13.45, -16.68}, "Gambia"},  // Serrekunda
    {{{'G', 'N'}}, Continent::AF, {9.51, -13.71}, "Guinea"},  // Conakry
    {{{'G', 'P'}}, Continent::NA, {16.24, -61.58}, "Guadeloupe"},  // Baie Mahault
    {{{'G', 'Q'}}, Continent::AF, {3.75, 8.78}, "Equatorial Guinea"},  // Malabo
    {{{'G', 'R'}}, Continent::EU, {37.98, 23.73}, "Greece"},  // Athens
    {{{'G', 'S'}}, Continent::AN, {-54.28, -36.51}, "South Georgia and the South Sandwich Islands"},  // by hand
    {{{'G', 'T'}}, Continent::NA, {14.64, -90.51}, "Guatemala"},  // Guatemala City (Zona Uno)
    {{{'G', 'U'}}, Continent::OC, {13.45, 144.80}, "Guam"},  // Mangilao
    {{{'G', 'W'}}, Continent::AF, {11.86, -15.58}, "Guinea-Bissau"},  // Bissau
    {{{'G', 'Y'}}, Continent::SA, {6.81, -58.15}, "Guyana"},  // Georgetown
    {{{'H', 'K'}}, Continent::AS, {22.32, 114.17}, "Hong Kong"},  // Hong Kong
    {{{'H', 'M'}}, Continent::AN, {-53.10, 73.51}, "Heard Island and McDonald Islands"},  // by hand
    {{{'H', 'N'}}, Continent::NA, {14.08, -87.19}, "Honduras"},  // Tegucigalpa (Colonia Luis Landa)
    {{{'H', 'R'}}, Continent::EU, {45.81, 15.98}, "Croatia"},  // Zagreb
    {{{'H', 'T'}}, Continent::NA, {18.51, -72.29}, "Haiti"},  // Petyon-Vil
    {{{'H', 'U'}}, Continent::EU, {47.50, 19.04}, "Hungary"},  // Budapest
    {{{'I', 'D'}}, Continent::AS, {-6.18, 106.82}, "Indonesia"},  // Jakarta
    {{{'I', 'E'}}, Continent::EU, {53.35, -6.26}, "Ireland"},  // Dublin
    {{{'I', 'L'}}, Continent::AS, {32.09, 34.78}, "Israel"},  // Tel Aviv
    {{{'I', 'M'}}, Continent::EU, {54.15, -4.49}, "Isle of Man"},  // Douglas
    {{{'I', 'N'}}, Continent::AS, {19.08, 72.88}, "India"},  // Mumbai
    {{{'I', 'O'}}, Continent::AS, {-7.32, 72.42}, "British Indian Ocean Territory"},  // Seabreeze village
    {{{'I', 'Q'}}, Continent::AS, {33.32, 44.37}, "Iraq"},  // Baghdad
    {{{'I', 'R'}}, Continent::AS, {35.72, 51.33}, "Iran"},  // Tehran
    {{{'I', 'S'}}, Continent::EU, {64.15, -21.94}, "Iceland"},  // Reykjavik
    {{{'I', 'T'}}, Continent::EU, {45.46, 9.19}, "Italy"},  // Milan
    {{{'J', 'E'}}, Continent::EU, {49.18, -2.10}, "Jersey"},  // Saint Helier
    {{{'J', 'M'}}, Continent::NA, {18.00, -76.79}, "Jamaica"},  // Kingston
    {{{'J', 'O'}}, Continent::AS, {31.95, 35.91}, "Jordan"},  // Amman
    {{{'J', 'P'}}, Continent::AS, {35.69, 139.77}, "Japan"},  // Chiyoda City
    {{{'K', 'E'}}, Continent::AF, {-1.29, 36.82}, "Kenya"},  // Nairobi
    {{{'K', 'G'}}, Continent::AS, {42.87, 74.57}, "Kyrgyzstan"},  // Bishkek
    {{{'K', 'H'}}, Continent::AS, {11.56, 104.93}, "Cambodia"},  // Phnom Penh
    {{{'K', 'I'}}, Continent::OC, {1.45, 172.97}, "Kiribati"},  // Taborio Village
    {{{'K', 'M'}}, Continent::AF, {-11.71, 43.25}, "Comoros"},  // Moroni
    {{{'K', 'N'}}, Continent::NA, {17.30, -62.72}, "Saint Kitts and Nevis"},  // Basseterre
    {{{'K', 'P'}}, Continent::AS, {39.04, 125.76}, "North Korea"},  // Pyongyang
    {{{'K', 'R'}}, Continent::AS, {37.37, 127.12}, "South Korea"},  // Seongnam-si (Buljeong-ro)
    {{{'K', 'W'}}, Continent::AS, {29.37, 47.97}, "Kuwait"},  // Kuwait City (Jibla)
    {{{'K', 'Y'}}, Continent::NA, {19.30, -81.38}, "Cayman Islands"},  // George Town
    {{{'K', 'Z'}}, Continent::AS, {43.24, 76.88}, "Kazakhstan"},  // Almaty
    {{{'L', 'A'}}, Continent::AS, {17.97, 102.61}, "Laos"},  // Vientiane
    {{{'L', 'B'}}, Continent::AS, {33.89, 35.50}, "Lebanon"},  // Beirut
    {{{'L', 'C'}}, Continent::NA, {14.01, -60.99}, "Saint Lucia"},  // Castries
    {{{'L', 'I'}}, Continent::EU, {47.14, 9.52}, "Liechtenstein"},  // Vaduz
    {{{'L', 'K'}}, Continent::AS, {6.93, 79.85}, "Sri Lanka"},  // Colombo (Colombo Division)
    {{{'L', 'R'}}, Continent::AF, {6.32, -10.81}, "Liberia"},  // Monrovia
    {{{'L', 'S'}}, Continent::AF, {-29.32, 27.49}, "Lesotho"},  // Maseru
    {{{'L', 'T'}}, Continent::EU, {54.69, 25.28}, "Lithuania"},  // Vilnius
    {{{'L', 'U'}}, Continent::EU, {49.62, 6.15}, "Luxembourg"},  // Luxembourg
    {{{'L', 'V'}}, Continent::EU, {56.97, 24.11}, "Latvia"},  // Riga
    {{{'L', 'Y'}}, Continent::AF, {32.89, 13.19}, "Libya"},  // Tripoli
    {{{'M', 'A'}}, Continent::AF, {34.00, -6.85}, "Morocco"},  // Rabat (Agdal)
    {{{'M', 'C'}}, Continent::EU, {43.74, 7.42}, "Monaco"},  // Monaco
    {{{'M', 'D'}}, Continent::EU, {47.06, 28.94}, "Moldova"},  // Tohatin
    {{{'M', 'E'}}, Continent::EU, {42.44, 19.25}, "Montenegro"},  // Podgorica
    {{{'M', 'F'}}, Continent::NA, {18.07, -63.08}, "Saint Martin"},  // Marigot
    {{{'M', 'G'}}, Continent::AF, {-18.88, 47.51}, "Madagascar"},  // Antananarivo
    {{{'M', 'H'}}, Continent::OC, {7.09, 171.12}, "Marshall Islands"},  // Ajeltake
    {{{'M', 'K'}}, Continent::EU, {42.00, 21.42}, "North Macedonia"},  // Skopje
    {{{'M', 'L'}}, Continent::AF, {12.64, -8.00}, "Mali"},  // Bamako
    {{{'M', 'M'}}, Continent::AS, {16.84, 96.17}, "Myanmar"},  // Yangon
    {{{'M', 'N'}}, Continent::AS, {47.89, 106.91}, "Mongolia"},  // Ulaanbaatar
    {{{'M', 'O'}}, Continent::AS, {22.16, 113.56}, "Macao"},  // Zhuojiacun
    {{{'M', 'P'}}, Continent::OC, {15.19, 145.75}, "Northern Mariana Islands"},  // Capitol Hill Village
    {{{'M', 'Q'}}, Continent::NA, {14.61, -61.07}, "Martinique"},  // Fort-de-France
    {{{'M', 'R'}}, Continent::AF, {18.07, -15.96}, "Mauritania"},  // Nouakchott
    {{{'M', 'S'}}, Continent::NA, {16.71, -62.22}, "Montserrat"},  // Plymouth
    {{{'M', 'T'}}, Continent::EU, {35.89, 14.46}, "Malta"},  // Birkirkara
    {{{'M', 'U'}}, Continent::AF, {-20.24, 57.50}, "Mauritius"},  // Quatre Bornes (Ebene CyberCity)
    {{{'M', 'V'}}, Continent::AS, {4.17, 73.50}, "Maldives"},  // Male (Maafannu)
    {{{'M', 'W'}}, Continent::AF, {-13.99, 33.77}, "Malawi"},  // Lilongwe
    {{{'M', 'X'}}, Continent::NA, {19.30, -99.18}, "Mexico"},  // Mexico City (Manantial Pena Pobre)
    {{{'M', 'Y'}}, Continent::AS, {3.14, 101.69}, "Malaysia"},  // Kuala Lumpur
    {{{'M', 'Z'}}, Continent::AF, {-25.97, 32.56}, "Mozambique"},  // Maputo (Alto Mae "B")
    {{{'N', 'A'}}, Continent::AF, {-22.56, 17.08}, "Namibia"},  // Windhoek
    {{{'N', 'C'}}, Continent::OC, {-22.27, 166.44}, "New Caledonia"},  // Noumea
    {{{'N', 'E'}}, Continent::AF, {13.51, 2.13}, "Niger"},  // Niamey
    {{{'N', 'F'}}, Continent::OC, {-29.05, 167.97}, "Norfolk Island"},  // Kingston
    {{{'N', 'G'}}, Continent::AF, {6.52, 3.38}, "Nigeria"},  // Lagos
    {{{'N', 'I'}}, Continent::NA, {12.11, -86.24}, "Nicaragua"},  // Managua
    {{{'N', 'L'}}, Continent::EU, {52.37, 4.90}, "Netherlands"},  // Amsterdam
    {{{'N', 'O'}}, Continent::EU, {59.91, 10.73}, "Norway"},  // Oslo
    {{{'N', 'P'}}, Continent::AS, {27.66, 85.31}, "Nepal"},  // Patan (Nakhkhu)
    {{{'N', 'R'}}, Continent::OC, {-0.53, 166.91}, "Nauru"},  // Anabar
    {{{'N', 'U'}}, Continent::OC, {-19.06, -169.92}, "Niue"},  // Alofi
    {{{'N', 'Z'}}, Continent::OC, {-36.85, 174.76}, "New Zealand"},  // Auckland (Auckland CBD)
    {{{'O', 'M'}}, Continent::AS, {23.59, 58.38}, "Oman"},  // Muscat
    {{{'P', 'A'}}, Continent::NA, {8.98, -79.52}, "Panama"},  // Panama City
    {{{'P', 'E'}}, Continent::SA, {-12.11, -77.02}, "Peru"},  // San Borja
    {{{'P', 'F'}}, Continent::OC, {-17.53, -149.57}, "French Polynesia"},  // Papeete (Fare 'Ute)
    {{{'P', 'G'}}, Continent::OC, {-9.48, 147.15}, "Papua New Guinea"},  // Port Moresby
    {{{'P', 'H'}}, Continent::AS, {14.58, 121.04}, "Philippines"},  // Mandaluyong
    {{{'P', 'K'}}, Continent::AS, {33.66, 73.04}, "Pakistan"},  // Islamabad (H 9/1)
    {{{'P', 'L'}}, Continent::EU, {52.23, 21.01}, "Poland"},  // Warsaw
    {{{'P', 'M'}}, Continent::NA, {46.78, -56.18}, "Saint Pierre and Miquelon"},  // Saint-Pierre
    {{{'P', 'N'}}, Continent::OC, {-25.07, -130.10}, "Pitcairn Islands"},  // by hand
    {{{'P', 'R'}}, Continent::NA, {18.42, -66.06}, "Puerto Rico"},  // San Juan
    {{{'P', 'S'}}, Continent::AS, {32.22, 35.26}, "Palestine"},  // Nablus
    {{{'P', 'T'}}, Continent::EU, {38.72, -9.14}, "Portugal"},  // Lisbon
    {{{'P', 'W'}}, Continent::OC, {7.50, 134.62}, "Palau"},  // Ngerulmud
    {{{'P', 'Y'}}, Continent::SA, {-25.33, -57.56}, "Paraguay"},  // Fernando de la Mora (Fernando Zona Sur)
    {{{'Q', 'A'}}, Continent::AS, {25.29, 51.53}, "Qatar"},  // Doha
    {{{'R', 'E'}}, Continent::AF, {-20.88, 55.45}, "Reunion"},  // Saint-Denis
    {{{'R', 'O'}}, Continent::EU, {44.43, 26.10}, "Romania"},  // Bucharest
    {{{'R', 'S'}}, Continent::EU, {44.81, 20.46}, "Serbia"},  // Belgrade
    {{{'R', 'U'}}, Continent::EU, {55.76, 37.62}, "Russia"},  // Moscow
    {{{'R', 'W'}}, Continent::AF, {-1.94, 30.06}, "Rwanda"},  // Kigali
    {{{'S', 'A'}}, Continent::AS, {24.71, 46.68}, "Saudi Arabia"},  // Riyadh
    {{{'S', 'B'}}, Continent::OC, {-9.45, 159.97}, "Solomon Islands"},  // Honiara
    {{{'S', 'C'}}, Continent::AF, {-4.65, 55.49}, "Seychelles"},  // Cascade
    {{{'S', 'D'}}, Continent::AF, {15.60, 32.54}, "Sudan"},  // Khartoum
    {{{'S', 'E'}}, Continent::EU, {59.33, 18.07}, "Sweden"},  // Stockholm
    {{{'S', 'G'}}, Continent::AS, {1.35, 103.82}, "Singapore"},  // Singapore
    {{{'S', 'H'}}, Continent::AF, {-15.93, -5.72}, "Saint Helena"},  // Jamestown
    {{{'S', 'I'}}, Continent::EU, {46.06, 14.51}, "Slovenia"},  // Ljubljana
    {{{'S', 'J'}}, Continent::EU, {78.22, 15.64}, "Svalbard and Jan Mayen"},  // by hand
    {{{'S', 'K'}}, Continent::EU, {48.15, 17.11}, "Slovakia"},  // Bratislava
    {{{'S', 'L'}}, Continent::AF, {8.49, -13.23}, "Sierra Leone"},  // Freetown (Tower Hill)
    {{{'S', 'M'}}, Continent::EU, {43.96, 12.46}, "San Marino"},  // Cailungo
    {{{'S', 'N'}}, Continent::AF, {14.72, -17.47}, "Senegal"},  // Dakar
    {{{'S', 'O'}}, Continent::AF, {2.04, 45.34}, "Somalia"},  // Mogadishu
    {{{'S', 'R'}}, Continent::SA, {5.83, -55.16}, "Suriname"},  // Paramaribo
    {{{'S', 'S'}}, Continent::AF, {4.85, 31.58}, "South Sudan"},  // Juba
    {{{'S', 'T'}}, Continent::AF, {0.34, 6.73}, "Sao Tome and Principe"},  // Sao Tome
    {{{'S', 'V'}}, Continent::NA, {13.69, -89.23}, "El Salvador"},  // San Salvador
    {{{'S', 'X'}}, Continent::NA, {18.03, -63.05}, "Sint Maarten"},  // Philipsburg
    {{{'S', 'Y'}}, Continent::AS, {33.51, 36.28}, "Syria"},  // Damascus
    {{{'S', 'Z'}}, Continent::AF, {-26.33, 31.14}, "Eswatini"},  // Mbabane
    {{{'T', 'C'}}, Continent::NA, {21.78, -72.19}, "Turks and Caicos Islands"},  // Cockburn Harbour
    {{{'T', 'D'}}, Continent::AF, {12.12, 15.05}, "Chad"},  // N'Djamena
    {{{'T', 'F'}}, Continent::AN, {-49.35, 70.22}, "French Southern Territories"},  // by hand
    {{{'T', 'G'}}, Continent::AF, {6.13, 1.22}, "Togo"},  // Lome
    {{{'T', 'H'}}, Continent::AS, {13.80, 100.57}, "Thailand"},  // Din Daeng
    {{{'T', 'J'}}, Continent::AS, {38.56, 68.79}, "Tajikistan"},  // Dushanbe
    {{{'T', 'K'}}, Continent::OC, {-9.38, -171.25}, "Tokelau"},  // by hand
    {{{'T', 'L'}}, Continent::OC, {-8.56, 125.57}, "East Timor"},  // Dili
    {{{'T', 'M'}}, Continent::AS, {37.96, 58.33}, "Turkmenistan"},  // Ashgabat
    {{{'T', 'N'}}, Continent::AF, {36.82, 10.18}, "Tunisia"},  // Tunis (El Menzah)
    {{{'T', 'O'}}, Continent::OC, {-21.14, -175.19}, "Tonga"},  // Nuku'alofa
    {{{'T', 'R'}}, Continent::AS, {41.03, 29.10}, "Türkiye"},  // Umraniye
    {{{'T', 'T'}}, Continent::NA, {10.65, -61.51}, "Trinidad and Tobago"},  // Port of Spain (Downtown)
    {{{'T', 'V'}}, Continent::OC, {-8.52, 179.20}, "Tuvalu"},  // Vaiaku Village
    {{{'T', 'W'}}, Continent::AS, {25.07, 121.59}, "Taiwan"},  // Neihu District
    {{{'T', 'Z'}}, Continent::AF, {-6.78, 39.26}, "Tanzania"},  // Dar es Salaam
    {{{'U', 'A'}}, Continent::EU, {50.45, 30.52}, "Ukraine"},  // Kyiv
    {{{'U', 'G'}}, Continent::AF, {0.32, 32.59}, "Uganda"},  // Kampala (Kampala Central Division)
    {{{'U', 'M'}}, Continent::OC, {19.28, 166.65}, "U.S. Minor Outlying Islands"},  // by hand
    {{{'U', 'S'}}, Continent::NA, {40.71, -74.01}, "United States"},  // New York
    {{{'U', 'Y'}}, Continent::SA, {-34.90, -56.19}, "Uruguay"},  // Montevideo
    {{{'U', 'Z'}}, Continent::AS, {41.30, 69.24}, "Uzbekistan"},  // Tashkent
    {{{'V', 'A'}}, Continent::EU, {41.90, 12.45}, "Vatican City"},  // Vatican City
    {{{'V', 'C'}}, Continent::NA, {13.15, -61.22}, "Saint Vincent and the Grenadines"},  // Kingstown
    {{{'V', 'E'}}, Continent::SA, {10.50, -66.84}, "Venezuela"},  // Caracas (Los Palos Grandes)
    {{{'V', 'G'}}, Continent::NA, {18.42, -64.62}, "British Virgin Islands"},  // Road Town (Wickhams Cay One)
    {{{'V', 'I'}}, Continent::NA, {18.34, -64.98}, "U.S. Virgin Islands"},  // Charlotte Amalie
    {{{'V', 'N'}}, Continent::AS, {21.03, 105.83}, "Vietnam"},  // Hanoi
    {{{'V', 'U'}}, Continent::OC, {-17.74, 168.32}, "Vanuatu"},  // Port Vila
    {{{'W', 'F'}}, Continent::OC, {-13.28, -176.18}, "Wallis and Futuna"},  // Mata'Utu
    {{{'W', 'S'}}, Continent::OC, {-13.84, -171.76}, "Samoa"},  // Apia (Maluafou)
    {{{'X', 'K'}}, Continent::EU, {42.66, 21.17}, "Kosovo"},  // by hand
    {{{'Y', 'E'}}, Continent::AS, {15.47, 44.22}, "Yemen"},  // Sanaa
    {{{'Y', 'T'}}, Continent::AF, {-12.78, 45.23}, "Mayotte"},  // Mamoudzou
    {{{'Z', 'A'}}, Continent::AF, {-26.21, 28.03}, "South Africa"},  // Johannesburg
    {{{'Z', 'M'}}, Continent::AF, {-15.38, 28.38}, "Zambia"},  // Lusaka
    {{{'Z', 'W'}}, Continent::AF, {-17.83, 31.05}, "Zimbabwe"},  // Harare
}};
// clang-format on

}  // namespace

std::span<const Country> country_table() {
    return kCountries;
}

}  // namespace meridian::geo
