package io.elephant.launcher.meeting;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;

/**
 * An instance that is to be recorded for a role.
 *
 * @param attempt the attempt that must still count in the row
 * @param unlooked whether others of the role may run: EC2 has not shown yet that none does
 */
public record Recording(Attempt attempt, InstanceId instance, boolean unlooked) {}
