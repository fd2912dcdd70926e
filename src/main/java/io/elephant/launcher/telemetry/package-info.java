/**
 * What an invocation tells its operators: its journal, and what becomes of that as lines of the log
 * and as metrics of CloudWatch.
 */
@NullMarked
package io.elephant.launcher.telemetry;

import org.jspecify.annotations.NullMarked;
