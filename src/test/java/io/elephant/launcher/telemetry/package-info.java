/** What operators see of the function, beside what reads it. */
@NullMarked
package io.elephant.launcher.telemetry;

import org.jspecify.annotations.NullMarked;
