/**
 * The protocol of a launch ({@link io.elephant.launcher.launch.Launch}), on its two ports, the
 * {@link io.elephant.launcher.meeting.Meetings} and the {@link
 * io.elephant.launcher.instance.Instances}.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.launch;

import org.jspecify.annotations.NullMarked;
