package io.elephant.launcher.config;

import io.elephant.launcher.dynamodb.MeetingsTable;
import io.elephant.launcher.ec2.Stack;
import io.elephant.launcher.plan.LaunchPlan;
import io.elephant.launcher.recovery.Recovery;
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
    Recovery.Mode recoveryMode) {}
