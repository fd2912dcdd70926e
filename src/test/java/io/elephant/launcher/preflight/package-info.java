/** Tests of the preflight, against an account in memory. */
@NullMarked
package io.elephant.launcher.preflight;

import org.jspecify.annotations.NullMarked;
