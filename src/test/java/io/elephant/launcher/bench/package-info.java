/**
 * How fast the function starts and launches, and what it weighs: {@code make bench}. Every
 * contender is a process behind the Lambda runtime API and against the same stand-ins.
 */
@NullMarked
package io.elephant.launcher.bench;

import org.jspecify.annotations.NullMarked;
