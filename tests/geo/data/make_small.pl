# Writes small-city.mmdb and small-country.mmdb: a made-up world in MaxMind's layout.
#
# SPDX-License-Identifier: Apache-2.0
#
# usage: make_small.pl [FOLDER]   (Debian: libmaxmind-db-writer-perl)
use strict;
use warnings;
use utf8;
use MaxMind::DB::Writer::Tree;

my $folder = shift // '.';

# network, country, subdivision with its name, city, latitude, longitude, accuracy radius in km.
# What a scenario may rely on; documentation networks where there are enough of them.
my @cities = (
    # Europe
    ['198.51.100.0/24',    'DE', 'HE', 'Hesse',            'Frankfurt am Main', 50.1109,  8.6821,    20],
    ['46.114.0.0/24',      'DE', 'HH', 'Free and Hanseatic City of Hamburg', 'Hamburg', 53.5511, 9.9937, 10],
    ['2001:db8:1::/48',    'DE', 'BE', 'State of Berlin',  'Berlin',            52.5200,  13.4050,   20],
    ['100.0.0.0/24',       'FR', '',   '',                 '',                  undef,    undef,     0],
    ['2001:db8:a::/48',    'FR', '',   '',                 '',                  undef,    undef,     0],
    ['81.2.69.0/24',       'GB', 'ENG','England',          'London',            51.5142, -0.0931,    10],
    ['2001:db8:4::/48',    'GB', 'ENG','England',          'London',            51.5142, -0.0931,    10],
    # Asia
    ['203.0.113.0/24',     'JP', '13', 'Tokyo',            'Tokyo',             35.6895,  139.6917,  20],
    ['2001:db8:2::/48',    'JP', '13', 'Tokyo',            'Tokyo',             35.6895,  139.6917,  20],
    ['100.0.5.0/24',       'SG', '',   '',                 'Singapore',         1.2897,   103.8501,  10],
    ['100.0.6.0/24',       'IN', 'MH', 'Maharashtra',      'Mumbai',            19.0760,  72.8777,   20],
    ['100.0.11.0/24',      'CN', 'BJ', 'Beijing',          'Beijing',           39.9042,  116.4074,  50],
    # North America: a /24 whose halves lie on two coasts
    ['192.0.2.0/25',       'US', 'VA', 'Virginia',         'Ashburn',           39.0438, -77.4874,   20],
    ['192.0.2.128/25',     'US', 'CA', 'California',       'San Francisco',     37.7749, -122.4194,  20],
    ['2001:db8:3::/56',    'US', 'VA', 'Virginia',         'Ashburn',           39.0438, -77.4874,   20],
    # a /56 whose larger part is in California, but not its first address
    ['2001:db8:3:100::/59',     'US', 'VA', 'Virginia',    'Ashburn',           39.0438, -77.4874,   20],
    ['2001:db8:3:120::/59',     'US', 'CA', 'California',  'San Francisco',     37.7749, -122.4194,  20],
    ['2001:db8:3:140::/58',     'US', 'CA', 'California',  'San Francisco',     37.7749, -122.4194,  20],
    ['2001:db8:3:180::/57',     'US', 'CA', 'California',  'San Francisco',     37.7749, -122.4194,  20],
    # a /24 of which three quarters are in California, but not its first address
    ['100.0.7.0/26',       'US', 'VA', 'Virginia',         'Ashburn',           39.0438, -77.4874,   20],
    ['100.0.7.64/26',      'US', 'CA', 'California',       'San Francisco',     37.7749, -122.4194,  20],
    ['100.0.7.128/25',     'US', 'CA', 'California',       'San Francisco',     37.7749, -122.4194,  20],
    ['100.0.12.0/22',      'CA', 'QC', 'Quebec',           'Montréal',          45.5019, -73.5674,   10],
    # South America, Africa, Oceania, Antarctica
    ['100.0.8.0/24',       'BR', 'SP', 'São Paulo',        'São Paulo',        -23.5558, -46.6396,   20],
    ['2001:db8:5::/48',    'BR', 'SP', 'São Paulo',        'São Paulo',        -23.5558, -46.6396,   20],
    ['100.0.9.0/24',       'ZA', 'GP', 'Gauteng',          'Johannesburg',     -26.2041,  28.0473,   20],
    ['2001:db8:6::/48',    'ZA', 'GP', 'Gauteng',          'Johannesburg',     -26.2041,  28.0473,   20],
    ['100.0.10.0/24',      'AU', 'NSW','New South Wales',  'Sydney',           -33.8688,  151.2093,  20],
    ['2001:db8:7::/48',    'AU', 'NSW','New South Wales',  'Sydney',           -33.8688,  151.2093,  20],
    ['100.0.16.0/24',      'FJ', '',   '',                 'Suva',             -18.1248,  178.4501,  50],
    ['100.0.17.0/24',      'AQ', '',   '',                 '',                  undef,    undef,     0],
);

my %continents = (
    AQ => 'AN', AU => 'OC', BR => 'SA', CA => 'NA', CN => 'AS', DE => 'EU', FJ => 'OC', FR => 'EU',
    GB => 'EU', IN => 'AS', JP => 'AS', SG => 'AS', US => 'NA', ZA => 'AF',
);

my %types = (
    continent       => 'map',
    country         => 'map',
    city            => 'map',
    location        => 'map',
    names           => 'map',
    subdivisions    => ['array', 'map'],
    code            => 'utf8_string',
    iso_code        => 'utf8_string',
    en              => 'utf8_string',
    geoname_id      => 'uint32',
    latitude        => 'double',
    longitude       => 'double',
    accuracy_radius => 'uint16',
);

sub write_database {
    my ($path, $type, $with_places) = @_;
    my $tree = MaxMind::DB::Writer::Tree->new(
        ip_version               => 6,
        record_size              => 24,
        database_type            => $type,
        languages                => ['en'],
        description              => { en => 'A made-up world for the tests of Meridian' },
        map_key_type_callback    => sub { $types{ $_[0] } },
        remove_reserved_networks => 0,
        # ::ffff:0:0/96 and 2002::/16 point at the IPv4 tree, as in MaxMind's own files.
        alias_ipv6_to_ipv4       => 1,
        _build_epoch             => 1_780_000_000,
    );
    for my $row (@cities) {
        my ($network, $country, $code, $name, $city, $latitude, $longitude, $radius) = @$row;
        my %record = (
            continent => { code     => $continents{$country} },
            country   => { iso_code => $country },
        );
        if ($with_places) {
            $record{city} = { names => { en => $city } } if $city ne '';
            $record{subdivisions} = [{ iso_code => $code, names => { en => $name } }] if $code ne '';
            $record{location} = {
                latitude => $latitude, longitude => $longitude, accuracy_radius => $radius
            } if defined $latitude;
        }
        # An IPv4 network lies under ::/96 in a tree of both families.
        $tree->insert_network($network =~ /:/ ? $network : in_v6_tree($network), \%record);
    }
    open my $file, '>:raw', $path or die "$path: $!";
    $tree->write_tree($file);
    close $file or die "$path: $!";
}

sub in_v6_tree {
    my ($address, $bits) = split m{/}, shift;
    return "::$address/" . (96 + $bits);
}

write_database("$folder/small-city.mmdb",    'GeoLite2-City',    1);
write_database("$folder/small-country.mmdb", 'GeoLite2-Country', 0);
