/** Says what a launch would do, and neither writes nor starts anything. */
@NullMarked
package io.elephant.launcher.dryrun;

import org.jspecify.annotations.NullMarked;
