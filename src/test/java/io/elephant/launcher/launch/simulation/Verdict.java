package io.elephant.launcher.launch.simulation;

import java.util.Optional;

/**
 * What a run showed.
 *
 * @param broken the rule that it broke, if any
 * @param trace what happened, if that was wanted
 */
record Verdict(Optional<String> broken, String trace) {}
