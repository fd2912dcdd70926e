/**
 * An instance: for whom it is, what is asked of EC2 for it, what EC2 shows of it, and the port to
 * EC2 ({@link io.elephant.launcher.instance.Instances}).
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.instance;

import org.jspecify.annotations.NullMarked;
