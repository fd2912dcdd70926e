package io.elephant.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceTemplate.LaunchTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link Instances} promises: every condition of every call, where it holds and where not. */
public abstract class InstancesContract {

  protected static final Zone ZONE = new Zone("us-west-2a");
  protected static final Zone OTHER_ZONE = new Zone("us-west-2b");
  protected static final Zone ZONE_WITHOUT_SUBNET = new Zone("us-west-2z");
  protected static final String TYPE = "t3.large";
  protected static final String TEMPLATE = "lt-0e1efa27000000001";
  protected static final String VOLUME_KEY =
      "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab";
  protected static final Refusal HOST_FAILED =
      new Refusal("Server.InternalError", "Internal error on launch");
  protected static final MeetingId MEETING = new MeetingId("m-1");
  protected static final MeetingId OTHER_MEETING = new MeetingId("m-2");
  protected static final Role TEACHER = new Role("teacher");
  private static final InstanceId NEVER_GIVEN = new InstanceId("i-0123456789abcdef0");

  /** Calls the implementation. */
  protected abstract <T> T ask(Function<Instances, T> call);

  /** From now on there is no capacity for this type in the zone. */
  protected abstract void fill(Zone zone, String instanceType);

  /** Changes what is the implementation's EC2. */
  protected abstract void change(Consumer<Ec2Model> change);

  @Test
  void findsTheDefaultSubnetOfEachZoneThatHasOne() {
    assertThat(subnets(ZONE, OTHER_ZONE, ZONE_WITHOUT_SUBNET))
        .extracting(Subnet::zone)
        .containsExactlyInAnyOrder(ZONE, OTHER_ZONE);
    assertThat(subnets(ZONE_WITHOUT_SUBNET)).isEmpty();
  }

  @Test
  void startsOneInstanceForATokenAndZoneHoweverOftenItIsSent() {
    InstanceId started = start(attempt("token"));
    InstanceId ofOtherToken = start(attempt("other"));
    InstanceId inOtherZone = start(attempt("token", OTHER_ZONE));

    assertThat(start(attempt("token"))).isEqualTo(started);
    assertThat(live()).containsExactlyInAnyOrder(started, ofOtherToken, inOtherZone);
  }

  @Test
  void startsNothingForATokenThatWasUsedForAnotherRequest() {
    InstanceId started = start(attempt("token", byTemplate(1)));

    assertThat(start(attempt("token", byTemplate(1)))).isEqualTo(started);
    assertRefused(attempt("token", byTemplate(2)), Verdict.PARAMETER_MISMATCH);
    assertRefused(attempt("token"), Verdict.PARAMETER_MISMATCH);
    assertRefused(attempt("token", Map.of("Name", "other")), Verdict.PARAMETER_MISMATCH);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void startsNothingForATokenWhoseInstanceHasEnded() {
    InstanceId ended = start(attempt("token"));
    end(ended, HOST_FAILED);

    // EC2 has been seen to do either.
    if (run(attempt("token")) instanceof RunResult.Answered(Ec2Instance instance)) {
      assertThat(instance).isEqualTo(shown(ended));
    } else {
      assertRefused(attempt("token"), Verdict.TERMINATED);
    }
    assertThat(live()).isEmpty();
  }

  @Test
  void startsNothingNewWhereThereIsNoCapacity() {
    InstanceId started = start(attempt("token"));
    fill(ZONE, TYPE);

    assertThat(start(attempt("token"))).isEqualTo(started);
    assertRefused(attempt("other"), Verdict.NO_CAPACITY);
    assertThat(live()).containsExactly(started);
    assertThat(start(attempt("other", OTHER_ZONE))).isNotEqualTo(started);
  }

  @Test
  void startsNothingOverTheQuota() {
    change(ec2 -> ec2.setOverQuota(TYPE, true));

    assertRefused(attempt("token"), Verdict.OVER_QUOTA);
    assertThat(live()).isEmpty();
  }

  @Test
  void showsAnInstanceByItsIdAsItsTagsAndTokenSay() {
    InstanceId started = start(attempt("token"));

    assertThat(shown(started))
        .returns(started, Ec2Instance::id)
        .returns(Optional.of(new Owner(MEETING, TEACHER)), Ec2Instance::owner)
        .returns(Optional.of(new ClientToken("token")), Ec2Instance::token)
        .returns(Optional.of(ZONE), Ec2Instance::zone)
        .returns(new State.Running(), Ec2Instance::state);
    assertThat(ofMeeting(MEETING)).containsExactly(shown(started));
    assertThat(ofStack()).containsExactly(shown(started));
  }

  @Test
  void doesNotKnowAnIdThatEc2DoesNotShow() {
    assertThatExceptionOfType(CallFailed.class)
        .isThrownBy(() -> find(NEVER_GIVEN))
        .returns(Verdict.UNKNOWN_ID, CallFailed::verdict);
  }

  @Test
  void findsNoInstanceOfAnotherStack() {
    InstanceId others = start(attempt("token", Map.of("LaunchedBy", "another stack")));

    assertThat(find(others)).isEmpty();
    assertThat(ofMeeting(MEETING)).isEmpty();
    assertThat(ofStack()).isEmpty();
  }

  /** An organization's tagger rewrites it, and it identifies nothing. */
  @Test
  void showsAnInstanceWhateverItsProjectIs() {
    InstanceId started = start(attempt("token"));
    change(started, one -> one.tag("Project", "cost centre 7"));

    assertThat(find(started)).isPresent();
    assertThat(ofMeeting(MEETING)).hasSize(1);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void showsAnInstanceThatHasEndedAndLostItsTagsByItsIdAndToken() {
    InstanceId ended = start(attempt("token"));
    end(ended, HOST_FAILED);
    change(ended, one -> one.losesTagsAt(0));

    assertThat(shown(ended))
        .returns(Optional.empty(), Ec2Instance::owner)
        .returns(Optional.of(new ClientToken("token")), Ec2Instance::token);
    assertThat(ofMeeting(MEETING)).isEmpty();
  }

  @Test
  void showsWhyAnInstanceOfTheMeetingHasEnded() {
    InstanceId ended = start(attempt("token"));
    InstanceId others = start(attempt("other", Map.of("MeetingID", OTHER_MEETING.value())));
    end(ended, HOST_FAILED);

    assertThat(ofMeeting(MEETING)).containsExactly(shown(ended));
    assertThat(shown(ended).state()).isEqualTo(new State.Terminated(HOST_FAILED));
    assertThat(ofMeeting(OTHER_MEETING)).extracting(Ec2Instance::id).containsExactly(others);
    assertThat(live()).containsExactly(others);
  }

  @ParameterizedTest
  @CsvSource({
    "User initiated (2026-11-22 09:55:00 GMT), Client.UserInitiatedShutdown",
    "Something else, InstanceTerminated"
  })
  void showsTheOldReasonWhereThereIsNoOther(String why, String code) {
    InstanceId ended = start(attempt("token"));
    change(ec2 -> ec2.end(model(ec2, ended), Optional.empty(), why));

    assertThat(shown(ended).state().reason()).map(Refusal::code).contains(code);
  }

  @Test
  void tellsAStoppedInstanceFromOneThatRuns() {
    InstanceId stopped = start(attempt("token"));
    InstanceId running = start(attempt("other"));
    stop(stopped);

    assertThat(run(attempt("token"))).isEqualTo(new RunResult.Answered(shown(stopped)));
    assertThat(shown(stopped).state()).isInstanceOf(State.Stopped.class);
    assertThat(ofStack())
        .extracting(Ec2Instance::id, Ec2Instance::runs)
        .containsExactlyInAnyOrder(tuple(stopped, false), tuple(running, true));
  }

  @Test
  void terminatesWhatItIsToldToAndNothingElse() {
    InstanceId started = start(attempt("token"));
    InstanceId stopped = start(attempt("stopped"));
    InstanceId ended = start(attempt("ended"));
    InstanceId other = start(attempt("other"));
    stop(stopped);
    end(ended, HOST_FAILED);

    for (InstanceId instance : List.of(started, stopped, ended)) {
      assertThat(terminate(instance)).isEqualTo(new Termination.Terminated());
    }
    assertThat(live()).containsExactly(other);
  }

  @Test
  void doesNotTakeAnIdThatEc2DoesNotKnowForTerminated() {
    InstanceId started = startUnknown(attempt("token"));

    assertNotTerminated(started, Verdict.UNKNOWN_ID);
    assertNotTerminated(NEVER_GIVEN, Verdict.UNKNOWN_ID);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void saysThatEc2DoesNotTerminateAnInstance() {
    InstanceId started = start(attempt("token"));
    change(started, one -> one.protect(true));

    assertNotTerminated(started, Verdict.CANDIDATE_REFUSED);
    assertThat(live()).containsExactly(started);
  }

  protected final InstanceId start(Attempt attempt) {
    RunResult result = run(attempt);
    assertThat(result)
        .asInstanceOf(type(RunResult.Answered.class))
        .matches(answered -> answered.instance().runs());
    return ((RunResult.Answered) result).instance().id();
  }

  protected final void assertRefused(Attempt attempt, Verdict verdict) {
    assertThat(run(attempt))
        .asInstanceOf(type(RunResult.Refused.class))
        .returns(verdict, RunResult.Refused::verdict);
  }

  protected final void assertNotTerminated(InstanceId instance, Verdict verdict) {
    assertThat(terminate(instance))
        .asInstanceOf(type(Termination.NotTerminated.class))
        .returns(verdict, Termination.NotTerminated::verdict);
  }

  private void end(InstanceId instance, Refusal why) {
    change(ec2 -> ec2.end(model(ec2, instance), Optional.of(why), why.code()));
  }

  private void stop(InstanceId instance) {
    change(ec2 -> ec2.stop(model(ec2, instance), Optional.of(Ec2Model.USER), "User initiated"));
  }

  /** Starts an instance that EC2 does not know yet when it is to be terminated. */
  protected final InstanceId startUnknown(Attempt attempt) {
    InstanceId started = start(attempt);
    change(started, one -> one.unknownUntil(Long.MAX_VALUE));
    return started;
  }

  private void change(InstanceId instance, Consumer<io.elephant.launcher.fake.Ec2Instance> change) {
    change(ec2 -> change.accept(model(ec2, instance)));
  }

  private static io.elephant.launcher.fake.Ec2Instance model(Ec2Model ec2, InstanceId instance) {
    return ec2.instance(instance.value()).orElseThrow();
  }

  private List<Subnet> subnets(Zone... zones) {
    return ask(ec2 -> ec2.subnets(List.of(zones)));
  }

  protected final RunResult run(Attempt attempt) {
    return ask(ec2 -> ec2.run(attempt));
  }

  protected final Optional<Ec2Instance> find(InstanceId instance) {
    return ask(ec2 -> ec2.find(instance));
  }

  protected final Ec2Instance shown(InstanceId instance) {
    return find(instance).orElseThrow();
  }

  protected final Termination terminate(InstanceId instance) {
    return ask(ec2 -> ec2.terminate(instance));
  }

  protected final List<Ec2Instance> ofMeeting(MeetingId meeting) {
    return ask(ec2 -> ec2.ofMeeting(meeting));
  }

  protected final List<Ec2Instance> ofStack() {
    return ask(Instances::ofStack);
  }

  protected final List<InstanceId> live() {
    return ofStack().stream().map(Ec2Instance::id).toList();
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
    return request(
        new Candidate(Market.ON_DEMAND, TYPE, subnets(ZONE).getFirst()),
        new RootVolume("/dev/xvda", 60, "gp2", true, Optional.of(VOLUME_KEY)),
        ImdsTokens.REQUIRED,
        Optional.of(new LaunchTemplate(TEMPLATE, version)),
        Map.of());
  }

  protected final LaunchRequest request(
      Market market,
      Zone zone,
      boolean encrypted,
      ImdsTokens tokens,
      Map<String, String> otherTags) {
    return request(
        new Candidate(market, TYPE, subnets(zone).getFirst()),
        new RootVolume("/dev/xvda", 60, "gp2", encrypted, Optional.empty()),
        tokens,
        Optional.empty(),
        otherTags);
  }

  private static LaunchRequest request(
      Candidate candidate,
      RootVolume volume,
      ImdsTokens tokens,
      Optional<LaunchTemplate> template,
      Map<String, String> otherTags) {
    Map<String, String> tags = new HashMap<>(Plans.tags("Elephant"));
    tags.putAll(Map.of("MeetingID", MEETING.value(), "Role", TEACHER.value()));
    tags.putAll(otherTags);
    return new LaunchRequest(
        candidate,
        new InstanceTemplate(
            Plans.IMAGE,
            "key",
            List.of("sg-0123456789abcdef0"),
            "profile",
            volume,
            tokens,
            template,
            true),
        tags);
  }
}
