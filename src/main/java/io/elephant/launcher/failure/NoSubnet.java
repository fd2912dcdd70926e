package io.elephant.launcher.failure;

import io.elephant.launcher.instance.Zone;
import java.util.List;

/** None of the allowed zones has a default subnet. */
public final class NoSubnet extends LaunchFailure {

  private static final long serialVersionUID = 1;

  public NoSubnet(List<Zone> zones) {
    super("none of the zones " + zones + " has a default subnet");
  }
}
