package io.elephant.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.RunResult.Started;
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

  /** Calls the implementation. */
  protected abstract <T> T ask(Function<Instances, T> call);

  /** From now on there is no capacity for this type in the zone. */
  protected abstract void fill(Zone zone, String instanceType);

  /** From now on the account may have no more of this type. */
  protected abstract void reachQuota(String instanceType);

  /** The instance dies of itself. */
  protected abstract void kill(InstanceId instance);

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

    assertThat(find(attempt("token"))).contains(started);
    assertThat(find(attempt("never"))).isEmpty();
    assertThat(find(attempt("token", OTHER_ZONE))).isEmpty();
  }

  @Test
  void findsNoInstanceThatIsDead() {
    kill(start(attempt("token")));

    assertThat(find(attempt("token"))).isEmpty();
  }

  @Test
  void listsEachLiveInstanceWithItsMeetingAndRole() {
    InstanceId started = start(attempt("token"));
    kill(start(attempt("dead")));

    assertThat(ask(Instances::machines))
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.id()).isEqualTo(started);
          assertThat(listed.meeting()).isEqualTo(new MeetingId("m-1"));
          assertThat(listed.role()).isEqualTo(new Role("teacher"));
        });
  }

  @Test
  void terminatesWhatItIsToldToAndNothingElse() {
    InstanceId started = start(attempt("token"));
    InstanceId other = start(attempt("other"));

    terminate(started);

    assertThat(live()).containsExactly(other);
    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Dead.class);
  }

  @Test
  void takesAnInstanceThatIsGoneOrUnknownForTerminated() {
    InstanceId started = start(attempt("token"));
    InstanceId dead = start(attempt("dead"));
    kill(dead);

    terminate(new InstanceId("i-0123456789abcdef0"), dead, started);

    assertThat(live()).isEmpty();
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

  protected final Optional<InstanceId> find(Attempt attempt) {
    return ask(ec2 -> ec2.find(attempt));
  }

  protected final void terminate(InstanceId... instances) {
    ask(ec2 -> {
      ec2.terminate(List.of(instances));
      return "done";
    });
  }

  protected final List<InstanceId> live() {
    return ask(Instances::machines).stream().map(TaggedInstance::id).toList();
  }

  protected final Attempt attempt(String token) {
    return attempt(token, Map.of());
  }

  protected final Attempt attempt(String token, Zone zone) {
    return new Attempt(
        0,
        new ClientToken(token),
        request(Market.ON_DEMAND, zone, true, ImdsTokens.REQUIRED, Map.of()));
  }

  protected final Attempt attempt(String token, Map<String, String> otherTags) {
    return new Attempt(
        0,
        new ClientToken(token),
        request(Market.ON_DEMAND, ZONE, true, ImdsTokens.REQUIRED, otherTags));
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
                "MeetingID", "m-1",
                "Role", "teacher"));
    tags.putAll(otherTags);
    return new LaunchRequest(
        new Candidate(market, TYPE, subnets(zone).getFirst()),
        "ami-0e7fd79d17e852d18",
        "key",
        List.of("sg-0123456789abcdef0"),
        "profile",
        new RootVolume("/dev/xvda", 60, "gp2", encrypted),
        tokens,
        tags);
  }
}
