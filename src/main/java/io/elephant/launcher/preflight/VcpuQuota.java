package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.Market;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many vCPUs of some families of instance types may run at once, by the code that Service
 * Quotas has for it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html">Amazon
 *     EC2 instance type quotas</a>
 */
public record VcpuQuota(String code) {

  /** A type's family begins with letters, such as the {@code t} of {@code t3.large}. */
  private static final Pattern FAMILY = Pattern.compile("([a-z]+)-?[0-9].*");

  /** The quota that a type counts against in a market, if it is known. */
  static Optional<VcpuQuota> of(String instanceType, Market market) {
    Matcher family = FAMILY.matcher(instanceType);
    return family.matches() ? ofFamily(family.group(1), market) : Optional.empty();
  }

  private static Optional<VcpuQuota> ofFamily(String family, Market market) {
    return switch (family) {
      case "a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z" ->
          of(market, "L-1216C47A", "L-34B43A08");
      case "g", "gr", "vt" -> of(market, "L-DB2E81BA", "L-3819A6DF");
      case "dl" -> of(market, "L-6E869C2A", "L-85EED4F7");
      case "f" -> of(market, "L-74FC7D96", "L-88CF9481");
      case "inf" -> of(market, "L-1945791B", "L-B5D1601B");
      case "p" -> of(market, "L-417A185B", "L-7212CCBC");
      case "trn" -> of(market, "L-2C3B7624", "L-6B0D517C");
      case "x" -> of(market, "L-7295265B", "L-E3A00192");
      default -> Optional.empty();
    };
  }

  private static Optional<VcpuQuota> of(Market market, String onDemand, String spot) {
    return Optional.of(new VcpuQuota(market == Market.SPOT ? spot : onDemand));
  }

  @Override
  public String toString() {
    return code;
  }
}
