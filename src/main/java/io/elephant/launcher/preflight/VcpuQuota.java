package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.Market;
import java.util.Map;
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

  private record Codes(String onDemand, String spot) {}

  /** Standard instances: A, C, D, H, I, M, R, T and Z. */
  private static final Codes STANDARD = new Codes("L-1216C47A", "L-34B43A08");

  private static final Codes GRAPHICS = new Codes("L-DB2E81BA", "L-3819A6DF");

  private static final Map<String, Codes> FAMILIES =
      Map.ofEntries(
          Map.entry("a", STANDARD),
          Map.entry("c", STANDARD),
          Map.entry("d", STANDARD),
          Map.entry("h", STANDARD),
          Map.entry("i", STANDARD),
          Map.entry("im", STANDARD),
          Map.entry("is", STANDARD),
          Map.entry("m", STANDARD),
          Map.entry("r", STANDARD),
          Map.entry("t", STANDARD),
          Map.entry("z", STANDARD),
          Map.entry("g", GRAPHICS),
          Map.entry("gr", GRAPHICS),
          Map.entry("vt", GRAPHICS),
          Map.entry("dl", new Codes("L-6E869C2A", "L-85EED4F7")),
          Map.entry("f", new Codes("L-74FC7D96", "L-88CF9481")),
          Map.entry("inf", new Codes("L-1945791B", "L-B5D1601B")),
          Map.entry("p", new Codes("L-417A185B", "L-7212CCBC")),
          Map.entry("trn", new Codes("L-2C3B7624", "L-6B0D517C")),
          Map.entry("x", new Codes("L-7295265B", "L-E3A00192")));

  /** The quota that a type counts against in a market, if it is known. */
  static Optional<VcpuQuota> of(String instanceType, Market market) {
    Matcher family = FAMILY.matcher(instanceType);
    if (!family.matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(FAMILIES.get(family.group(1)))
        .map(codes ->
            switch (market) {
              case ON_DEMAND -> codes.onDemand();
              case SPOT -> codes.spot();
            })
        .map(VcpuQuota::new);
  }

  @Override
  public String toString() {
    return code;
  }
}
