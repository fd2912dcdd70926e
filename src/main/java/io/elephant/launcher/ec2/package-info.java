/** The {@link io.elephant.launcher.instance.Instances} on Amazon EC2. */
@NullMarked
package io.elephant.launcher.ec2;

import org.jspecify.annotations.NullMarked;
