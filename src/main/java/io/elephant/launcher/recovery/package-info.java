/**
 * What is done about an instance that died after it was recorded.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.recovery;

import org.jspecify.annotations.NullMarked;
