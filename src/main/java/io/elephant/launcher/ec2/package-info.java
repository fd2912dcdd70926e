/**
 * The {@link io.elephant.launcher.launch.Fleet} on Amazon EC2, and the one table that says what
 * each of EC2's error codes means.
 */
@NullMarked
package io.elephant.launcher.ec2;

import org.jspecify.annotations.NullMarked;
