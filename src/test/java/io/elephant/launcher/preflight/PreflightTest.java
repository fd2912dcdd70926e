package io.elephant.launcher.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.Pages;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.FakeInvocation.Done;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.NotAnswered.Reason;
import io.elephant.launcher.preflight.Resources.VpcSubnet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreflightTest {

  private static final Zone A = new Zone("us-west-2a");
  private static final Zone B = new Zone("us-west-2b");
  private static final List<Zone> ZONES = List.of(A, B);
  private static final String DEFAULT_KEY = "volume-key the account's default";
  private static final List<Market> BOTH = List.of(Market.SPOT, Market.ON_DEMAND);
  private static final Instant NOW = Instant.parse("2026-11-24T09:55:00Z");

  private final FakeAccount account = new FakeAccount(ZONES);
  private Placement placement = new Placement.InZones(ZONES);
  private RootVolume volume = encryptedBy(Optional.empty());

  @Test
  void isReadyWhereEverythingIsThere() {
    PreflightReport report = run("t3.large");

    assertThat(report.ready()).isTrue();
    assertThat(report.checks())
        .allSatisfy(check -> assertThat(check.result()).isInstanceOf(Passed.class));
  }

  @Test
  void theRunbookDescribesEachCheck() {
    assertThat(Pages.rows(Pages.chapter(Pages.RUNBOOK, "## Preflight")))
        .isEqualTo(
            run(BOTH, "t3.large").checks().stream().map(Check::name).collect(Collectors.toSet()));
  }

  @Test
  void namesTheTypesThatTheImageDoesNotBootOn() {
    account.offer("t4g.large", "arm64", 2, ZONES);

    PreflightReport report = run("t3.large", "t4g.large");

    assertThat(obstacles(report)).containsExactly("architecture ami-1");
    assertThat(result(report, "architecture ami-1").detail())
        .isEqualTo("The image is for x86_64 and does not boot on t4g.large (arm64)");
  }

  @Test
  void namesTheZonesThatOfferATypeWhereNoConfiguredOneDoes() {
    account.offer("t2.large", "x86_64", 2, List.of(new Zone("us-west-2d")));

    PreflightReport report = run("t3.large", "t2.large");

    assertThat(obstacles(report)).containsExactly("instance-type t2.large");
    assertThat(((Obstacle) result(report, "instance-type t2.large")).toDo())
        .endsWith("add one of the zones that do: us-west-2d");
  }

  @Test
  void asksForEachQuotaOnceAndComparesItWithEachType() {
    account.offer("m7i.8xlarge", "x86_64", 32, ZONES);
    account.offer("g5.xlarge", "x86_64", 4, ZONES);
    account.quotas.put("L-34B43A08", 8.5);

    PreflightReport report = run(BOTH, "t3.large", "m7i.8xlarge", "g5.xlarge");

    assertThat(account.askedQuotas)
        .containsExactlyInAnyOrder("L-1216C47A", "L-34B43A08", "L-DB2E81BA", "L-3819A6DF");
    assertThat(obstacles(report))
        .containsExactly(
            "quota m7i.8xlarge, spot", "quota g5.xlarge, spot", "quota g5.xlarge, on-demand");
    assertThat(result(report, "quota m7i.8xlarge, on-demand").detail())
        .isEqualTo("The quota L-1216C47A is 64 vCPUs, and a meeting needs 64");
    assertThat(((Obstacle) result(report, "quota m7i.8xlarge, spot")).toDo())
        .contains("--region us-west-2 --service-code ec2 --quota-code L-34B43A08");
  }

  @ParameterizedTest
  @CsvSource({
    "t3.large, L-1216C47A, L-34B43A08",
    "m7i-flex.large, L-1216C47A, L-34B43A08",
    "im4gn.large, L-1216C47A, L-34B43A08",
    "is4gen.medium, L-1216C47A, L-34B43A08",
    "g6.xlarge, L-DB2E81BA, L-3819A6DF",
    "gr6.4xlarge, L-DB2E81BA, L-3819A6DF",
    "vt1.3xlarge, L-DB2E81BA, L-3819A6DF",
    "p5.48xlarge, L-417A185B, L-7212CCBC",
    "x2idn.16xlarge, L-7295265B, L-E3A00192",
    "f2.6xlarge, L-74FC7D96, L-88CF9481",
    "inf2.xlarge, L-1945791B, L-B5D1601B",
    "trn1.2xlarge, L-2C3B7624, L-6B0D517C",
    "dl1.24xlarge, L-6E869C2A, L-85EED4F7",
  })
  void knowsTheQuotasOfTheFamilies(String type, String onDemand, String spot) {
    assertThat(VcpuQuota.of(type, Market.ON_DEMAND)).contains(new VcpuQuota(onDemand));
    assertThat(VcpuQuota.of(type, Market.SPOT)).contains(new VcpuQuota(spot));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mac2.metal", "u-6tb1.metal", "hpc7a.96xlarge", "quantum1.large"})
  void leavesTheQuotaOfAnyOtherFamilyOpen(String type) {
    account.offer(type, "x86_64", 2, ZONES);

    PreflightReport report = run(type);

    assertThat(report.ready()).isTrue();
    assertThat(result(report, "quota " + type + ", on-demand")).isInstanceOf(Unknown.class);
  }

  @Test
  void asksForADryRunOfEachCandidateThatIsOfferedAndOfEachRoleUnderATokenThatNoLaunchHas() {
    account.offer("t3a.large", "x86_64", 2, List.of(B));

    PreflightReport report = run(BOTH, "t3.large", "t3a.large");

    assertThat(report.checks())
        .filteredOn(check -> check.name().equals("dry-run"))
        .extracting(Check::subject)
        .containsExactly(
            "host, spot, t3.large, us-west-2a",
            "host, spot, t3.large, us-west-2b",
            "host, spot, t3a.large, us-west-2b",
            "host, on-demand, t3.large, us-west-2a",
            "host, on-demand, t3.large, us-west-2b",
            "host, on-demand, t3a.large, us-west-2b",
            "guest, spot, t3.large, us-west-2a");
    assertThat(account.dryRuns)
        .hasSize(7)
        .extracting(attempt -> attempt.token().value())
        .doesNotHaveDuplicates()
        .allSatisfy(token -> assertThat(token).startsWith("preflight.").hasSizeLessThan(64));
    assertThat(account.dryRuns)
        .extracting(Attempt::request)
        .allSatisfy(request -> assertThat(request.tags()).containsEntry("MeetingID", "preflight"));
  }

  @Test
  void waitsWithADryRunThatIsOneCallTooMany() {
    account.throttledDryRuns = 3;

    PreflightReport report = run("t3.large");

    assertThat(account.dryRuns).hasSize(6);
    assertThat(report.ready()).isTrue();
    assertThat(result(report, "dry-run host, on-demand, t3.large, us-west-2a"))
        .isInstanceOf(Passed.class);
  }

  @Test
  void looksAtTheConfiguredSubnetsWhereThereAreAny() {
    placement =
        new Placement.InSubnets(
            List.of(
                new Subnet("subnet-of-us-west-2b", B),
                new Subnet("subnet-of-us-west-2a", B),
                new Subnet("subnet-gone", A)));

    PreflightReport report = run("t3.large");

    assertThat(obstacles(report))
        .containsExactly("subnet subnet-of-us-west-2a", "subnet subnet-gone");
    assertThat(result(report, "subnet subnet-of-us-west-2a").detail())
        .isEqualTo("It is in us-west-2a, and SUBNETS says us-west-2b");
    assertThat(account.dryRuns)
        .extracting(attempt -> attempt.request().candidate().subnet().id())
        .containsOnly("subnet-of-us-west-2b");
  }

  @Test
  void looksForTheRoleOfSpotInstancesWhereTheyAreAMarket() {
    account.hasSpotRole = false;

    assertThat(run("t3.large").checks()).extracting(Check::name).doesNotContain("spot-role");
    PreflightReport report = run(BOTH, "t3.large");

    assertThat(obstacles(report)).containsExactly("spot-role AWSServiceRoleForEC2Spot");
    assertThat(((Obstacle) result(report, "spot-role AWSServiceRoleForEC2Spot")).toDo())
        .contains("create-service-linked-role --aws-service-name spot.amazonaws.com")
        .contains("create_spot_service_linked_role = true");
  }

  @Test
  void looksAtTheKeyThatIsConfiguredOrAtTheAccountsDefaultWhereThatIsNotAwssOwn() {
    assertThat(result(run("t3.large"), DEFAULT_KEY)).isInstanceOf(Passed.class);

    account.defaultVolumeKey = "arn:aws:kms:us-west-2:123456789012:key/1";
    assertThat(obstacles(run("t3.large"))).containsExactly(DEFAULT_KEY);
    account.keys.put(account.defaultVolumeKey, "Disabled");
    assertThat(result(run("t3.large"), DEFAULT_KEY).detail()).contains("key/1 is Disabled");
    assertThat(obstacles(run("t3.large"))).containsExactly(DEFAULT_KEY);

    volume = encryptedBy(Optional.of("a-key"));
    assertThat(((Obstacle) result(run("t3.large"), "volume-key a-key")).toDo())
        .contains("VOLUME_KMS_KEY_ARN");
    account.keys.put("a-key", "Enabled");
    assertThat(run("t3.large").ready()).isTrue();
  }

  @Test
  void looksAtNoKeyForAVolumeThatIsNotEncrypted() {
    volume = new RootVolume("/dev/xvda", 60, "gp2", false, Optional.empty());

    assertThat(run("t3.large").checks()).extracting(Check::name).doesNotContain("volume-key");
  }

  private static RootVolume encryptedBy(Optional<String> key) {
    return new RootVolume("/dev/xvda", 60, "gp2", true, key);
  }

  @Test
  void saysHowLongARushOfMeetingsTakes() {
    assertThat(result(run("t3.large"), "lead 100 meetings").detail()).contains("after 98 s");
  }

  @Test
  void leavesTheDryRunsOpenWhereNoZoneHasASubnet() {
    account.subnets.clear();

    PreflightReport report = run("t3.large");

    assertThat(obstacles(report)).containsExactly("subnet us-west-2a", "subnet us-west-2b");
    assertThat(result(report, "dry-run every role")).isInstanceOf(Unknown.class);
    assertThat(account.dryRuns).isEmpty();
  }

  @Test
  void countsTheAddressesOfEveryInstanceOfAMeeting() {
    account.subnets.set(1, new VpcSubnet(new Subnet("subnet-b", B), FakeAccount.VPC, 1));

    assertThat(obstacles(run("t3.large"))).containsExactly("subnet us-west-2b");
  }

  @ParameterizedTest
  @CsvSource({
    "table, 1",
    "image, 3",
    "key pair, 1",
    "security groups, 1",
    "profile, 1",
    "default key, 1",
    "types, 3",
    "offerings, 3",
    "quotas, 1",
    "dry run, 3",
  })
  void leavesOnlyThoseChecksOpenThatNeedTheMissingAnswer(String question, int open) {
    account.unanswered.add(question);

    PreflightReport report = run("t3.large");

    assertThat(report.ready()).isTrue();
    assertThat(report.checks())
        .filteredOn(check -> check.result() instanceof Unknown)
        .hasSize(open)
        .allSatisfy(check -> assertThat(check.result().detail()).contains("Planted: no answer"));
  }

  @Test
  void isNotReadyWhereEc2DoesNotAnswerOrDoesNotKnowTheCredentials() {
    account.unanswered.add("everything");
    for (Reason reason : List.of(Reason.OTHER, Reason.NOT_AUTHENTICATED)) {
      account.reason = reason;

      PreflightReport report = run("t3.large");

      assertThat(obstacles(report)).containsExactly("credentials us-west-2");
      assertThat(report.checks())
          .filteredOn(check -> check.result() instanceof Unknown)
          .hasSize(report.checks().size() - 2);
      assertThat(result(report, "lead 100 meetings")).isInstanceOf(Passed.class);
    }
  }

  @Test
  void takesAMissingPermissionForASignThatTheCredentialsAreKnown() {
    account.unanswered.add("everything");
    account.reason = Reason.NOT_PERMITTED;

    PreflightReport report = run("t3.large");

    assertThat(report.ready()).isTrue();
    assertThat(result(report, "credentials us-west-2")).isInstanceOf(Passed.class);
    assertThat(((Unknown) result(report, "image ami-1")).toDo()).contains("preflight = true");
  }

  @Test
  void showsTheOtherChecksWhereOneFailsInAWayThatNobodyThoughtOf() {
    account.subnets.add(null);

    PreflightReport report = run("t3.large");

    assertThat(result(report, "subnet us-west-2a").detail()).contains("NullPointerException");
    assertThat(result(report, "image ami-1")).isInstanceOf(Passed.class);
  }

  @Test
  void leavesOpenWhatTakesTooLong() {
    PreflightReport report = preflight(List.of(Market.ON_DEMAND), "t3.large").run(new NoTime());

    assertThat(result(report, "image ami-1").detail()).isEqualTo("There was no answer in time");
  }

  private PreflightReport run(String... types) {
    return run(List.of(Market.ON_DEMAND), types);
  }

  private PreflightReport run(List<Market> markets, String... types) {
    return preflight(markets, types).run(new Sequential());
  }

  private Preflight preflight(List<Market> markets, String... types) {
    InstanceTemplate template =
        new InstanceTemplate(
            "ami-1",
            "a-key",
            List.of("sg-1"),
            "a-profile",
            volume,
            ImdsTokens.REQUIRED,
            Optional.empty(),
            "Elephant",
            "a-stack",
            Map.of(),
            true);
    LaunchPlan plan =
        new LaunchPlan(
            List.of(new Role("host"), new Role("guest")),
            markets,
            List.of(types),
            placement,
            template,
            Duration.ofHours(1),
            Duration.ofHours(1));
    return new Preflight("us-west-2", plan, account, account, account, account, account);
  }

  private static List<String> obstacles(PreflightReport report) {
    return report.checks().stream()
        .filter(check -> check.result() instanceof Obstacle)
        .map(PreflightTest::what)
        .toList();
  }

  private static Check.Result result(PreflightReport report, String what) {
    return report.checks().stream()
        .filter(check -> what(check).equals(what))
        .findFirst()
        .orElseThrow()
        .result();
  }

  private static String what(Check check) {
    return check.name() + " " + check.subject();
  }

  /** Does one thing at a time, and throws where the result is asked for, as the real one does. */
  private static class Sequential implements Invocation {

    @Override
    public String id() {
      return "preflight";
    }

    @Override
    public Instant now() {
      return NOW;
    }

    @Override
    public Duration remaining() {
      return Duration.ofMinutes(5);
    }

    @Override
    public void pause(Duration limit) {}

    @Override
    public <T> Pending<T> beside(Supplier<T> task) {
      try {
        T result = task.get();
        return new Done<>(() -> result);
      } catch (RuntimeException e) {
        return new Done<>(() -> {
          throw e;
        });
      }
    }

    @Override
    public void tell(Step step) {
      throw new AssertionError("a preflight takes no step: " + step);
    }
  }

  /** Has no time to wait for anything. */
  private static final class NoTime extends Sequential {

    @Override
    public <T> Pending<T> beside(Supplier<T> task) {
      return new Done<>(() -> {
        throw new OutOfTime();
      });
    }
  }
}
