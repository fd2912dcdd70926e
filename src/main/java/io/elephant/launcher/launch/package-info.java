/**
 * What a launch is: ids, roles, attempts, results, the protocol ({@link
 * io.elephant.launcher.launch.Launch}) and the two ports that it needs, the {@link
 * io.elephant.launcher.meeting.Meetings} and the {@link io.elephant.launcher.instance.Instances}.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.launch;

import org.jspecify.annotations.NullMarked;
