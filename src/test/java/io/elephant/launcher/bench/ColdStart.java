package io.elephant.launcher.bench;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One cold start of a process and what came after it.
 *
 * @param init from the start of the process to its first poll
 * @param cold from the start of the process to its first answer
 * @param warm an invocation after that
 * @param peakMemory in bytes, where it can be read
 * @param calls how many calls the launch made
 * @param depth how many of them came one after another
 */
record ColdStart(
    Duration init, Duration cold, Duration warm, OptionalLong peakMemory, int calls, int depth) {}
