/**
 * What the protocol needs of the invocation that it runs in: its time, its threads, and who hears
 * of each step.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.invocation;

import org.jspecify.annotations.NullMarked;
