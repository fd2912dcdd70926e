package io.elephant.launcher.config;

import io.elephant.launcher.dynamodb.MeetingsTable;
import io.elephant.launcher.launch.LaunchPlan;
import software.amazon.awssdk.regions.Region;

/** A configuration that has been checked. */
record Settings(Region region, MeetingsTable table, LaunchPlan plan) {}
