package io.elephant.launcher.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState.Left;
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
  private static final Refusal WHY = new Refusal("Server.InternalError", "it ended");

  private static final LaunchState STATE = state(ID, TEACHER, new ClaimId("delivery-1/0"));
  private static final LaunchState OTHER_STATE = state(ID, STUDENT, new ClaimId("delivery-1/1"));
  private static final LaunchState NEXT = next(STATE, Left.NOTHING_STARTED);

  /** The same attempt of the same row, after it was deleted and booked again. */
  private static final LaunchState REBOOKED = state(ID, TEACHER, new ClaimId("delivery-9/0"));

  private static final Map<Role, Recording> STARTED = recording(TEACHER, STATE, "i-a", false);
  private static final Map<Role, Recording> UNLOOKED = recording(TEACHER, STATE, "i-d", true);
  private static final Map<Role, Recording> OTHER = recording(STUDENT, OTHER_STATE, "i-b", false);
  private static final Map<Role, Recording> ALL = both(STARTED, OTHER);

  /** The teacher's instance is recorded. */
  private static final LaunchState OVER = STATE.with(new InstanceId("i-a"), false);

  private static final LaunchState LOST = next(OVER, Left.REPLACED);
  private static final LaunchState NOT_REPLACED = OVER.notReplaced(WHY);

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

  /** It was launched and completed once; then the teacher's id was taken out. */
  private static final Meeting OPENED =
      completedBy("delivery-0", with(CLAIMED, Map.of(TEACHER, OVER)));

  /** Both roles have their instances. */
  protected static final Meeting RECORDED = recorded(CLAIMED, ALL);

  /** The teacher's has ended. */
  private static final Meeting LOST_ONE = with(recorded(CLAIMED, OTHER), Map.of(TEACHER, LOST));

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
        write("another attempt", CLAIMED, move(CLAIMED), with(CLAIMED, Map.of(TEACHER, NEXT))),
        write(
            "another launch",
            OPENED,
            meetings -> meetings.put(OPENED, Map.of(TEACHER, again())),
            with(OPENED, Map.of(TEACHER, again()))),
        before("a loss before it was launched", RECORDED, lose(RECORDED, LOST), LOST_ONE),
        new Write(
            "a loss after it was launched",
            with(RECORDED, Status.LAUNCHED),
            lose(with(RECORDED, Status.LAUNCHED), LOST),
            LOST_ONE,
            Set.of(Status.LAUNCHED)),
        write(
            "a loss that is not replaced",
            RECORDED,
            lose(RECORDED, NOT_REPLACED),
            with(RECORDED, Map.of(TEACHER, NOT_REPLACED))),
        write("a record", CLAIMED, record(CLAIMED, STARTED), recorded(CLAIMED, STARTED)),
        write(
            "a record without a look",
            CLAIMED,
            record(CLAIMED, UNLOOKED),
            recorded(CLAIMED, UNLOOKED)),
        write("a record of all", CLAIMED, record(CLAIMED, ALL), launched(RECORDED)),
        write(
            "a record of the last",
            recorded(CLAIMED, OTHER),
            record(recorded(CLAIMED, OTHER), STARTED),
            launched(RECORDED)),
        before(
            "a completion of what is recorded",
            RECORDED,
            record(RECORDED, Map.of()),
            launched(RECORDED)),
        before(
            "a completion of what somebody else wrote there",
            recorded(BOOKED, ALL),
            record(recorded(BOOKED, ALL), Map.of()),
            with(recorded(BOOKED, ALL), Status.LAUNCHED)),
        before(
            "a failure before any claim",
            BOOKED,
            fail(BOOKED, BOTH),
            with(with(BOOKED, Map.of()), Status.LAUNCH_FAILED)),
        before(
            "a failure of one role",
            recorded(CLAIMED, OTHER),
            fail(CLAIMED, Set.of(TEACHER)),
            with(recorded(CLAIMED, OTHER), Status.LAUNCH_FAILED)),
        before(
            "a failure of a copied row",
            COPIED,
            fail(COPIED, BOTH),
            with(COPIED, Status.LAUNCH_FAILED)));
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
    if (write.statuses().contains(Status.SCHEDULED)) {
      put(with(write.row(), Optional.empty()));
      assertThat(ask(write.call())).isInstanceOf(Written.class);
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void writesNothingWhereTheStatusIsAnyOther(Write write) {
    Stream.of(
            "SCHEDULED",
            "LAUNCH_FAILED",
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
    assertNotWritten(recorded(BOOKED, STARTED), claim(BOOKED, TEACHER, STUDENT));
    assertNotWritten(recorded(HALF_CLAIMED, STARTED), claim(HALF_CLAIMED, TEACHER));
    assertNotWritten(recorded(CLAIMED, STARTED), move(CLAIMED));
  }

  @Test
  void claimsNoRoleThatHasBeenClaimedSince() {
    assertNotWritten(HALF_CLAIMED, claim(BOOKED, TEACHER));
    assertNotWritten(CLAIMED, claim(HALF_CLAIMED, TEACHER));
  }

  @Test
  void writesNothingWhereTheLaunchRecordThatWasSeenIsGone() {
    assertNotWritten(BOOKED, claim(HALF_CLAIMED, TEACHER));
    assertNotWritten(BOOKED, claim(COPIED, TEACHER, STUDENT));
    assertNotWritten(BOOKED, move(CLAIMED));
    assertNotWritten(BOOKED, fail(HALF_CLAIMED, BOTH));
    assertNotWritten(BOOKED, fail(COPIED, BOTH));
    assertNotWritten(recorded(BOOKED, ALL), record(RECORDED, Map.of()));
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

  /** A row that was deleted and booked again begins with attempt 0 again. */
  @Test
  void movesNoRoleWhoseStateIsAnotherOrGone() {
    assertNotWritten(with(CLAIMED, Map.of(TEACHER, NEXT)), move(CLAIMED));
    assertNotWritten(with(CLAIMED, Map.of(TEACHER, REBOOKED)), move(CLAIMED));
    assertNotWritten(OPENED, move(CLAIMED));
    assertNotWritten(HALF_CLAIMED, move(CLAIMED));
    assertNotWritten(COPIED, move(CLAIMED));
  }

  @Test
  void losesNoInstanceThatTheRowDoesNotName() {
    assertNotWritten(LOST_ONE, lose(RECORDED, LOST));
    assertNotWritten(
        recorded(CLAIMED, both(recording(TEACHER, STATE, "i-c", false), OTHER)),
        lose(RECORDED, LOST));
  }

  @Test
  void losesNoInstanceWhoseStateIsAnotherOrGone() {
    for (LaunchState other : List.of(NEXT, STATE, REBOOKED.with(new InstanceId("i-a"), false))) {
      assertNotWritten(with(RECORDED, Map.of(TEACHER, other)), lose(RECORDED, LOST));
      assertNotWritten(with(RECORDED, Map.of(TEACHER, other)), lose(RECORDED, NOT_REPLACED));
    }
    assertNotWritten(recorded(BOOKED, ALL), lose(RECORDED, LOST));
  }

  @Test
  void recordsNoInstanceOfARoleThatHasOne() {
    assertNotRecorded(recorded(CLAIMED, STARTED));
    assertNotRecorded(recorded(CLAIMED, recording(TEACHER, STATE, "i-c", false)));
  }

  @Test
  void recordsNoInstanceOfAnotherAttemptOrClaim() {
    assertNotRecorded(with(CLAIMED, Map.of(TEACHER, NEXT)));
    assertNotRecorded(with(CLAIMED, Map.of(TEACHER, REBOOKED)));
    assertNotRecorded(COPIED);
  }

  /** Whoever took the id out may have ended the instance; the role waits for another launch. */
  @Test
  void recordsNothingUnderAnAttemptThatWasRecordedBefore() {
    assertNotRecorded(OPENED);
    assertNotWritten(OPENED, record(CLAIMED, UNLOOKED));
  }

  @Test
  void recordsNoInstanceOfARoleWithoutAState() {
    assertNotRecorded(HALF_CLAIMED);
    assertNotRecorded(BOOKED);
  }

  @Test
  void completesNothingWhileAnotherRoleHasNoInstance() {
    assertNotWritten(CLAIMED, record(recorded(CLAIMED, OTHER), STARTED));
    assertNotWritten(recorded(CLAIMED, STARTED), record(RECORDED, Map.of()));
  }

  @Test
  void completesNothingTwice() {
    put(CLAIMED);
    ask(meetings -> meetings.record(CLAIMED, ALL, BOTH, "first"));

    Meeting completed = with(completedBy("first", RECORDED), Status.LAUNCHED);
    assertThat(row()).contains(completed);
    assertNotWritten(completed, record(CLAIMED, ALL));
    assertNotWritten(completed, record(completed, Map.of()));
  }

  @Test
  void failsNothingWhereOneOfTheRolesHasItsInstance() {
    assertNotWritten(recorded(CLAIMED, STARTED), fail(CLAIMED, BOTH));
    assertNotWritten(recorded(BOOKED, STARTED), fail(BOOKED, BOTH));
  }

  @Test
  void failsNothingThatHasBeenClaimedSince() {
    assertNotWritten(HALF_CLAIMED, fail(BOOKED, BOTH));
  }

  /** Neither alone, nor together with another that could be. */
  private void assertNotRecorded(Meeting row) {
    assertNotWritten(row, record(CLAIMED, STARTED));
    assertNotWritten(row, record(CLAIMED, ALL));
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

  private static Write before(
      String name, Meeting row, Function<Meetings, WriteResult> call, Meeting written) {
    return new Write(name, row, call, written, Status.BEFORE_LAUNCHED);
  }

  protected static Function<Meetings, WriteResult> claim(Meeting seen, Role... roles) {
    Map<Role, LaunchState> first = new HashMap<>();
    for (Role role : roles) {
      first.put(role, role.equals(TEACHER) ? STATE : OTHER_STATE);
    }
    return meetings -> meetings.put(seen, first);
  }

  private static Function<Meetings, WriteResult> move(Meeting seen) {
    return meetings -> meetings.put(seen, Map.of(TEACHER, NEXT));
  }

  private static Function<Meetings, WriteResult> lose(Meeting seen, LaunchState next) {
    return meetings -> meetings.lose(seen, TEACHER, next);
  }

  protected static Function<Meetings, WriteResult> record(
      Meeting seen, Map<Role, Recording> recordings) {
    return meetings -> meetings.record(seen, recordings, BOTH, DELIVERY);
  }

  protected static Function<Meetings, WriteResult> fail(Meeting seen, Set<Role> open) {
    return meetings -> meetings.fail(seen, open, "InsufficientInstanceCapacity");
  }

  private static Map<Role, Recording> recording(
      Role role, LaunchState state, String id, boolean unlooked) {
    return Map.of(role, new Recording(state.attempt(), new InstanceId(id), unlooked));
  }

  private static Map<Role, Recording> both(Map<Role, Recording> one, Map<Role, Recording> other) {
    Map<Role, Recording> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  private static LaunchState state(MeetingId meeting, Role role, ClaimId claim) {
    return LaunchState.claim(
        Attempt.of(claim, meeting, role, 0, Plans.fullRequest(meeting, role)), CLAIMED_AT);
  }

  private static LaunchState next(LaunchState state, Left left) {
    return state.movedTo(following(state), left, WHY);
  }

  private static LaunchState again() {
    return OVER.claimedAgain(following(OVER), CLAIMED_AT.plusSeconds(3_600));
  }

  private static Attempt following(LaunchState state) {
    return Attempt.of(
        state.attempt().claim(),
        ID,
        TEACHER,
        state.attempt().number() + 1,
        Plans.fullRequest(ID, TEACHER));
  }

  private static Meeting copyOf(MeetingId other) {
    Map<Role, LaunchState> states = new HashMap<>();
    BOTH.forEach(role ->
        states.put(
            role,
            state(other, role, new ClaimId("delivery-5/0")).with(new InstanceId("i-f"), false)));
    return new Meeting(
        ID, BOOKED.status(), BOOKED.meetTime(), Map.of(), Optional.of(new LaunchRecord(states)));
  }

  private static Meeting with(Meeting row, Map<Role, LaunchState> states) {
    return RowWrite.with(row, states);
  }

  /** They are recorded, and their states, where they have any, say so too. */
  private static Meeting recorded(Meeting row, Map<Role, Recording> recordings) {
    return RowWrite.with(
        row, recordings, row.status(), row.launchRecord().flatMap(LaunchRecord::completedBy));
  }

  private static Meeting launched(Meeting row) {
    return with(completedBy(DELIVERY, row), Status.LAUNCHED);
  }

  private static Meeting completedBy(String delivery, Meeting row) {
    return RowWrite.with(row, Map.of(), row.status(), Optional.of(delivery));
  }

  private static Meeting with(Meeting row, Status status) {
    return RowWrite.with(row, status);
  }

  private static Meeting with(Meeting row, Optional<Status> status) {
    return new Meeting(
        ID, status, row.meetTime(), row.instances(), row.launchRecord(), row.copied());
  }
}
