package io.elephant.launcher.local;

import java.util.List;

/** A virtual private cloud as DescribeVpcs shows it. */
record Vpc(String id, boolean isDefault) {

  /**
   * The clouds that these subnets are in; the default one is that of the zones' default subnets.
   */
  static List<Vpc> of(List<Subnet> subnets) {
    return subnets.stream()
        .map(Subnet::vpcId)
        .distinct()
        .map(id ->
            new Vpc(
                id,
                subnets.stream()
                    .anyMatch(subnet -> subnet.defaultForAz() && subnet.vpcId().equals(id))))
        .toList();
  }
}
