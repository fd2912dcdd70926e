package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import java.util.List;
import java.util.Optional;

/**
 * The protocol by which every delivery of a meeting's event helps towards the same end: one live
 * instance per role, and its id in the row.
 *
 * <pre>
 * loop: next = decide(knowledge, now)     {@link Decisions}: no calls, no clock, no randomness
 *         Finish, Fail                  → answer
 *         Do(actions, otherwise)        → perform side by side those whose pause is over
 *                                         ({@link Pace}, {@link Actions}); the {@link Knowledge}
 *                                         learns each answer; where there is time for none:
 *                                         otherwise
 * </pre>
 *
 * <p>There is no lock and no lease. Deliveries meet at the row's conditional writes and at the
 * token: a request is in the row before it is sent, so whoever comes later repeats that very
 * request and gets the same instance. After every write that did not happen, or may not have, the
 * row decides.
 *
 * @param mode what is done about an instance that ended after it was recorded
 */
public record Launch(Meetings meetings, Instances ec2, LaunchPlan plan, Recovery mode) {

  /**
   * Launches what the meeting still lacks.
   *
   * @throws LaunchFailure if a wanted instance is not running and recorded at the end, or an
   *     unwanted one is not terminated
   */
  public Report launch(MeetingId id, Invocation invocation) {
    return delivery(knowledge(id, invocation, Optional.empty()), invocation).run();
  }

  /**
   * Does what is to be done about the instance that a notice tells of. What ended although its row
   * counts on it is replaced, until others hold its address: one conditional write takes its id out
   * of the row and turns to the role's next attempt, and the launch goes on as ever.
   *
   * @throws LaunchFailure if EC2 or the table does not answer in time, if the meeting is not
   *     launched again, or if too many instances have ended for it
   */
  public Report recover(Notice notice, Invocation invocation) {
    if (notice.kind() == Notice.Kind.OTHER_STATE) {
      return Report.unconcerned(Outcome.NOT_NEEDED, Optional.empty(), "it still runs");
    }
    Optional<NoticedInstance.Found> found = new NoticedInstance(ec2, plan, invocation).find(notice);
    if (found.isEmpty()) {
      return Report.unconcerned(
          Outcome.NOT_OURS,
          Optional.empty(),
          "EC2 shows no such instance that this stack has started");
    }
    Loss loss = found.get().loss();
    MeetingId id = found.get().owner().meeting();
    return afterLoss(
        delivery(knowledge(id, invocation, Optional.of(loss)), invocation).run(), loss);
  }

  private static Report afterLoss(Report report, Loss loss) {
    return switch (report.outcome()) {
      case LAUNCHED, ALREADY_LAUNCHED ->
          report.because(Outcome.REPLACED, loss.why().toString()).losing(loss);
      case CANCELLED, OTHER_STATUS, TOO_EARLY, TOO_LATE, GIVEN_UP ->
          report
              .because(
                  report.missing().isPresent() ? Outcome.REPORTED : Outcome.NOT_NEEDED,
                  "nothing is to be launched any more: " + report.outcome())
              .losing(loss);
      case REPLACED, NOT_OURS, NOT_NEEDED, REPORTED -> report;
    };
  }

  /**
   * Says what a launch would do: it reads what that reads, and neither writes nor starts anything.
   *
   * @throws LaunchFailure if a launch would fail before it had started anything
   */
  public DryRun dryRun(MeetingId id, Invocation invocation) {
    Knowledge known = knowledge(id, invocation, Optional.empty());
    Delivery delivery = delivery(known, invocation);
    while (true) {
      Next next = delivery.decide();
      switch (next) {
        case Next.Finish(Report report) -> {
          return DryRun.of(known.row().now().orElseThrow(), report.outcome());
        }
        case Next.Fail(LaunchFailure failure) -> throw failure;
        case Next.Do(List<? extends Action> actions, var otherwise) -> {
          List<? extends Action> harmless =
              actions.stream().filter(action -> !action.isEffect()).toList();
          if (harmless.isEmpty() && known.candidates().isPresent()) {
            return wouldDo(known, actions);
          }
          List<? extends Action> wanted =
              harmless.isEmpty() ? List.of(new Action.FindCandidates()) : harmless;
          if (!delivery.perform(new Next.Do(wanted, otherwise))) {
            throw known
                .row()
                .failure()
                .or(known::candidatesFailure)
                .or(known.looks()::failure)
                .orElseGet(OutOfTime::new);
          }
        }
      }
    }
  }

  private static DryRun wouldDo(Knowledge known, List<? extends Action> actions) {
    Meeting row = known.row().now().orElseThrow(() -> new MeetingNotFound(known.id().value()));
    return actions.stream().anyMatch(Action.SayFailed.class::isInstance)
        ? DryRun.of(row, Outcome.GIVEN_UP)
        : DryRun.launching(row, known, known.candidates().orElseThrow());
  }

  private Knowledge knowledge(MeetingId id, Invocation invocation, Optional<Loss> lost) {
    return new Knowledge(id, plan, invocation.id(), lost);
  }

  private Delivery delivery(Knowledge known, Invocation invocation) {
    return new Delivery(
        known, mode, new Actions(known.id(), meetings, ec2, plan, invocation.id()), invocation);
  }
}
