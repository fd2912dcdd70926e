/**
 * The proof of the protocol: the production code of {@link io.elephant.launcher.launch}, run in a
 * simulated world that does everything that can go wrong, in an order that a seed decides.
 *
 * <p>A {@link io.elephant.launcher.launch.simulation.Simulation} is one run: a {@link
 * io.elephant.launcher.launch.simulation.Scenario} says who takes part, {@link
 * io.elephant.launcher.launch.simulation.Choices} decide what happens next and what goes wrong, and
 * the {@link io.elephant.launcher.launch.simulation.Rules} watch.
 */
@NullMarked
package io.elephant.launcher.launch.simulation;

import org.jspecify.annotations.NullMarked;
