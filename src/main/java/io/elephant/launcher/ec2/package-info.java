/** The {@link io.elephant.launcher.launch.Fleet} on Amazon EC2. */
@NullMarked
package io.elephant.launcher.ec2;

import org.jspecify.annotations.NullMarked;
