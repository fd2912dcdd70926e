/**
 * Whether a launch would work today. An adapter: {@link io.elephant.launcher.preflight.Preflight}
 * asks EC2 and DynamoDB by the SDK's clients, judges what they answer, and changes nothing.
 */
@NullMarked
package io.elephant.launcher.preflight;

import org.jspecify.annotations.NullMarked;
