package io.elephant.launcher.local;

import java.util.List;

/**
 * A subnet as DescribeSubnets shows it.
 *
 * @param defaultForAz whether it is its zone's default subnet, of which a zone has at most one
 * @param freeAddresses how many instances still fit into it
 */
public record Subnet(
    String id, String zone, String vpcId, boolean defaultForAz, String state, int freeAddresses) {

  private static final int A_SLASH_20 = 4091;
  static final String DEFAULT_VPC = "vpc-0d3fa0170e1e9ba55";
  static final String OTHER_VPC = "vpc-07e5ca1ab1ef0f0e5";

  /**
   * The subnets of an account that has used us-west-2 for a while: the default VPC with a default
   * subnet in each zone, and what else has gathered, in that VPC and in another one, in the same
   * zones.
   */
  public static List<Subnet> ofUsWest2() {
    return List.of(
        defaultIn("us-west-2a", "subnet-0a11111111111111a"),
        defaultIn("us-west-2b", "subnet-0b22222222222222b"),
        defaultIn("us-west-2c", "subnet-0c33333333333333c"),
        defaultIn("us-west-2d", "subnet-0d44444444444444d"),
        new Subnet(
            "subnet-0a55555555555555a", "us-west-2a", DEFAULT_VPC, false, "available", A_SLASH_20),
        new Subnet(
            "subnet-0b66666666666666b", "us-west-2b", DEFAULT_VPC, false, "available", A_SLASH_20),
        new Subnet(
            "subnet-0a77777777777777a", "us-west-2a", OTHER_VPC, false, "available", A_SLASH_20),
        new Subnet(
            "subnet-0c88888888888888c", "us-west-2c", OTHER_VPC, false, "available", A_SLASH_20));
  }

  /** A zone's default subnet in the default VPC. */
  public static Subnet defaultIn(String zone, String id) {
    return new Subnet(id, zone, DEFAULT_VPC, true, "available", A_SLASH_20);
  }

  /** The same subnet with room for so many more instances. */
  public Subnet withFreeAddresses(int count) {
    return new Subnet(id, zone, vpcId, defaultForAz, state, count);
  }
}
