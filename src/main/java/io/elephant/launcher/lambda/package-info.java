/** The Lambda function's entry point: reads events, and writes replies or fails. */
@NullMarked
package io.elephant.launcher.lambda;

import org.jspecify.annotations.NullMarked;
