package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Status;
import java.util.Map;
import java.util.Optional;

/**
 * Where a meeting stands after a delivery: its row's status and the recorded instances, and what
 * the delivery has come to.
 */
public record LaunchReport(
    MeetingId meeting, Optional<Status> status, Map<Role, InstanceId> instances, Outcome outcome) {}
