/**
 * Who a meeting, a role and an instance are: ids as types, each valid if it exists.
 *
 * <p>Nothing here knows AWS's SDK, CDI, JSON or Quarkus.
 */
@NullMarked
package io.elephant.launcher.id;

import org.jspecify.annotations.NullMarked;
