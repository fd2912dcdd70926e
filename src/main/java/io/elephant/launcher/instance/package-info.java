/**
 * What is asked of EC2 and what it answers: attempts with their client tokens, candidates,
 * requests, results, and the port to EC2 ({@link io.elephant.launcher.instance.Instances}).
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.instance;

import org.jspecify.annotations.NullMarked;
