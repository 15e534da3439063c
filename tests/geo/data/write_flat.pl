# Writes a database in DB-IP's flat layout from lines of network, country, state, city, coordinates.
#
# SPDX-License-Identifier: Apache-2.0
#
# usage: write_flat.pl FILE 4|6 BUILD_EPOCH < LINES   (Debian: libmaxmind-db-writer-perl)
use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

binmode STDIN, ':encoding(UTF-8)';
my ($path, $family, $build_epoch) = @ARGV;
my %types = (
    country_code => 'utf8_string',
    state1       => 'utf8_string',
    city         => 'utf8_string',
    latitude     => 'float',
    longitude    => 'float',
);
my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version    => $family,
    record_size   => 24,
    database_type => "DBIP-City-Lite (sample, IPv$family)",
    languages     => [],
    description   => {
        en => 'A sample of DB-IP City Lite. IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0'
    },
    map_key_type_callback    => sub { $types{ $_[0] } },
    remove_reserved_networks => 0,
    alias_ipv6_to_ipv4       => 0,
    _build_epoch             => $build_epoch,
);
while (my $line = <STDIN>) {
    chomp $line;
    my ($network, $country, $state, $city, $latitude, $longitude) = split /\t/, $line, -1;
    my %record = (country_code => $country, state1 => $state, city => $city);
    if ($latitude ne '') { @record{qw(latitude longitude)} = ($latitude, $longitude) }
    $tree->insert_network($network, \%record);
}
open my $file, '>:raw', $path or die "$path: $!";
$tree->write_tree($file);
close $file or die "$path: $!";
