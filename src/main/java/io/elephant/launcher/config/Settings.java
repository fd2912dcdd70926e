package io.elephant.launcher.config;

import io.elephant.launcher.aws.MeetingsTable;
import io.elephant.launcher.aws.Stack;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import software.amazon.awssdk.regions.Region;

/** A configuration that has been checked. */
record Settings(
    Region region,
    MeetingsTable table,
    Stack stack,
    LaunchPlan plan,
    Duration sweepGrace,
    Sweep.Mode sweepMode,
    Recovery recoveryMode) {}
