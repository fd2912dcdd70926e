/** The Lambda function's door: events in, replies or failures out. */
@NullMarked
package io.elephant.launcher.lambda;

import org.jspecify.annotations.NullMarked;
