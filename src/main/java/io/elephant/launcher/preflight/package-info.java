/**
 * Whether a launch would work today: what is looked at ({@link
 * io.elephant.launcher.preflight.Preflight}) and what that needs of the account ({@link
 * io.elephant.launcher.preflight.Resources}, {@link io.elephant.launcher.preflight.Table}, {@link
 * io.elephant.launcher.preflight.Roles}, {@link io.elephant.launcher.preflight.Keys}, {@link
 * io.elephant.launcher.preflight.Quotas}).
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus, and nothing here changes anything.
 */
@NullMarked
package io.elephant.launcher.preflight;

import org.jspecify.annotations.NullMarked;
