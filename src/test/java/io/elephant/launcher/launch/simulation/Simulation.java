package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Fate;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One run: the production protocol, any number of times at once, in a world of its own. First
 * everything may go wrong; then faults stop, the event is delivered again, whatever is still on its
 * way arrives, and a sweep runs. The rules are watched throughout.
 */
final class Simulation {

  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final long[] LAMBDA_WAITS = {60_000, 120_000};
  private static final int FINAL_DELIVERIES = 3;
  private static final long LATEST_NOTICE = 90_000;
  private static final long BETWEEN_NOTICES = 40_000;
  private static final long LONGEST_THAW = Duration.ofHours(6).toMillis();

  private final Scenario scenario;
  private final Choices choices;
  private final Trace trace;
  private final Mistake mistake;
  private final Scheduler scheduler;
  private final Rules rules;
  private final Table table;
  private final Cloud cloud;
  private final OutsideChanges changes;
  private final Map<Kind, Integer> started = new EnumMap<>(Kind.class);
  private int open;
  private LaunchPlan lastPlan;
  private boolean calm;
  private boolean answered;

  private Simulation(Scenario scenario, Choices choices, Trace trace, Mistake mistake) {
    this.scenario = scenario;
    this.choices = choices;
    this.trace = trace;
    this.mistake = mistake;
    lastPlan = scenario.plans().getFirst();
    scheduler = new Scheduler(choices, trace, Scenario.START.toEpochMilli());
    trace.follow(scheduler::now);
    rules = new Rules(scenario, choices, scheduler::now);
    table = rules.table;
    cloud = rules.cloud;
    changes = new OutsideChanges(scenario, choices, rules, scheduler, this);
    if (scenario.world().contains(World.DEADLY)) {
      cloud.onStart = this::mayDieSoon;
    }
  }

  /** The rule that a run broke, if any, and what happened, if that was wanted. */
  record Verdict(Optional<String> broken, String trace) {}

  static Verdict run(Scenario scenario, Choices choices, Trace trace, Mistake mistake) {
    Simulation simulation = new Simulation(scenario, choices, trace, mistake);
    simulation.run();
    return new Verdict(simulation.rules.broken(), trace.toString());
  }

  private void run() {
    prepare();
    trace.say(() -> "the row is " + Describe.of(table.row()));
    for (int event = 0; event < scenario.events(); event++) {
      open++;
      scheduler.later(() -> deliver(scenario.retries()));
    }
    for (int sweep = 0; sweep < scenario.sweeps(); sweep++) {
      scheduler.later(this::sweep);
    }
    for (OutsideChange change : scenario.changes()) {
      scheduler.later(() -> make(change));
    }
    if (runWhileOpen() && deliverForTheLastTime() && letArrive()) {
      rules.endBeforeSweep();
      if (rules.areKept() && sweepForTheLastTime()) {
        rules.endAfterSweep(scheduler.now());
        rules.endTold(scheduler.now());
        if (!scenario.world().contains(World.DEADLY)) {
          rules.endLaunched(scheduler.now() - GRACE.plusSeconds(30).toMillis());
        }
      }
    }
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

  private boolean runWhileOpen() {
    scheduler.run(() -> open > 0 && rules.areKept());
    return open == 0 && rules.areKept();
  }

  private boolean runToTheEnd() {
    scheduler.run(rules::areKept);
    return rules.areKept();
  }

  private boolean deliverForTheLastTime() {
    trace.say(() -> "faults stop");
    if (!calm) {
      lastPlan = plan();
      rules.settled = Set.copyOf(lastPlan.roles());
    }
    calm = true;
    cloud.isCalm = true;
    Scenario.TYPES.forEach(type -> cloud.ec2.setOverQuota(type, false));
    cloud.instances().forEach(instance -> instance.protect(false));
    if (Scenario.pools().stream().allMatch(cloud.ec2::isFull)) {
      changes.setFull(false);
    }
    answered = false;
    for (int last = 0; last < FINAL_DELIVERIES && !answered; last++) {
      open++;
      deliver(0);
      if (!runWhileOpen()) {
        return false;
      }
    }
    return true;
  }

  /** A killed recovery's last write may open a role; then the failure queue is redriven. */
  private boolean letArrive() {
    long version = table.version();
    return runToTheEnd()
        && (table.version() == version || (deliverForTheLastTime() && runToTheEnd()));
  }

  private boolean sweepForTheLastTime() {
    scheduler.pass(GRACE.plusSeconds(30).toMillis());
    sweep();
    return runToTheEnd();
  }

  /** A meeting that has nothing to do with the run, and what runs already. */
  private void prepare() {
    scenario.full().forEach(pool -> cloud.ec2.setFull(pool, true));
    MeetingId other = Scenario.OTHER_MEETING;
    Role role = scenario.roles().getFirst();
    InstanceId instance = new InstanceId("i-of-another-meeting");
    Attempt attempt = existing(other, role, ClientToken.of(other, role, 0));
    cloud.existing(instance, attempt);
    table.others.put(
        other,
        new Meeting(
            other,
            Optional.of(new Status("IN_PROGRESS")),
            Optional.empty(),
            Map.of(role, instance),
            Optional.of(
                new LaunchRecord(Map.of(role, LaunchState.claim(attempt, Scenario.START))))));
    scenario.row().stream()
        .flatMap(row -> row.instances().entrySet().stream())
        .forEach(one ->
            cloud.existing(
                one.getValue(), existing(Scenario.MEETING, one.getKey(), anyToken(one.getKey()))));
  }

  /** What runs already was started under a token of this function's, or by something else. */
  private ClientToken anyToken(Role role) {
    return choices.pick(2) == 1
        ? ClientToken.of(Scenario.MEETING, role, 0)
        : new ClientToken("of-another-program-" + role);
  }

  private static Attempt existing(MeetingId meeting, Role role, ClientToken token) {
    Candidate candidate =
        new Candidate(
            Market.ON_DEMAND,
            Scenario.TYPES.getFirst(),
            new Subnet("subnet-earlier", Scenario.ZONES.getFirst()));
    return new Attempt(
        new ClaimId("earlier"),
        0,
        token,
        Plans.of(List.of(role), Scenario.TYPES, Plans.zones(), Plans.template("ami-0"))
            .request(meeting, role, candidate));
  }

  /** What is configured now; once faults have stopped, it stays. */
  private LaunchPlan plan() {
    return calm ? lastPlan : scenario.plans().get(choices.pick(scenario.plans().size()));
  }

  /** Lambda gets an event; where that fails, it delivers again. */
  private void start(Kind kind, int retries, Consumer<Network> body, IntConsumer again) {
    int number = started.merge(kind, 1, Integer::sum);
    SimulatedProcess process =
        new SimulatedProcess(
            kind, number, plan(), scheduler.now(), rules, one -> afterwards(one, retries, again));
    rules.processes.add(process);
    trace.say(() ->
        "%s begins, configured with %s for %s in %s"
            .formatted(
                process,
                process.plan.template().imageId(),
                process.plan.roles(),
                process.plan.zones()));
    Network network = new Network(process, scheduler, choices, trace, () -> calm);
    scheduler.start(process, () -> run(network, body));
  }

  private void run(Network network, Consumer<Network> body) {
    SimulatedProcess process = network.process();
    try {
      body.accept(network);
      process.end(Fate.ANSWERED);
    } catch (LaunchFailure failure) {
      trace.say(() -> process + " fails: " + failure.getMessage());
      boolean inPeace =
          (failure instanceof MeetingNotFound || failure instanceof LaunchIncomplete)
              && failure.getSuppressed().length == 0;
      if (failure instanceof LaunchIncomplete incomplete) {
        rules.failed(process, incomplete, Scenario.pools().size());
      }
      process.end(inPeace ? Fate.ENDED : Fate.BROKEN);
    } catch (RuntimeException | Error failure) {
      rules.failed(process, failure);
      process.end(Fate.BROKEN);
    }
  }

  private void afterwards(SimulatedProcess process, int retries, IntConsumer again) {
    if (process.answered() || process.fate() == Fate.ENDED) {
      rules.ended(process);
    }
    if (choices.pick(2) == 1) {
      // Lambda freezes what has answered; it need not thaw it again.
      scheduler.forget(process);
    } else if (scenario.world().contains(World.THAWS) && choices.pick(2) == 1) {
      scheduler.freeze(process, scheduler.now() + choices.within(LONGEST_THAW));
    }
    if (!process.answered() && retries > 0) {
      long wait = LAMBDA_WAITS[Math.min(scenario.retries() - retries, LAMBDA_WAITS.length - 1)];
      scheduler.at(scheduler.now() + wait, () -> again.accept(retries - 1));
    } else {
      open--;
      if (!process.answered()) {
        // The event is in the failure queue.
        rules.told.ring(scheduler.now());
      }
    }
  }

  private void deliver(int retries) {
    start(Kind.DELIVERY, retries, this::launch, this::deliver);
  }

  private void launch(Network network) {
    SimulatedProcess process = network.process();
    Report report = launcher(network).launch(Scenario.MEETING, mistake.time().apply(network));
    trace.say(() ->
        "%s answers %s %s %s"
            .formatted(process, report.outcome(), report.status(), report.instances()));
    rules.answered(process, report, scheduler.now());
    ring(report);
    answered = true;
  }

  private Launch launcher(Network network) {
    LaunchPlan plan = network.process().plan;
    return new Launch(
        mistake.table().meetings(network, table),
        mistake.ec2().instances(network, cloud, plan),
        plan,
        Recovery.REPLACE);
  }

  private void ring(Report report) {
    if (report.missing().isPresent()) {
      rules.told.ring(scheduler.now());
    }
  }

  private void recover(Notice notice, int retries) {
    start(
        Kind.RECOVERY, retries, network -> recover(network, notice), left -> recover(notice, left));
  }

  private void recover(Network network, Notice notice) {
    SimulatedProcess process = network.process();
    Report report = launcher(network).recover(notice, mistake.time().apply(network));
    trace.say(() -> process + " answers " + report.outcome() + ": " + report.why());
    rules.recovered(process, notice.instance(), report);
    ring(report);
  }

  private void sweep() {
    open++;
    start(Kind.SWEEP, 0, this::sweep, _ -> {});
  }

  private void sweep(Network network) {
    LaunchPlan plan = network.process().plan;
    Sweep.Found found =
        new Sweep(
                mistake.table().meetings(network, table),
                mistake.ec2().instances(network, cloud, plan),
                plan,
                GRACE,
                Sweep.Mode.TERMINATE)
            .sweep(mistake.time().apply(network));
    if (found.strays().stream().anyMatch(stray -> !stray.terminated())) {
      rules.told.ring(scheduler.now());
    }
  }

  private void make(OutsideChange change) {
    if (!calm || !change.standsInTheWay()) {
      changes.make(change);
      trace.say(() -> "somebody " + change + ": the row is " + Describe.of(table.row()));
    }
  }

  /**
   * EventBridge tells of it as it shuts down or stops, and once it has; of an interruption, once.
   */
  void tell(SimulatedInstance instance, Notice.Kind kind) {
    long first = scheduler.now() + choices.within(LATEST_NOTICE);
    recoverAt(first, instance, kind);
    if (kind != Notice.Kind.INTERRUPTED) {
      recoverAt(first + choices.within(BETWEEN_NOTICES), instance, kind);
    }
  }

  private void recoverAt(long time, SimulatedInstance instance, Notice.Kind kind) {
    open++;
    scheduler.at(
        time,
        () ->
            recover(
                new Notice(instance.id, kind, Optional.of(Instant.ofEpochMilli(scheduler.now()))),
                scenario.retries()));
  }

  /** So many changes more, or fewer, are still to come. */
  void waits(int more) {
    open += more;
  }
}
