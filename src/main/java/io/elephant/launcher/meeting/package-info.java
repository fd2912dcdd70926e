/**
 * A meeting's row: its status, its recorded instances, its launch record, and the port to the table
 * ({@link io.elephant.launcher.meeting.Meetings}).
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.meeting;

import org.jspecify.annotations.NullMarked;
