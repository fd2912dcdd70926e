/** The protocol under test, against EC2 and a table that keep AWS's rules in memory. */
@NullMarked
package io.elephant.launcher.launch;

import org.jspecify.annotations.NullMarked;
