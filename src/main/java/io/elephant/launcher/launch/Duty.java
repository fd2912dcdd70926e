package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import java.util.OptionalInt;
import java.util.function.BiFunction;

/**
 * An instance that is to be terminated.
 *
 * @param attempt the number of the attempt that started it, where that is known
 * @param mayBeNamed whether it stays where the row may name it by now, and not only where it does
 * @param told what is told when it is terminated
 */
record Duty(
    Role role, OptionalInt attempt, boolean mayBeNamed, BiFunction<Role, InstanceId, Step> told) {}
