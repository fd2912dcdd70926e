package io.elephant.launcher.preflight;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.aws.RunRequest;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

/**
 * Whether EC2 would carry out a launch: of the first role with each candidate, and of the others,
 * which differ in a tag only, with the first one.
 */
record DryRuns(LaunchPlan plan, Ec2Client ec2, Invocation invocation) {

  /** What the report and a last dry run take. */
  private static final Duration RESERVED_FOR_REPORT = Duration.ofSeconds(30);

  /** One after another: a dry run counts towards the rate that EC2 allows for launches. */
  List<Check> checks(List<Candidate> candidates) {
    List<Check> checks = new ArrayList<>();
    for (Role role : plan.roles()) {
      long most = role.equals(plan.roles().getFirst()) ? candidates.size() : 1;
      for (Candidate candidate : candidates.stream().limit(most).toList()) {
        Zone zone = candidate.subnet().zone();
        String subject =
            "%s, %s, %s, %s".formatted(role, candidate.market(), candidate.instanceType(), zone);
        Attempt attempt = attempt(role, candidate, checks.size());
        checks.add(Check.of("dry-run", subject, invocation.async(() -> dryRun(attempt))));
      }
    }
    return checks;
  }

  /** The token of a launch has no full stop, so this is never one; nor is this meeting a row's. */
  private Attempt attempt(Role role, Candidate candidate, int number) {
    String token = "preflight.%s.%d.%d".formatted(role, number, invocation.now().toEpochMilli());
    MeetingId meeting = new MeetingId("preflight");
    return new Attempt(
        new ClaimId("preflight"),
        0,
        new ClientToken(token),
        plan.request(meeting, role, candidate));
  }

  private Result dryRun(Attempt attempt) {
    RunInstancesRequest request = RunRequest.of(attempt).toBuilder().dryRun(true).build();
    Duration pause = Duration.ofSeconds(1);
    while (true) {
      try {
        return new Obstacle("EC2 has launched " + ec2.runInstances(request), "Terminate it");
      } catch (SdkException e) {
        AwsError error = AwsError.of(e);
        Duration left = invocation.remaining().minus(RESERVED_FOR_REPORT);
        if (error.verdict() != Verdict.THROTTLED || left.compareTo(pause) < 0) {
          return result(error, attempt, e);
        }
        invocation.sleep(invocation.vary(pause));
        pause = pause.multipliedBy(2);
      }
    }
  }

  /** A dry run never succeeds: that it would have is an error too. */
  private static Result result(AwsError error, Attempt attempt, SdkException e) {
    String refusal = error.refusal().toString();
    if (error.refusal().code().equals("DryRunOperation")) {
      return new Passed("EC2 would launch it in " + attempt.request().candidate().subnet().id());
    }
    if (AwsError.isNotPermitted(error.refusal())) {
      return new Obstacle(
          refusal,
          "Deploy the policy that belongs to this configuration (make deploy); aws sts"
              + " decode-authorization-message shows what is missing");
    }
    return switch (error.verdict()) {
      case THROTTLED -> new Unknown(refusal, "Ask again when fewer meetings are launched");
      case UNCLEAR, EXPIRED -> throw error.failed("ec2:RunInstances", e);
      default -> new Obstacle(refusal, "Correct what EC2 names");
    };
  }
}
