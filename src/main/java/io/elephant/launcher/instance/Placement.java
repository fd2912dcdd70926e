package io.elephant.launcher.instance;

import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import java.util.List;
import java.util.stream.Stream;

/** Where instances may be launched, in order of preference. */
public sealed interface Placement {

  /** The zones in order of preference, each once. */
  List<Zone> zones();

  /** These subnets, of any VPC. EC2 is not asked for them: one that is gone refuses its launch. */
  record InSubnets(List<Subnet> subnets) implements Placement {

    public InSubnets {
      subnets = List.copyOf(subnets);
    }

    @Override
    public List<Zone> zones() {
      return subnets.stream().map(Subnet::zone).distinct().toList();
    }
  }

  /** The default subnets of these zones, which EC2 is asked for. */
  record InZones(List<Zone> zones) implements Placement {

    public InZones {
      zones = List.copyOf(zones);
    }

    /**
     * One subnet of each zone that has any. Their order must not depend on the order in which EC2
     * lists them: two deliveries that chose differently would start two instances.
     *
     * @param shown the zones' default subnets, in no particular order
     * @throws NoSubnet if no zone has one
     */
    public List<Subnet> inOrder(List<Subnet> shown) {
      List<Subnet> inOrder = zones.stream().flatMap(zone -> subnetOf(zone, shown)).toList();
      if (inOrder.isEmpty()) {
        throw new NoSubnet(zones.toString());
      }
      return inOrder;
    }

    private static Stream<Subnet> subnetOf(Zone zone, List<Subnet> shown) {
      return shown.stream()
          .filter(subnet -> subnet.zone().equals(zone))
          .min((one, other) -> one.id().compareTo(other.id()))
          .stream();
    }
  }
}
