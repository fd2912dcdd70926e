package io.elephant.launcher.preflight;

/** The account's quotas for EC2 in the region. */
public interface Quotas {

  /**
   * The quota's value.
   *
   * @throws NotAnswered where Service Quotas does not say
   */
  double value(VcpuQuota quota);
}
