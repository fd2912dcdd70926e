package io.elephant.launcher.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.WriteResult.NotWritten;
import io.elephant.launcher.meeting.WriteResult.Written;
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

  private static final Instant CLAIMED_AT = Instant.parse("2026-11-22T09:55:00.123Z");
  private static final String DELIVERY = "delivery-2";
  private static final Refusal FULL = new Refusal("InsufficientInstanceCapacity", "full");

  private static final LaunchState STATE = state(ID, TEACHER, new ClaimId("delivery-1/0"));
  private static final LaunchState OTHER_STATE = state(ID, STUDENT, new ClaimId("delivery-1/1"));
  private static final LaunchState NEXT = next(STATE);

  /** The same attempt of the same row, after it was deleted and booked again. */
  private static final LaunchState REBOOKED = state(ID, TEACHER, new ClaimId("delivery-9/0"));

  /** As release 1.0 wrote it. */
  private static final LaunchState EARLIER =
      new LaunchState(
          0,
          Attempt.of(
              ClaimId.OF_AN_EARLIER_BUILD,
              ID,
              TEACHER,
              0,
              request(Optional.empty(), Optional.empty())),
          0,
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty());

  private static final StartedInstance STARTED = started(TEACHER, STATE, "i-0000000000000000a");
  private static final StartedInstance OTHER_STARTED =
      started(STUDENT, OTHER_STATE, "i-0000000000000000b");
  private static final StartedInstance EARLIER_STARTED =
      started(TEACHER, EARLIER, "i-0000000000000000a");
  private static final StartedInstance FOUND =
      new StartedInstance(TEACHER, STATE.attempt(), new InstanceId("i-0000000000000000d"), true);

  /** The teacher was launched once; then somebody took the id out. */
  private static final LaunchState OVER = STATE.with(STARTED.instance(), false);

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

  /** Release 1.0 has claimed the teacher. */
  private static final Meeting EARLIER_CLAIMED =
      with(BOOKED, Map.of(TEACHER, EARLIER, STUDENT, OTHER_STATE));

  private static final LaunchState RECORDED_STATE = OVER;
  private static final Refusal WHY = new Refusal("Server.InternalError", "it died");
  private static final LaunchState LOST =
      RECORDED_STATE.replacedBy(NEXT.attempt(), Instant.parse("2026-11-22T09:57:00Z"), WHY);
  private static final LaunchState DEAD = RECORDED_STATE.staysDead(WHY);

  /** It was launched and completed once; then the teacher's id was taken out. */
  private static final Meeting OPENED =
      completedBy("delivery-0", with(CLAIMED, Map.of(TEACHER, OVER)));

  /** Both roles have their instances. */
  private static final Meeting RECORDED = with(CLAIMED, STARTED, OTHER_STARTED);

  /** The teacher's has died. */
  private static final Meeting LOST_ONE = with(with(CLAIMED, OTHER_STARTED), Map.of(TEACHER, LOST));

  /** Another meeting's row, put here with its launch record and its instances. */
  protected static final Meeting COPIED = copyOf(new MeetingId("m-0"));

  /** A write, a row for which all its conditions hold, and what it makes of that row. */
  protected record Write(
      String name,
      Meeting row,
      Function<Meetings, WriteResult> call,
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
        write("a claim of a copied row", COPIED, claim(COPIED, TEACHER, STUDENT), CLAIMED),
        write("an advance", CLAIMED, advance(STATE), with(CLAIMED, Map.of(TEACHER, NEXT))),
        write(
            "an advance of what an earlier build has claimed",
            EARLIER_CLAIMED,
            advance(EARLIER),
            with(EARLIER_CLAIMED, Map.of(TEACHER, next(EARLIER)))),
        write(
            "an advance to another launch",
            OPENED,
            meetings -> meetings.advance(ID, TEACHER, OVER, again(OVER)),
            with(OPENED, Map.of(TEACHER, again(OVER)))),
        write("a loss", RECORDED, lose(RECORDED_STATE, LOST), LOST_ONE),
        write(
            "a loss that is not replaced",
            RECORDED,
            lose(RECORDED_STATE, DEAD),
            with(RECORDED, Map.of(TEACHER, DEAD))),
        write("a record", CLAIMED, record(STARTED), with(CLAIMED, STARTED)),
        write(
            "a record of both",
            CLAIMED,
            record(STARTED, OTHER_STARTED),
            with(CLAIMED, STARTED, OTHER_STARTED)),
        write("a record of what was found", CLAIMED, record(FOUND), with(CLAIMED, FOUND)),
        write(
            "a record of what an earlier build has claimed",
            EARLIER_CLAIMED,
            record(EARLIER_STARTED),
            with(EARLIER_CLAIMED, EARLIER_STARTED)),
        write(
            "a completion",
            CLAIMED,
            complete(CLAIMED, STARTED, OTHER_STARTED),
            launched(with(CLAIMED, STARTED, OTHER_STARTED))),
        write(
            "a completion by the last instance",
            with(CLAIMED, OTHER_STARTED),
            complete(CLAIMED, STARTED),
            launched(with(CLAIMED, STARTED, OTHER_STARTED))),
        new Write(
            "a completion of what is recorded",
            with(CLAIMED, STARTED, OTHER_STARTED),
            complete(CLAIMED),
            launched(with(CLAIMED, STARTED, OTHER_STARTED)),
            Status.BEFORE_LAUNCHED),
        new Write(
            "a completion of what somebody else wrote there",
            with(BOOKED, STARTED, OTHER_STARTED),
            complete(BOOKED),
            with(with(BOOKED, STARTED, OTHER_STARTED), Status.LAUNCHED),
            Status.BEFORE_LAUNCHED),
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
            Status.BEFORE_LAUNCHED),
        new Write(
            "a failure of a copied row",
            COPIED,
            fail(COPIED, BOTH),
            with(COPIED, Status.LAUNCH_FAILED),
            Status.BEFORE_LAUNCHED));
  }

  /** Makes the row this one, whatever it was. */
  protected abstract void put(Meeting row);

  /** Calls the implementation. */
  protected abstract <T> T ask(Function<Meetings, T> call);

  /** A failed condition brings along the row that it did not hold for. */
  protected void assertBroughtAlong(Optional<Meeting> brought, Meeting row) {
    assertThat(brought).contains(row);
  }

  @Test
  void findsNoRowThatIsNotThere() {
    assertThat(row()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void findsARowAsItIs(Write write) {
    for (Meeting row : List.of(write.row(), write.written())) {
      put(row);

      assertThat(row()).contains(row);
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesAndAnswersWithTheRowWhereEveryConditionHolds(Write write) {
    put(write.row());

    assertThat(ask(write.call())).isEqualTo(new Written(write.written()));
    assertThat(row()).contains(write.written());
  }

  @ParameterizedTest
  @MethodSource("writes")
  void makesNoRowWhereThereIsNone(Write write) {
    assertThat(ask(write.call())).isEqualTo(new NotWritten(Optional.empty()));
    assertThat(row()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesWhereTheStatusIsOneThatItMayLeave(Write write) {
    for (Status status : write.statuses()) {
      put(with(write.row(), status));
      assertThat(ask(write.call())).as(status.value()).isInstanceOf(Written.class);
    }
    put(with(write.row(), Optional.empty()));
    assertThat(ask(write.call())).isInstanceOf(Written.class);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesNothingWhereTheStatusIsAnyOther(Write write) {
    Stream.of(
            "LAUNCHED",
            "DNS_WRITTEN",
            "HEALTHY",
            "IN_PROGRESS",
            "TERMINATED",
            "CANCELLED",
            "CANCELED")
        .map(Status::new)
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
  void writesNothingWhereTheLaunchRecordThatWasSeenIsGone() {
    assertNotWritten(BOOKED, claim(HALF_CLAIMED, TEACHER));
    assertNotWritten(BOOKED, claim(COPIED, TEACHER, STUDENT));
    assertNotWritten(BOOKED, fail(HALF_CLAIMED, BOTH));
    assertNotWritten(BOOKED, fail(COPIED, BOTH));
    assertNotWritten(with(BOOKED, STARTED, OTHER_STARTED), complete(CLAIMED));
  }

  @Test
  void claimsNothingInARowThatHasBecomeACopy() {
    assertNotWritten(COPIED, claim(BOOKED, TEACHER, STUDENT));
    assertNotWritten(COPIED, claim(HALF_CLAIMED, TEACHER));
  }

  @Test
  void claimsNoCopiedRowThatHasBecomeAnother() {
    for (Meeting row : List.of(CLAIMED, HALF_CLAIMED, copyOf(new MeetingId("m-2")))) {
      assertNotWritten(row, claim(COPIED, TEACHER, STUDENT));
      assertNotWritten(row, fail(COPIED, BOTH));
    }
  }

  @Test
  void neitherAdvancesNorRecordsWhatWasCopied() {
    assertNotWritten(COPIED, advance(STATE));
    assertNotRecorded(COPIED);
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

  /** A row that was deleted and booked again begins with revision 0 and attempt 0 again. */
  @Test
  void advancesNoStateOfAnotherClaim() {
    assertNotWritten(with(CLAIMED, Map.of(TEACHER, REBOOKED)), advance(STATE));
    assertNotWritten(EARLIER_CLAIMED, advance(STATE));
    assertNotWritten(CLAIMED, advance(EARLIER));
  }

  @Test
  void advancesNoStateThatIsGone() {
    assertNotWritten(HALF_CLAIMED, advance(STATE));
    assertNotWritten(BOOKED, advance(STATE));
  }

  @Test
  void losesNoInstanceThatTheRowDoesNotName() {
    assertNotWritten(LOST_ONE, lose(RECORDED_STATE, LOST));
    assertNotWritten(
        with(CLAIMED, started(TEACHER, STATE, "i-0000000000000000c")), lose(RECORDED_STATE, LOST));
  }

  @Test
  void losesNoInstanceWhoseStateIsAnotherOrGone() {
    assertNotWritten(with(RECORDED, Map.of(TEACHER, DEAD)), lose(RECORDED_STATE, LOST));
    assertNotWritten(
        with(RECORDED, Map.of(TEACHER, REBOOKED.with(STARTED.instance(), false))),
        lose(RECORDED_STATE, LOST));
    assertNotWritten(with(BOOKED, STARTED), lose(RECORDED_STATE, LOST));
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
  void recordsNoInstanceOfAnotherClaim() {
    assertNotRecorded(with(CLAIMED, Map.of(TEACHER, REBOOKED)));
    assertNotRecorded(EARLIER_CLAIMED);
    assertNotWritten(CLAIMED, record(EARLIER_STARTED));
  }

  /** Whoever took the id out may have ended the instance; the role waits for another launch. */
  @Test
  void recordsNothingUnderAnAttemptThatWasRecordedBefore() {
    assertNotRecorded(OPENED);
    assertNotWritten(OPENED, record(FOUND));
  }

  @Test
  void recordsNoInstanceOfARoleWithoutAState() {
    assertNotRecorded(HALF_CLAIMED);
    assertNotRecorded(BOOKED);
  }

  @Test
  void completesNothingWhileAnotherRoleHasNoInstance() {
    assertNotWritten(CLAIMED, complete(CLAIMED, STARTED));
    assertNotWritten(with(CLAIMED, STARTED), complete(CLAIMED));
  }

  @Test
  void completesNothingTwice() {
    put(CLAIMED);
    ask(meetings -> meetings.complete(CLAIMED, byRole(STARTED, OTHER_STARTED), BOTH, "first"));

    Meeting completed = completedBy("first", with(CLAIMED, STARTED, OTHER_STARTED));
    assertThat(row()).contains(with(completed, Status.LAUNCHED));
    assertNotWritten(row().orElseThrow(), complete(CLAIMED, STARTED, OTHER_STARTED));
    assertNotWritten(row().orElseThrow(), complete(row().orElseThrow()));
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
    assertNotWritten(row, complete(CLAIMED, STARTED, OTHER_STARTED));
  }

  private void assertNotWritten(Meeting row, Function<Meetings, WriteResult> call) {
    put(row);
    WriteResult result = ask(call);
    assertThat(result).isInstanceOf(NotWritten.class);
    assertBroughtAlong(((NotWritten) result).row(), row);
    assertThat(row()).contains(row);
  }

  protected Optional<Meeting> row() {
    return ask(meetings -> meetings.find(ID));
  }

  private static Write write(
      String name, Meeting row, Function<Meetings, WriteResult> call, Meeting written) {
    return new Write(name, row, call, written, Status.LAUNCHABLE);
  }

  protected static Function<Meetings, WriteResult> claim(Meeting seen, Role... roles) {
    Map<Role, LaunchState> first = new HashMap<>();
    for (Role role : roles) {
      first.put(role, role.equals(TEACHER) ? STATE : OTHER_STATE);
    }
    return meetings -> meetings.claim(seen, first);
  }

  private static Function<Meetings, WriteResult> lose(LaunchState from, LaunchState to) {
    return meetings -> meetings.lose(ID, TEACHER, STARTED.instance(), from, to);
  }

  private static Function<Meetings, WriteResult> advance(LaunchState from) {
    return meetings -> meetings.advance(ID, TEACHER, from, next(from));
  }

  private static Function<Meetings, WriteResult> record(StartedInstance... started) {
    return meetings -> meetings.record(ID, byRole(started));
  }

  protected static Function<Meetings, WriteResult> complete(
      Meeting seen, StartedInstance... started) {
    return meetings -> meetings.complete(seen, byRole(started), BOTH, DELIVERY);
  }

  protected static Function<Meetings, WriteResult> fail(Meeting seen, Set<Role> open) {
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

  private static LaunchState state(MeetingId meeting, Role role, ClaimId claim) {
    return LaunchState.claim(Attempt.of(claim, meeting, role, 0, request()), CLAIMED_AT);
  }

  private static LaunchState next(LaunchState state) {
    return state.replacedBy(following(state), CLAIMED_AT.plusSeconds(4), FULL);
  }

  private static LaunchState again(LaunchState over) {
    return over.launchedAgain(following(over), CLAIMED_AT.plusSeconds(3_600));
  }

  private static Attempt following(LaunchState state) {
    return Attempt.of(
        state.attempt().claim(), ID, TEACHER, state.attempt().number() + 1, request());
  }

  private static LaunchRequest request() {
    return request(
        Optional.of("arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab"),
        Optional.of(new LaunchTemplate("lt-0e1efa27000000001", 7)));
  }

  private static LaunchRequest request(
      Optional<String> volumeKey, Optional<LaunchTemplate> launchTemplate) {
    return new LaunchRequest(
        new Candidate(Market.ON_DEMAND, "t3.large", new Subnet("subnet-1", new Zone("us-west-2a"))),
        "ami-0e7fd79d17e852d18",
        "key",
        List.of("sg-0123456789abcdef0"),
        "profile",
        new RootVolume("/dev/xvda", 60, "gp2", true, volumeKey),
        ImdsTokens.REQUIRED,
        launchTemplate,
        Map.of("MeetingID", ID.value(), "Empty", ""));
  }

  private static Meeting copyOf(MeetingId other) {
    InstanceId instance = new InstanceId("i-0000000000000000f");
    Map<Role, LaunchState> states = new HashMap<>();
    BOTH.forEach(role ->
        states.put(role, state(other, role, new ClaimId("delivery-5/0")).with(instance, false)));
    return new Meeting(
        ID, BOOKED.status(), BOOKED.meetTime(), Map.of(), Optional.of(new LaunchRecord(states)));
  }

  private static Meeting with(Meeting row, Map<Role, LaunchState> states) {
    LaunchRecord before = row.launchRecord().orElse(LaunchRecord.EMPTY);
    Map<Role, LaunchState> all = new HashMap<>(before.states());
    all.putAll(states);
    return new Meeting(
        ID,
        row.status(),
        row.meetTime(),
        row.instances(),
        Optional.of(new LaunchRecord(all, before.completedBy())));
  }

  /** They are recorded, and their states, where they have any, say so too. */
  private static Meeting with(Meeting row, StartedInstance... started) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Map<Role, LaunchState> states = new HashMap<>();
    for (StartedInstance one : started) {
      instances.put(one.role(), one.instance());
      row.state(one.role())
          .ifPresent(state -> states.put(one.role(), state.with(one.instance(), one.found())));
    }
    Meeting recorded = states.isEmpty() ? row : with(row, states);
    return new Meeting(ID, row.status(), row.meetTime(), instances, recorded.launchRecord());
  }

  private static Meeting launched(Meeting row) {
    return with(completedBy(DELIVERY, row), Status.LAUNCHED);
  }

  private static Meeting completedBy(String delivery, Meeting row) {
    return new Meeting(
        ID,
        row.status(),
        row.meetTime(),
        row.instances(),
        row.launchRecord().map(launch -> new LaunchRecord(launch.states(), Optional.of(delivery))));
  }

  private static Meeting with(Meeting row, Status status) {
    return with(row, Optional.of(status));
  }

  private static Meeting with(Meeting row, Optional<Status> status) {
    return new Meeting(
        ID, status, row.meetTime(), row.instances(), row.launchRecord(), row.copied());
  }
}
