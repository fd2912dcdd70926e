/**
 * One model of EC2 and the conditions of the one table, in memory and without a clock: the
 * simulation, unit tests and the stand-in over HTTP are translations of them.
 */
@NullMarked
package io.elephant.launcher.fake;

import org.jspecify.annotations.NullMarked;
