/** The fleet against an EC2 that keeps EC2's rules. */
@NullMarked
package io.elephant.launcher.ec2;

import org.jspecify.annotations.NullMarked;
