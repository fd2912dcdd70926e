/**
 * One model of EC2 in memory, free of ports, HTTP and clocks of its own: the simulation has it, and
 * what unit tests and the stand-in over HTTP need of EC2 is a translation of it.
 */
@NullMarked
package io.elephant.launcher.fake;

import org.jspecify.annotations.NullMarked;
