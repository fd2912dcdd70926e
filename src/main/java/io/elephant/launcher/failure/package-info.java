/**
 * How a call to AWS and a launch can fail. The invocation then fails with it, so that Lambda
 * delivers the event again.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.failure;

import org.jspecify.annotations.NullMarked;
