package io.elephant.launcher.instance;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.elephant.launcher.instance.FoundInstance.Alive;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.RunResult.Started;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What {@link Instances} promises: every condition of every call, where it holds and where not. */
public abstract class InstancesContract {

  protected static final Zone ZONE = new Zone("us-west-2a");
  protected static final Zone OTHER_ZONE = new Zone("us-west-2b");
  protected static final Zone ZONE_WITHOUT_SUBNET = new Zone("us-west-2z");
  protected static final String TYPE = "t3.large";
  protected static final String TEMPLATE = "lt-0e1efa27000000001";
  protected static final String VOLUME_KEY =
      "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab";
  protected static final String WHY_IT_DIED = "Server.InternalError";
  protected static final MeetingId MEETING = new MeetingId("m-1");
  protected static final MeetingId OTHER_MEETING = new MeetingId("m-2");

  /** Calls the implementation. */
  protected abstract <T> T ask(Function<Instances, T> call);

  /** From now on there is no capacity for this type in the zone. */
  protected abstract void fill(Zone zone, String instanceType);

  /** From now on the account may have no more of this type. */
  protected abstract void reachQuota(String instanceType);

  /** The instance dies of itself: {@value #WHY_IT_DIED}. */
  protected abstract void kill(InstanceId instance);

  /** Somebody stops the instance. */
  protected abstract void stop(InstanceId instance);

  /** Somebody protects the instance from being terminated. */
  protected abstract void protect(InstanceId instance);

  /** Starts an instance that EC2 does not know yet when it is to be terminated. */
  protected abstract InstanceId startUnknown(Attempt attempt);

  @Test
  void findsTheDefaultSubnetOfEachZoneThatHasOne() {
    assertThat(subnets(ZONE, OTHER_ZONE, ZONE_WITHOUT_SUBNET))
        .extracting(Subnet::zone)
        .containsExactlyInAnyOrder(ZONE, OTHER_ZONE);
    assertThat(subnets(ZONE_WITHOUT_SUBNET)).isEmpty();
  }

  @Test
  void startsOneInstanceForATokenHoweverOftenItIsSent() {
    InstanceId started = start(attempt("token"));

    assertThat(run(attempt("token"))).isEqualTo(new Started(started));
    assertThat(live()).containsExactly(started);
  }

  @Test
  void startsAnotherInstanceForAnotherTokenOrAnotherZone() {
    InstanceId started = start(attempt("token"));
    InstanceId ofOtherToken = start(attempt("other"));
    InstanceId inOtherZone = start(attempt("token", OTHER_ZONE));

    assertThat(live()).containsExactlyInAnyOrder(started, ofOtherToken, inOtherZone);
  }

  @Test
  void startsNothingForATokenThatWasUsedForAnotherRequest() {
    InstanceId started = start(attempt("token"));

    assertThat(run(attempt("token", Map.of("Name", "other"))))
        .isInstanceOf(RunResult.OtherRequest.class);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void takesAnotherVersionOfALaunchTemplateForAnotherRequest() {
    InstanceId started = start(attempt("token", byTemplate(1)));

    assertThat(run(attempt("token", byTemplate(1)))).isEqualTo(new Started(started));
    assertThat(run(attempt("token", byTemplate(2)))).isInstanceOf(RunResult.OtherRequest.class);
    assertThat(run(attempt("token"))).isInstanceOf(RunResult.OtherRequest.class);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void startsNothingForATokenWhoseInstanceIsDead() {
    kill(start(attempt("token")));

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Dead.class);
    assertThat(live()).isEmpty();
  }

  @Test
  void startsNothingWhereThereIsNoCapacity() {
    fill(ZONE, TYPE);

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.NoCapacity.class);
    assertThat(live()).isEmpty();
    assertThat(run(attempt("token", OTHER_ZONE))).isInstanceOf(Started.class);
  }

  @Test
  void answersTheInstanceThatRunsWhereThereIsNoCapacityByNow() {
    InstanceId started = start(attempt("token"));
    fill(ZONE, TYPE);

    assertThat(run(attempt("token"))).isEqualTo(new Started(started));
  }

  @Test
  void startsNothingOverTheQuota() {
    reachQuota(TYPE);

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.OverQuota.class);
    assertThat(live()).isEmpty();
  }

  @Test
  void findsTheInstanceOfAnAttemptAndNoOther() {
    InstanceId started = start(attempt("token"));
    start(attempt("other"));

    assertThat(find(attempt("token"))).contains(new Alive(started));
    assertThat(find(attempt("never"))).isEmpty();
    assertThat(find(attempt("token", OTHER_ZONE))).isEmpty();
  }

  @Test
  void findsADeadInstanceWithItsLaunchTimeAndWhyItDied() {
    InstanceId started = start(attempt("token"));
    Instant launched = listed().getFirst().launched();
    kill(started);

    assertThat(find(attempt("token")))
        .get(as(type(FoundInstance.Dead.class)))
        .satisfies(dead -> {
          assertThat(dead.instance()).isEqualTo(started);
          assertThat(dead.launched()).isEqualTo(launched);
          assertThat(dead.why().code()).isEqualTo(WHY_IT_DIED);
        });
  }

  @Test
  void tellsAStoppedInstanceFromOneThatRuns() {
    InstanceId started = start(attempt("token"));
    InstanceId other = start(attempt("other"));
    stop(started);

    assertThat(run(attempt("token")))
        .isInstanceOfSatisfying(
            RunResult.Stopped.class, stopped -> assertThat(stopped.instance()).isEqualTo(started));
    assertThat(find(attempt("token"))).contains(new FoundInstance.Stopped(started));
    assertThat(listed())
        .extracting(TaggedInstance::id, TaggedInstance::running)
        .containsExactlyInAnyOrder(tuple(started, false), tuple(other, true));
  }

  @Test
  void listsEachInstanceThatIsNotTerminatedAsItsTagsAndTokenSay() {
    InstanceId started = start(attempt("token"));
    kill(start(attempt("dead")));

    assertThat(listed())
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.id()).isEqualTo(started);
          assertThat(listed.meeting()).isEqualTo(MEETING);
          assertThat(listed.role()).isEqualTo(new Role("teacher"));
          assertThat(listed.running()).isTrue();
          assertThat(listed.token()).contains(new ClientToken("token"));
        });
  }

  @Test
  void listsTheInstancesOfOneMeetingAndOfNoOther() {
    InstanceId started = start(attempt("token"));
    InstanceId others = start(attempt("other", Map.of("MeetingID", OTHER_MEETING.value())));

    assertThat(ofMeeting(MEETING)).containsExactly(started);
    assertThat(ofMeeting(OTHER_MEETING)).containsExactly(others);
    assertThat(live()).containsExactlyInAnyOrder(started, others);
  }

  @Test
  void terminatesWhatItIsToldToAndNothingElse() {
    InstanceId started = start(attempt("token"));
    InstanceId other = start(attempt("other"));

    assertThat(terminate(started)).isEqualTo(new Termination.Terminated());

    assertThat(live()).containsExactly(other);
    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Dead.class);
  }

  @Test
  void terminatesAStoppedInstance() {
    InstanceId started = start(attempt("token"));
    stop(started);

    assertThat(terminate(started)).isEqualTo(new Termination.Terminated());
    assertThat(live()).isEmpty();
  }

  @Test
  void takesAnInstanceThatIsDeadForTerminated() {
    InstanceId dead = start(attempt("dead"));
    kill(dead);

    assertThat(terminate(dead)).isEqualTo(new Termination.Terminated());
  }

  @Test
  void doesNotTakeAnIdThatEc2DoesNotKnowForTerminated() {
    InstanceId started = startUnknown(attempt("token"));

    assertThat(terminate(started)).isInstanceOf(Termination.UnknownId.class);
    assertThat(live()).containsExactly(started);
    assertThat(terminate(new InstanceId("i-0123456789abcdef0")))
        .isInstanceOf(Termination.UnknownId.class);
  }

  @Test
  void saysThatEc2DoesNotTerminateAnInstance() {
    InstanceId started = start(attempt("token"));
    protect(started);

    assertThat(terminate(started)).isInstanceOf(Termination.Refused.class);
    assertThat(live()).containsExactly(started);
  }

  private List<Subnet> subnets(Zone... zones) {
    return ask(ec2 -> ec2.subnets(List.of(zones)));
  }

  protected final InstanceId start(Attempt attempt) {
    RunResult result = run(attempt);
    assertThat(result).isInstanceOf(Started.class);
    return ((Started) result).instance();
  }

  protected final RunResult run(Attempt attempt) {
    return ask(ec2 -> ec2.run(attempt));
  }

  protected final Optional<FoundInstance> find(Attempt attempt) {
    return ask(ec2 -> ec2.find(attempt));
  }

  private Optional<TaggedInstance> ofStack(InstanceId instance) {
    return ask(ec2 -> ec2.ofStack(instance));
  }

  @Test
  void showsAnInstanceOfThisStackByItsIdAndWhyItEnded() {
    InstanceId instance = start(attempt("token"));

    assertThat(ofStack(instance))
        .hasValueSatisfying(shown -> {
          assertThat(shown.id()).isEqualTo(instance);
          assertThat(shown.meeting()).isEqualTo(MEETING);
          assertThat(shown.role()).isEqualTo(new Role("teacher"));
          assertThat(shown.ended()).isEmpty();
        });

    kill(instance);

    assertThat(ofStack(instance).orElseThrow().ended())
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(WHY_IT_DIED));
  }

  @Test
  void showsNoInstanceByAnIdThatIsNotThere() {
    assertThat(ofStack(new InstanceId("i-0ffffffffffffffff"))).isEmpty();
  }

  protected final Termination terminate(InstanceId instance) {
    return ask(ec2 -> ec2.terminate(instance));
  }

  private List<InstanceId> ofMeeting(MeetingId meeting) {
    List<TaggedInstance> found = ask(ec2 -> ec2.ofMeeting(meeting));
    return found.stream().map(TaggedInstance::id).toList();
  }

  protected final List<TaggedInstance> listed() {
    return ask(Instances::ofStack);
  }

  protected final List<InstanceId> live() {
    return listed().stream().map(TaggedInstance::id).toList();
  }

  protected final Attempt attempt(String token) {
    return attempt(token, Map.of());
  }

  protected final Attempt attempt(String token, Zone zone) {
    return attempt(token, request(Market.ON_DEMAND, zone, true, ImdsTokens.REQUIRED, Map.of()));
  }

  protected final Attempt attempt(String token, Map<String, String> otherTags) {
    return attempt(token, request(Market.ON_DEMAND, ZONE, true, ImdsTokens.REQUIRED, otherTags));
  }

  protected final Attempt attempt(String token, LaunchRequest request) {
    return new Attempt(new ClaimId("claim"), 0, new ClientToken(token), request);
  }

  /** A request for a volume with a key of its own, by a version of a launch template. */
  protected final LaunchRequest byTemplate(int version) {
    LaunchRequest plain = request(Market.ON_DEMAND, ZONE, true, ImdsTokens.REQUIRED, Map.of());
    return new LaunchRequest(
        plain.candidate(),
        plain.imageId(),
        plain.keyName(),
        plain.securityGroupIds(),
        plain.instanceProfile(),
        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.of(VOLUME_KEY)),
        plain.imdsTokens(),
        Optional.of(new LaunchTemplate(TEMPLATE, version)),
        plain.tags());
  }

  protected final LaunchRequest request(
      Market market,
      Zone zone,
      boolean encrypted,
      ImdsTokens tokens,
      Map<String, String> otherTags) {
    Map<String, String> tags =
        new HashMap<>(
            Map.of(
                "Project", "Elephant",
                "LaunchedBy", "stack",
                "MeetingID", MEETING.value(),
                "Role", "teacher"));
    tags.putAll(otherTags);
    return new LaunchRequest(
        new Candidate(market, TYPE, subnets(zone).getFirst()),
        "ami-0e7fd79d17e852d18",
        "key",
        List.of("sg-0123456789abcdef0"),
        "profile",
        new RootVolume("/dev/xvda", 60, "gp2", encrypted, Optional.empty()),
        tokens,
        Optional.empty(),
        tags);
  }
}
