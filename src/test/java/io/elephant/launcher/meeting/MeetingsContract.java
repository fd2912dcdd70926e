package io.elephant.launcher.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.MeetingsFailed;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Subnet;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link Meetings} promises: every condition of every write, where it holds and where not. */
public abstract class MeetingsContract {

  protected static final MeetingId ID = new MeetingId("m-1");
  protected static final Role TEACHER = new Role("teacher");
  protected static final Role STUDENT = new Role("student");
  protected static final Set<Role> BOTH = Set.of(TEACHER, STUDENT);

  private static final LaunchState STATE = LaunchState.first(Attempt.first(ID, TEACHER, request()));
  private static final LaunchState OTHER_STATE =
      LaunchState.first(Attempt.first(ID, STUDENT, request()));
  private static final LaunchState NEXT =
      STATE.movedTo(STATE.attempt().next(ID, TEACHER, request()));

  private static final StartedInstance STARTED = started(TEACHER, STATE, "i-0000000000000000a");
  private static final StartedInstance OTHER_STARTED =
      started(STUDENT, OTHER_STATE, "i-0000000000000000b");

  /** Nobody has begun to launch it. */
  protected static final Meeting BOOKED =
      new Meeting(
          ID,
          Optional.of(Status.SCHEDULED),
          Optional.of(Instant.parse("2026-11-22T10:00:00Z")),
          Map.of(),
          Optional.empty());

  /** Only the student has a state. */
  private static final Meeting HALF_CLAIMED = with(BOOKED, Map.of(STUDENT, OTHER_STATE));

  /** Both roles have a state, and neither an instance. */
  protected static final Meeting CLAIMED =
      with(BOOKED, Map.of(TEACHER, STATE, STUDENT, OTHER_STATE));

  /** A write, a row for which all its conditions hold, and what it makes of that row. */
  protected record Write(
      String name,
      Meeting row,
      Function<Meetings, Optional<Meeting>> call,
      Meeting written,
      Set<Status> statuses) {

    @Override
    public String toString() {
      return name;
    }
  }

  /** Every write there is, in each of its forms. */
  protected static Stream<Write> writes() {
    return Stream.of(
        write("the first claim", BOOKED, claim(BOOKED, TEACHER, STUDENT), CLAIMED),
        write("a claim beside another", HALF_CLAIMED, claim(HALF_CLAIMED, TEACHER), CLAIMED),
        write("an advance", CLAIMED, advance(STATE), with(CLAIMED, Map.of(TEACHER, NEXT))),
        write("a record", CLAIMED, record(STARTED), with(CLAIMED, STARTED)),
        write(
            "a record of both",
            CLAIMED,
            record(STARTED, OTHER_STARTED),
            with(CLAIMED, STARTED, OTHER_STARTED)),
        write(
            "a completion",
            CLAIMED,
            complete(STARTED, OTHER_STARTED),
            with(with(CLAIMED, STARTED, OTHER_STARTED), Status.LAUNCHED)),
        write(
            "a completion by the last instance",
            with(CLAIMED, OTHER_STARTED),
            complete(STARTED),
            with(with(CLAIMED, STARTED, OTHER_STARTED), Status.LAUNCHED)),
        write(
            "a completion of what is recorded",
            with(CLAIMED, STARTED, OTHER_STARTED),
            complete(),
            with(with(CLAIMED, STARTED, OTHER_STARTED), Status.LAUNCHED)),
        new Write(
            "a failure before any claim",
            BOOKED,
            fail(BOOKED, BOTH),
            with(with(BOOKED, Map.of()), Status.LAUNCH_FAILED),
            Status.BEFORE_LAUNCHED),
        new Write(
            "a failure of one role",
            with(CLAIMED, OTHER_STARTED),
            fail(CLAIMED, Set.of(TEACHER)),
            with(with(CLAIMED, OTHER_STARTED), Status.LAUNCH_FAILED),
            Status.BEFORE_LAUNCHED));
  }

  /** Makes the row this one, whatever it was. */
  protected abstract void put(Meeting row);

  /** Calls the implementation. */
  protected abstract <T> T ask(Function<Meetings, T> call);

  @Test
  void findsNoRowThatIsNotThere() {
    assertThat(row()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void findsARowAsItIs(Write write) {
    put(write.row());

    assertThat(row()).contains(write.row());
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesAndAnswersWithTheRowWhereEveryConditionHolds(Write write) {
    put(write.row());

    assertThat(ask(write.call())).contains(write.written());
    assertThat(row()).contains(write.written());
  }

  @ParameterizedTest
  @MethodSource("writes")
  void makesNoRowWhereThereIsNone(Write write) {
    assertThat(ask(write.call())).isEmpty();
    assertThat(row()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesWhereTheStatusIsOneThatItMayLeave(Write write) {
    for (Status status : write.statuses()) {
      put(with(write.row(), status));
      assertThat(ask(write.call())).as(status.value()).isPresent();
    }
    put(withoutStatus(write.row()));
    assertThat(ask(write.call())).isPresent();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesNothingWhereTheStatusIsAnyOther(Write write) {
    Stream.of(Status.LAUNCHED, Status.TERMINATED, Status.CANCELLED, new Status("RUNNING"))
        .filter(status -> !write.statuses().contains(status))
        .forEach(status -> assertNotWritten(with(write.row(), status), write.call()));
  }

  @Test
  void claimsNoRoleWhoseInstanceIsRecorded() {
    assertNotWritten(with(BOOKED, STARTED), claim(BOOKED, TEACHER, STUDENT));
    assertNotWritten(with(HALF_CLAIMED, STARTED), claim(HALF_CLAIMED, TEACHER));
  }

  @Test
  void claimsNoRoleThatHasBeenClaimedSince() {
    assertNotWritten(HALF_CLAIMED, claim(BOOKED, TEACHER));
    assertNotWritten(CLAIMED, claim(HALF_CLAIMED, TEACHER));
    assertNotWritten(HALF_CLAIMED, claim(HALF_CLAIMED, TEACHER, STUDENT));
  }

  @Test
  void throwsWhereTheLaunchRecordThatWasSeenIsGone() {
    for (Function<Meetings, ?> call :
        List.of(claim(HALF_CLAIMED, TEACHER), fail(HALF_CLAIMED, BOTH))) {
      put(BOOKED);
      assertThatExceptionOfType(MeetingsFailed.class).isThrownBy(() -> ask(call));
      assertThat(row()).contains(BOOKED);
    }
  }

  @Test
  void advancesNoRoleWhoseInstanceIsRecorded() {
    assertNotWritten(with(CLAIMED, STARTED), advance(STATE));
  }

  @Test
  void advancesNoStateOfAnotherRevision() {
    assertNotWritten(CLAIMED, advance(NEXT));
    assertNotWritten(with(CLAIMED, Map.of(TEACHER, NEXT)), advance(STATE));
  }

  @Test
  void advancesNoStateThatIsGone() {
    assertNotWritten(HALF_CLAIMED, advance(STATE));
    assertNotWritten(BOOKED, advance(STATE));
  }

  @Test
  void recordsNoInstanceOfARoleThatHasOne() {
    assertNotRecorded(with(CLAIMED, STARTED));
    assertNotRecorded(with(CLAIMED, started(TEACHER, STATE, "i-0000000000000000c")));
  }

  @Test
  void recordsNoInstanceOfAnotherAttempt() {
    assertNotRecorded(with(CLAIMED, Map.of(TEACHER, NEXT)));
  }

  @Test
  void recordsNoInstanceOfARoleWithoutAState() {
    assertNotRecorded(HALF_CLAIMED);
    assertNotRecorded(BOOKED);
  }

  @Test
  void completesNothingWhileAnotherRoleHasNoInstance() {
    assertNotWritten(CLAIMED, complete(STARTED));
    assertNotWritten(with(CLAIMED, STARTED), complete());
  }

  @Test
  void failsNothingWhereOneOfTheRolesHasItsInstance() {
    assertNotWritten(with(CLAIMED, STARTED), fail(CLAIMED, BOTH));
    assertNotWritten(with(BOOKED, STARTED), fail(BOOKED, BOTH));
  }

  @Test
  void failsNothingThatHasBeenClaimedSince() {
    assertNotWritten(HALF_CLAIMED, fail(BOOKED, BOTH));
  }

  /** Neither alone, nor together with another that could be, nor to complete the launch. */
  private void assertNotRecorded(Meeting row) {
    assertNotWritten(row, record(STARTED));
    assertNotWritten(row, record(STARTED, OTHER_STARTED));
    assertNotWritten(row, complete(STARTED, OTHER_STARTED));
  }

  private void assertNotWritten(Meeting row, Function<Meetings, Optional<Meeting>> call) {
    put(row);
    assertThat(ask(call)).isEmpty();
    assertThat(row()).contains(row);
  }

  protected Optional<Meeting> row() {
    return ask(meetings -> meetings.find(ID));
  }

  private static Write write(
      String name, Meeting row, Function<Meetings, Optional<Meeting>> call, Meeting written) {
    return new Write(name, row, call, written, Status.LAUNCHABLE);
  }

  protected static Function<Meetings, Optional<Meeting>> claim(Meeting seen, Role... roles) {
    Map<Role, LaunchState> first = new HashMap<>();
    for (Role role : roles) {
      first.put(role, role.equals(TEACHER) ? STATE : OTHER_STATE);
    }
    return meetings -> meetings.claim(seen, first);
  }

  private static Function<Meetings, Optional<Meeting>> advance(LaunchState from) {
    return meetings -> meetings.advance(ID, TEACHER, from, NEXT);
  }

  private static Function<Meetings, Optional<Meeting>> record(StartedInstance... started) {
    return meetings -> meetings.record(ID, byRole(started));
  }

  protected static Function<Meetings, Optional<Meeting>> complete(StartedInstance... started) {
    return meetings -> meetings.complete(ID, byRole(started), BOTH);
  }

  protected static Function<Meetings, Optional<Meeting>> fail(Meeting seen, Set<Role> open) {
    return meetings -> meetings.fail(seen, open, "InsufficientInstanceCapacity");
  }

  private static Map<Role, StartedInstance> byRole(StartedInstance... started) {
    Map<Role, StartedInstance> roles = new HashMap<>();
    for (StartedInstance one : started) {
      roles.put(one.role(), one);
    }
    return roles;
  }

  private static StartedInstance started(Role role, LaunchState state, String id) {
    return new StartedInstance(role, state.attempt(), new InstanceId(id));
  }

  private static LaunchRequest request() {
    return new LaunchRequest(
        new Candidate(Market.ON_DEMAND, "t3.large", new Subnet("subnet-1", new Zone("us-west-2a"))),
        "ami-0e7fd79d17e852d18",
        "key",
        List.of("sg-0123456789abcdef0"),
        "profile",
        new RootVolume("/dev/xvda", 60, "gp2", true),
        ImdsTokens.REQUIRED,
        Map.of("MeetingID", ID.value()));
  }

  private static Meeting with(Meeting row, Map<Role, LaunchState> states) {
    Map<Role, LaunchState> all =
        new HashMap<>(row.launchRecord().map(LaunchRecord::states).orElse(Map.of()));
    all.putAll(states);
    return new Meeting(
        ID, row.status(), row.meetTime(), row.instances(), Optional.of(new LaunchRecord(all)));
  }

  private static Meeting with(Meeting row, StartedInstance... started) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    for (StartedInstance one : started) {
      instances.put(one.role(), one.instance());
    }
    return new Meeting(ID, row.status(), row.meetTime(), instances, row.launchRecord());
  }

  private static Meeting with(Meeting row, Status status) {
    return new Meeting(
        ID, Optional.of(status), row.meetTime(), row.instances(), row.launchRecord());
  }

  private static Meeting withoutStatus(Meeting row) {
    return new Meeting(ID, Optional.empty(), row.meetTime(), row.instances(), row.launchRecord());
  }
}
