@NullMarked
package io.elephant.launcher.dryrun;

import org.jspecify.annotations.NullMarked;
