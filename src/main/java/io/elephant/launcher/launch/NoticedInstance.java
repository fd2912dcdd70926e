package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.NotKnown;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.launch.Notice.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Finds the instance that a notice tells of, and why it does not run. DescribeInstances may lag
 * behind the notice: it may not show the instance yet, or as it was.
 */
final class NoticedInstance {

  /** What is not known to be ours by then is left: it must not hold up launches. */
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

  /** A look can be answered oddly once. */
  private static final Duration ODD_WITHIN = Duration.ofSeconds(5);

  /** An older notice has been delivered again already, and is not worth a third time. */
  private static final Duration YOUNG = Duration.ofMinutes(4);

  /** What a replacement takes at least: to look, to write and to launch. */
  private static final Duration RESERVE = Duration.ofSeconds(20);

  private static final Refusal INTERRUPTED =
      new Refusal("Server.SpotInstanceTermination", "EC2 interrupts the Spot instance");

  private final Instances ec2;
  private final LaunchPlan plan;
  private final Invocation invocation;
  private final Repetition repetition;

  NoticedInstance(Instances ec2, LaunchPlan plan, Invocation invocation) {
    this.ec2 = ec2;
    this.plan = plan;
    this.invocation = invocation;
    this.repetition = new Repetition(invocation, RESERVE);
  }

  /** An instance of this stack, for whom it was started, and what was lost with it. */
  record Found(Owner owner, Loss loss) {}

  /**
   * The instance, or nothing where it is not this stack's.
   *
   * @throws LaunchFailure if EC2 does not say whose it is, or still shows it running
   */
  Optional<Found> find(Notice notice) {
    Instant begun = invocation.now();
    while (true) {
      Optional<CallFailed> failure = Optional.empty();
      try {
        Optional<Ec2Instance> shown = ec2.find(notice.instance());
        Optional<Owner> owner = shown.flatMap(this::owner);
        if (owner.isEmpty()) {
          return Optional.empty();
        }
        Optional<Loss> loss = loss(shown.get(), owner.get(), notice.kind());
        if (loss.isPresent()) {
          return loss.map(one -> new Found(owner.get(), one));
        }
      } catch (CallFailed e) {
        if (!e.verdict().mayHeal()) {
          throw e;
        }
        failure = Optional.of(e);
      }
      // EC2 tells of an instance's end before DescribeInstances shows it.
      Duration patience = failure.map(one -> patience(notice, one)).orElse(Looks.SHOWN_WITHIN);
      if (!pauses(begun.plus(patience))) {
        return unknown(notice, failure.orElseThrow(() -> notYetShown(notice)));
      }
    }
  }

  /** An id that EC2 does not know minutes after the notice is hardly one that it will know. */
  private Duration patience(Notice notice, CallFailed failure) {
    return failure.verdict() != Verdict.UNKNOWN_ID || isYoung(notice) ? KNOWN_WITHIN : ODD_WITHIN;
  }

  private boolean isYoung(Notice notice) {
    return notice.time().filter(time -> invocation.now().isBefore(time.plus(YOUNG))).isPresent();
  }

  private boolean pauses(Instant until) {
    return invocation.now().isBefore(until) && repetition.pauses();
  }

  /** A young notice is delivered again; an old one is nothing of ours, as far as anybody knows. */
  private Optional<Found> unknown(Notice notice, CallFailed last) {
    if (isYoung(notice)) {
      throw new NotKnown(notice.instance().value(), last.refusal());
    }
    return Optional.empty();
  }

  private static CallFailed notYetShown(Notice notice) {
    return new CallFailed(
        "EC2 DescribeInstances",
        Verdict.UNCLEAR,
        new Refusal("NotYetShown", notice.instance() + " is still shown as running"),
        null);
  }

  /** By its tags; where EC2 has taken them off, by its client token. */
  private Optional<Owner> owner(Ec2Instance instance) {
    return instance.owner().or(() -> instance.token().flatMap(token -> ownerOf(token)));
  }

  private Optional<Owner> ownerOf(ClientToken token) {
    return plan.roles().stream()
        .flatMap(role -> token.meetingOf(role).map(meeting -> new Owner(meeting, role)).stream())
        .findFirst();
  }

  private static Optional<Loss> loss(Ec2Instance instance, Owner owner, Kind kind) {
    Optional<Refusal> why =
        kind == Kind.INTERRUPTED ? Optional.of(INTERRUPTED) : instance.state().reason();
    return why.map(reason ->
        new Loss(
            instance.id(),
            owner.role(),
            reason,
            instance.isTerminated(),
            instance.owner().isEmpty()));
  }
}
