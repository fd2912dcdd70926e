/**
 * What the native executable leaves out. Native Image keeps whatever some class may ask for, and a
 * few calls that this function never makes keep whole libraries; here they are replaced. A name
 * that a later version of a library no longer has fails the native build.
 */
@NullMarked
package io.elephant.launcher.graal;

import org.jspecify.annotations.NullMarked;
