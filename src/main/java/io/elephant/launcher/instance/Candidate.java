package io.elephant.launcher.instance;

/** One way to get an instance: a market, an instance type and a subnet. */
public record Candidate(Market market, String instanceType, Subnet subnet) {

  /** Whether a quota that refused one refuses the other too: quotas do not know zones. */
  public boolean sharesQuotaWith(Candidate other) {
    return market == other.market && instanceType.equals(other.instanceType);
  }
}
