package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Repetition;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.DryRunAnswer;
import io.elephant.launcher.preflight.Resources.Offering;
import io.elephant.launcher.preflight.Resources.VpcSubnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether EC2 would carry out a launch: of the first role with each candidate, and of the others,
 * which differ in a tag only, with the first one.
 */
record DryRunChecks(LaunchPlan plan, Resources ec2, Invocation invocation) implements Check.Group {

  /** No row's id: it stands in the tags that the function's policy asks for. */
  private static final MeetingId NO_MEETING = new MeetingId("preflight");

  private static final ClaimId NO_CLAIM = new ClaimId("preflight");

  /** What the report and the other checks take. */
  private static final Duration RESERVE = Duration.ofSeconds(30);

  /** One after another: a dry run counts towards the rate that EC2 allows for launches. */
  @Override
  public List<Check> checks(Answers answers) {
    List<Candidate> candidates;
    try {
      candidates = plan.candidates(subnets(answers));
    } catch (NoSubnet _) {
      candidates = List.of();
    } catch (RuntimeException e) {
      // What went wrong is said by the check; the others have found something all the same.
      return List.of(
          Check.of(
              "dry-run",
              "every role",
              () -> {
                throw e;
              }));
    }
    if (candidates.isEmpty()) {
      return List.of(
          new Check(
              "dry-run",
              "every role",
              new Unknown("There is no subnet to launch in", "Mend the check subnet first")));
    }
    List<Check> checks = new ArrayList<>();
    for (Role role : plan.roles()) {
      boolean isFirst = role.equals(plan.roles().getFirst());
      for (Candidate candidate : isFirst ? candidates : candidates.subList(0, 1)) {
        String subject =
            "%s, %s, %s, %s"
                .formatted(
                    role, candidate.market(), candidate.instanceType(), candidate.subnet().zone());
        if (isOffered(candidate, answers)) {
          checks.add(
              Check.of(
                  "dry-run",
                  subject,
                  invocation.async(() -> dryRun(attempt(role, candidate, checks.size())))));
        }
      }
    }
    return checks;
  }

  /** Those that a launch would choose from, as far as EC2 shows them. */
  private List<Subnet> subnets(Answers answers) {
    List<Subnet> shown = answers.subnets().get().stream().map(VpcSubnet::subnet).toList();
    return switch (plan.placement()) {
      case InSubnets(List<Subnet> configured) ->
          configured.stream().filter(shown::contains).toList();
      case InZones zones -> zones.inOrder(shown);
    };
  }

  /** What a zone does not offer is passed over by a launch; the check {@code offering} tells. */
  private static boolean isOffered(Candidate candidate, Answers answers) {
    try {
      return answers
          .offerings()
          .get()
          .contains(new Offering(candidate.instanceType(), candidate.subnet().zone()));
    } catch (RuntimeException _) {
      return true;
    }
  }

  /** The token of a launch has no full stop, so this is never one. */
  private Attempt attempt(Role role, Candidate candidate, int number) {
    ClientToken token =
        new ClientToken(
            "preflight.%s.%d.%d".formatted(role, number, invocation.now().toEpochMilli()));
    return new Attempt(NO_CLAIM, 0, token, plan.template().request(NO_MEETING, role, candidate));
  }

  private Result dryRun(Attempt attempt) {
    Repetition backoff = new Repetition(invocation, RESERVE);
    while (true) {
      switch (ec2.dryRun(attempt)) {
        case DryRunAnswer.WouldLaunch() -> {
          return new Passed(
              "EC2 would launch it in " + attempt.request().candidate().subnet().id());
        }
        case DryRunAnswer.NotPermitted(Refusal refusal) -> {
          return new Obstacle(
              refusal.toString(),
              "Deploy the policy that belongs to this configuration (make deploy); aws sts"
                  + " decode-authorization-message shows what is missing");
        }
        case DryRunAnswer.WouldRefuse(Refusal refusal) -> {
          return new Obstacle(refusal.toString(), "Correct what EC2 names");
        }
        case DryRunAnswer.Throttled(Refusal refusal) -> {
          if (!backoff.pauses()) {
            return new Unknown(refusal.toString(), "Ask again when fewer meetings are launched");
          }
        }
      }
    }
  }
}
