package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.simulation.Mistake.Caller;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * One run: the production protocol, any number of times at once, in a world of its own. First
 * everything may go wrong; then faults stop, the event is delivered again, whatever is still on its
 * way arrives, and a sweep runs. The rules are watched throughout.
 */
final class Simulation {

  private static final Duration TIME_OUT = Duration.ofMinutes(9);
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final long[] LAMBDA_WAITS = {60_000, 120_000};
  private static final int FINAL_DELIVERIES = 3;

  private static final long LATEST_NOTICE = 90_000;
  private static final long BETWEEN_NOTICES = 40_000;
  private static final long LONGEST_THAW = Duration.ofHours(6).toMillis();

  private static final MeetingId BYSTANDER = new MeetingId("other");

  private final Story story;
  private final Choices choices;
  private final Trace trace;
  private final Mistake mistake;
  private final Scheduler scheduler;
  private final Rules rules;
  private final Table table;
  private final Cloud cloud;
  private final OutsideChanges changes;
  private int open;
  private int deliveries;
  private int sweeps;
  private int recoveries;
  private LaunchPlan lastPlan;
  private boolean calm;
  private boolean answered;

  private Simulation(Story story, Choices choices, Trace trace, Mistake mistake) {
    this.story = story;
    this.choices = choices;
    this.trace = trace;
    this.mistake = mistake;
    lastPlan = story.plans().getFirst();
    scheduler = new Scheduler(choices, trace, Story.START.toEpochMilli());
    trace.follow(scheduler::now);
    rules = new Rules(story);
    table = new Table(Story.MEETING, rules, story.row(), scheduler::now);
    cloud = new Cloud(choices, rules, story.world(), scheduler::now);
    rules.watch(table, cloud);
    changes =
        new OutsideChanges(
            story, choices, rules, table, cloud, scheduler, BYSTANDER, new Notices());
    if (story.world().contains(World.DEADLY)) {
      cloud.onStart(this::mayDieSoon);
    }
  }

  static Verdict run(Story story, Choices choices, Trace trace, Mistake mistake) {
    Simulation simulation = new Simulation(story, choices, trace, mistake);
    simulation.run();
    return new Verdict(simulation.rules.broken(), trace.toString());
  }

  private void run() {
    furnish();
    trace.say(() -> "the row is " + Describe.of(table.row()));
    for (int event = 0; event < story.events(); event++) {
      open++;
      scheduler.later(() -> deliver(story.retries()));
    }
    for (int sweep = 0; sweep < story.sweeps(); sweep++) {
      scheduler.later(this::sweep);
    }
    for (Outsider outsider : story.outsiders()) {
      scheduler.later(() -> act(outsider));
    }
    if (goOnWhileOpen()
        && deliverForTheLastTime()
        && letArrive()
        && (isTold() || tellForTheLastTime())) {
      judgeTheEnd();
    }
  }

  private void judgeTheEnd() {
    if (!isTold()) {
      rules.endRecovered(scheduler.now());
    }
    rules.endBeforeSweep();
    if (rules.areKept() && sweepForTheLastTime()) {
      rules.endAfterSweep(scheduler.now());
      if (isTold()) {
        rules.endTold(scheduler.now());
      }
      if (!story.world().contains(World.DEADLY)) {
        rules.endLaunched(scheduler.now() - GRACE.plusSeconds(30).toMillis());
      }
    }
  }

  private boolean isTold() {
    return story.world().contains(World.TOLD);
  }

  /** Not every instance whose start EC2 has answered runs. */
  private void mayDieSoon(SimulatedInstance instance) {
    if (!calm && choices.happens(80)) {
      scheduler.at(
          scheduler.now() + choices.within(20_000),
          () -> {
            if (!calm) {
              changes.lose(instance);
            }
          });
    }
  }

  private boolean goOnWhileOpen() {
    scheduler.run(() -> open > 0 && rules.areKept());
    return open == 0 && rules.areKept();
  }

  private boolean deliverForTheLastTime() {
    trace.say(() -> "faults stop");
    if (!calm) {
      lastPlan = plan();
      rules.settleOn(lastPlan.roles());
    }
    calm = true;
    cloud.calm();
    story.types().forEach(type -> cloud.ec2().setOverQuota(type, false));
    cloud.instances().forEach(instance -> instance.protect(false));
    if (story.pools().stream().allMatch(cloud.ec2()::isFull)) {
      cloud.ec2().setFull(story.pools().get(choices.pick(story.pools().size())), false);
    }
    answered = false;
    for (int last = 0; last < FINAL_DELIVERIES && !answered; last++) {
      open++;
      deliver(0);
      if (!goOnWhileOpen()) {
        return false;
      }
    }
    return true;
  }

  /** Of every instance that is dead and was not ended on purpose; an event fails only so often. */
  private boolean tellForTheLastTime() {
    for (int last = 0; last < FINAL_DELIVERIES; last++) {
      cloud.instances().stream()
          .filter(instance -> instance.tag("MeetingID").equals(Story.MEETING.value()))
          .filter(SimulatedInstance::isLost)
          .filter(instance -> !instance.isShownAlive(scheduler.now()))
          .toList()
          .forEach(instance -> {
            open++;
            Notice.Kind kind =
                instance.wasInterrupted() ? Notice.Kind.INTERRUPTED : Notice.Kind.ENDED;
            recover(new Notice(instance.id(), kind, Optional.of(time())), 0);
          });
      if (!goOnWhileOpen()) {
        return false;
      }
    }
    return comeToRest();
  }

  /** A killed recovery's last write may open a role; then the failure queue is redriven. */
  private boolean letArrive() {
    long version = table.version();
    return comeToRest()
        && (!isTold() || table.version() == version || (deliverForTheLastTime() && comeToRest()));
  }

  private boolean comeToRest() {
    scheduler.run(rules::areKept);
    return rules.areKept();
  }

  private boolean sweepForTheLastTime() {
    scheduler.pass(GRACE.plusSeconds(30).toMillis());
    sweep();
    return comeToRest();
  }

  /** Two subnets more than are needed, and a meeting that has nothing to do with it. */
  private void furnish() {
    for (Zone zone : story.zones()) {
      cloud.offer(Story.subnet(zone));
    }
    story.full().forEach(pool -> cloud.ec2().setFull(pool, true));
    Role role = story.roles().getFirst();
    InstanceId instance = new InstanceId("i-of-another-meeting");
    Attempt attempt = existing(BYSTANDER, role, ClientToken.of(BYSTANDER, role, 0));
    cloud.existing(instance, attempt);
    table.putOther(
        new Meeting(
            BYSTANDER,
            Optional.of(new Status("IN_PROGRESS")),
            Optional.empty(),
            Map.of(role, instance),
            Optional.of(new LaunchRecord(Map.of(role, LaunchState.claim(attempt, Story.START))))));
    story
        .row()
        .ifPresent(row ->
            row.instances()
                .forEach((known, id) ->
                    cloud.existing(id, existing(row.id(), known, anyToken(row.id(), known)))));
  }

  /** What runs already was started under a token of this function's, or by something else. */
  private ClientToken anyToken(MeetingId meeting, Role role) {
    return choices.whichever(2) == 1
        ? ClientToken.of(meeting, role, 0)
        : new ClientToken("of-another-program-" + role);
  }

  private Attempt existing(MeetingId meeting, Role role, ClientToken token) {
    LaunchRequest request =
        new LaunchRequest(
            new Candidate(
                Market.ON_DEMAND,
                "t3.large",
                new Subnet("subnet-earlier", story.zones().getFirst())),
            "ami-0",
            "key",
            List.of("sg-1"),
            "profile",
            new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
            ImdsTokens.REQUIRED,
            Optional.empty(),
            Map.of(
                "MeetingID",
                meeting.value(),
                "Role",
                role.value(),
                "Project",
                Story.PROJECT,
                "LaunchedBy",
                Story.STACK),
            true);
    return new Attempt(new ClaimId("earlier"), 0, token, request);
  }

  /** Lambda gets the event; where that fails, it delivers again. */
  private void deliver(int retries) {
    LaunchPlan plan = plan();
    String name = "delivery " + ++deliveries + "'".repeat(story.plans().indexOf(plan));
    trace.say(() ->
        "%s begins, configured with %s for %s in %s"
            .formatted(name, plan.template().imageId(), plan.roles(), plan.zones()));
    start(name, retries, plan, this::launch, this::deliver);
  }

  /** What is configured now; once faults have stopped, it stays. */
  private LaunchPlan plan() {
    return calm ? lastPlan : story.plans().get(choices.pick(story.plans().size()));
  }

  private interface Body {
    void run(SimulatedProcess process, LaunchPlan plan);
  }

  private void start(String name, int retries, LaunchPlan plan, Body body, IntConsumer again) {
    long start = scheduler.now();
    SimulatedProcess[] started = new SimulatedProcess[1];
    SimulatedProcess process =
        new SimulatedProcess(
            name,
            plan.roles(),
            start,
            start + TIME_OUT.toMillis(),
            table.version(),
            rules,
            story.world(),
            () -> afterwards(started[0], retries, again));
    started[0] = process;
    rules.watch(process);
    scheduler.start(process, () -> body.run(process, plan));
  }

  private void afterwards(SimulatedProcess process, int retries, IntConsumer again) {
    if (process.fate() == SimulatedProcess.Fate.ENDED) {
      rules.ended(process);
    }
    if (choices.whichever(2) == 1) {
      // Lambda freezes what has answered; it need not thaw it again.
      scheduler.forget(process);
    } else if (story.world().contains(World.THAWS) && choices.whichever(2) == 1) {
      scheduler.freeze(process, scheduler.now() + choices.within(LONGEST_THAW));
    }
    if (!process.answered() && retries > 0) {
      long wait = LAMBDA_WAITS[Math.min(story.retries() - retries, LAMBDA_WAITS.length - 1)];
      scheduler.at(scheduler.now() + wait, () -> again.accept(retries - 1));
    } else {
      open--;
      if (!process.answered()) {
        // The event is in the failure queue.
        rules.told().ring(scheduler.now());
      }
    }
  }

  private void launch(SimulatedProcess process, LaunchPlan plan) {
    try {
      Report report =
          launcher(process, plan, Caller.DELIVERY).launch(Story.MEETING, invocation(process));
      trace.say(() ->
          process
              + " answers "
              + report.outcome()
              + " "
              + report.status()
              + " "
              + Describe.of(report.instances()));
      rules.answered(process, report, scheduler.now());
      ring(report);
      answered = true;
      process.answer();
    } catch (LaunchFailure failure) {
      fail(process, failure);
    } catch (RuntimeException | Error failure) {
      rules.failed(process, failure);
      process.end(SimulatedProcess.Fate.BROKEN);
    }
  }

  private Launch launcher(SimulatedProcess process, LaunchPlan plan, Caller caller) {
    Wire wire = wire(process);
    return new Launch(
        mistake.meetings(new WiredMeetings(wire, table), table, process, caller),
        mistake.instances(new WiredInstances(wire, cloud), plan, caller),
        plan,
        Recovery.REPLACE);
  }

  private Invocation invocation(SimulatedProcess process) {
    return mistake.invocation(new SimulatedInvocation(process, scheduler, choices));
  }

  private void ring(Report report) {
    if (report.missing().isPresent()) {
      rules.told().ring(scheduler.now());
    }
  }

  private void sweep() {
    open++;
    start("sweep " + ++sweeps, 0, plan(), this::sweep, _ -> {});
  }

  private void sweep(SimulatedProcess process, LaunchPlan plan) {
    Wire wire = wire(process);
    try {
      Sweep.Found found =
          new Sweep(
                  mistake.meetings(new WiredMeetings(wire, table), table, process, Caller.SWEEP),
                  mistake.instances(new WiredInstances(wire, cloud), plan, Caller.SWEEP),
                  plan,
                  GRACE,
                  Sweep.Mode.TERMINATE)
              .sweep(invocation(process));
      if (found.strays().stream().anyMatch(stray -> !stray.terminated())) {
        rules.told().ring(scheduler.now());
      }
      process.answer();
    } catch (LaunchFailure failure) {
      process.end(SimulatedProcess.Fate.BROKEN);
    }
  }

  private Wire wire(SimulatedProcess process) {
    return new Wire(process, scheduler, choices, trace, () -> calm);
  }

  private void act(Outsider outsider) {
    if (calm && outsider.standsInTheWay()) {
      return;
    }
    changes.act(outsider);
    trace.say(() -> "somebody " + outsider + ": the row is " + Describe.of(table.row()));
  }

  private final class Notices implements OutsideChanges.Listener {

    @Override
    public void ended(SimulatedInstance instance) {
      if (!story.world().contains(World.TOLD)) {
        tell(instance, Notice.Kind.ENDED, choices.within(LATEST_NOTICE));
        if (choices.pick(2) == 1) {
          tell(instance, Notice.Kind.ENDED, choices.within(LATEST_NOTICE));
        }
        return;
      }
      // One as it shuts down, and one as it is terminated.
      long first = choices.within(LATEST_NOTICE);
      tell(instance, Notice.Kind.ENDED, first);
      tell(instance, Notice.Kind.ENDED, first + choices.within(BETWEEN_NOTICES));
    }

    @Override
    public void interrupted(SimulatedInstance instance) {
      tell(instance, Notice.Kind.INTERRUPTED, choices.within(LATEST_NOTICE));
    }

    @Override
    public void stopped(SimulatedInstance instance) {
      if (story.world().contains(World.STOPS)) {
        long first = choices.within(LATEST_NOTICE);
        tell(instance, Notice.Kind.STOPPED, first);
        tell(instance, Notice.Kind.STOPPED, first + choices.within(BETWEEN_NOTICES));
      }
    }

    @Override
    public void waits(int more) {
      open += more;
    }

    private void tell(SimulatedInstance instance, Notice.Kind kind, long delay) {
      open++;
      scheduler.at(
          scheduler.now() + delay,
          () -> recover(new Notice(instance.id(), kind, Optional.of(time())), story.retries()));
    }
  }

  private void recover(Notice notice, int retries) {
    start(
        "recovery " + ++recoveries,
        retries,
        plan(),
        (process, plan) -> recover(process, notice, plan),
        left -> recover(notice, left));
  }

  private void recover(SimulatedProcess process, Notice notice, LaunchPlan plan) {
    process.recovers();
    try {
      Report report = launcher(process, plan, Caller.RECOVERY).recover(notice, invocation(process));
      trace.say(() -> process + " answers " + report.outcome() + ": " + report.why());
      rules.recovered(process, notice.instance(), report);
      ring(report);
      process.answer();
    } catch (LaunchFailure failure) {
      fail(process, failure);
    } catch (RuntimeException | Error failure) {
      rules.failed(process, failure);
      process.end(SimulatedProcess.Fate.BROKEN);
    }
  }

  private Instant time() {
    return Instant.ofEpochMilli(scheduler.now());
  }

  private void fail(SimulatedProcess process, LaunchFailure failure) {
    boolean inPeace =
        (failure instanceof MeetingNotFound || failure instanceof LaunchIncomplete)
            && failure.getSuppressed().length == 0;
    trace.say(() -> process + " fails: " + failure.getMessage());
    if (failure instanceof LaunchIncomplete incomplete) {
      rules.failed(process, incomplete, story.pools().size());
    }
    process.end(inPeace ? SimulatedProcess.Fate.ENDED : SimulatedProcess.Fate.BROKEN);
  }
}
