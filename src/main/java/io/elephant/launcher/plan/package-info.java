/**
 * What is to be launched, in which order candidates are asked for, and what follows from EC2's
 * answers ({@link io.elephant.launcher.plan.RoleDecisions}). Nothing here calls anything.
 */
@NullMarked
package io.elephant.launcher.plan;

import org.jspecify.annotations.NullMarked;
