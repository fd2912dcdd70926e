/**
 * What the function logs and counts: a log of each invocation, its lines in CloudWatch Logs, and
 * CloudWatch's metrics.
 */
@NullMarked
package io.elephant.launcher.telemetry;

import org.jspecify.annotations.NullMarked;
