package io.elephant.launcher.launch;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.meeting.Status;
import java.util.Map;
import java.util.Optional;

/**
 * Where a meeting stands after a delivery: its row's status and the recorded instances, and what
 * the delivery has come to.
 */
public record LaunchReport(
    MeetingId meeting, Optional<Status> status, Map<Role, InstanceId> instances, Outcome outcome) {}
