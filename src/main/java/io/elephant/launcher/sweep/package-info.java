/** Finds the instances that no row will ever name. */
@NullMarked
package io.elephant.launcher.sweep;

import org.jspecify.annotations.NullMarked;
