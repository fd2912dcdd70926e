/** The fleet and its error codes. */
@NullMarked
package io.elephant.launcher.ec2;

import org.jspecify.annotations.NullMarked;
