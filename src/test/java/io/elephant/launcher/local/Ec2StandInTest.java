package io.elephant.launcher.local;

import static io.elephant.launcher.local.Ec2StandIn.forRole;
import static io.elephant.launcher.local.Ec2StandIn.ofType;
import static io.elephant.launcher.local.Ec2StandIn.withToken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeType;

/** The stand-in as the real SDK sees it. */
class Ec2StandInTest {

  private static final String SUBNET_A = "subnet-0a11111111111111a";
  private static final String SUBNET_B = "subnet-0b22222222222222b";

  private static Ec2StandIn ec2;
  private static Ec2Client client;

  @BeforeAll
  static void start() {
    ec2 = new Ec2StandIn();
    client =
        Ec2Client.builder()
            .endpointOverride(ec2.endpoint())
            .region(Region.US_WEST_2)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(
                override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    ec2.close();
  }

  @BeforeEach
  void forget() {
    ec2.reset();
  }

  @Test
  void A_launched_instance_is_described_with_everything_it_was_launched_with() {
    RunInstancesResponse answer =
        run(request ->
            request
                .keyName("shaundano-elephant")
                .securityGroupIds("sg-0123456789abcdef0", "sg-11111111")
                .iamInstanceProfile(profile -> profile.name("EC2-S3-ReadOnly-Role"))
                .blockDeviceMappings(
                    BlockDeviceMapping.builder()
                        .deviceName("/dev/xvda")
                        .ebs(ebs -> ebs.volumeSize(60).volumeType(VolumeType.GP2))
                        .build()));

    var launched = answer.instances().getFirst();
    var described = client.describeInstances(request -> request.instanceIds(launched.instanceId()));
    var instance = described.reservations().getFirst().instances().getFirst();
    assertThat(answer.reservationId()).matches("r-[0-9a-f]{17}");
    assertThat(instance.instanceId()).matches("i-[0-9a-f]{17}").isEqualTo(launched.instanceId());
    assertThat(instance.state().name()).isEqualTo(InstanceStateName.RUNNING);
    assertThat(instance.clientToken()).isEqualTo("m1-teacher");
    assertThat(instance.subnetId()).isEqualTo(SUBNET_A);
    assertThat(instance.placement().availabilityZone()).isEqualTo("us-west-2a");
    assertThat(instance.keyName()).isEqualTo("shaundano-elephant");
    assertThat(instance.securityGroups()).hasSize(2);
    assertThat(instance.iamInstanceProfile().arn()).endsWith("/EC2-S3-ReadOnly-Role");
    assertThat(instance.tags()).contains(Tag.builder().key("Role").value("teacher").build());
    assertThat(ec2.instances().getFirst().request())
        .containsEntry("BlockDeviceMapping.1.Ebs.VolumeSize", "60")
        .containsEntry("BlockDeviceMapping.1.Ebs.VolumeType", "gp2")
        .containsEntry("MaxCount", "1");
  }

  @Test
  void The_same_token_and_parameters_answer_the_same_instance_even_in_a_zone_that_is_full_by_now() {
    RunInstancesResponse first = run();
    ec2.fill("us-west-2a");
    ec2.on("RunInstances").refuse("InsufficientInstanceCapacity");

    assertThat(run().reservationId()).isEqualTo(first.reservationId());
    assertThat(ec2.instances()).hasSize(1);
  }

  @Test
  void The_same_token_with_a_subnet_of_another_zone_starts_a_second_instance() {
    run();
    run(request -> request.subnetId(SUBNET_B));

    assertThat(ec2.live()).extracting(Instance::zone).containsExactly("us-west-2a", "us-west-2b");
  }

  @Test
  void The_same_token_with_other_parameters_is_a_mismatch() {
    run();

    assertRefused(400, "IdempotentParameterMismatch", () -> run(r -> r.instanceType("t3.xlarge")));
    assertThat(ec2.instances()).hasSize(1);
  }

  @Test
  void A_refused_launch_binds_its_token_if_the_account_is_like_that() {
    ec2.setRefusalsBindTokens(true);
    ec2.fill("us-west-2a");
    assertRefused(500, "InsufficientInstanceCapacity", () -> run());
    ec2.free("us-west-2a");

    assertRefused(400, "IdempotentParameterMismatch", () -> run(r -> r.instanceType("t3.xlarge")));
    assertThat(run().instances()).hasSize(1);
  }

  @Test
  void The_token_of_a_dead_instance_is_refused_or_answers_the_dead() {
    String id = run().instances().getFirst().instanceId();
    ec2.terminate(id);

    assertRefused(400, "IdempotentInstanceTerminated", () -> run());
    ec2.setDeadInstancesAnswer(true);
    var answered = run().instances().getFirst();
    assertThat(answered.instanceId()).isEqualTo(id);
    assertThat(answered.state().name()).isEqualTo(InstanceStateName.TERMINATED);
  }

  @Test
  void Twenty_launches_at_once_with_one_token_start_one_instance() throws Exception {
    var launches = new ArrayList<Callable<String>>();
    for (int n = 0; n < 20; n++) {
      launches.add(() -> run().instances().getFirst().instanceId());
    }
    var ids = new HashSet<String>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<String> id : executor.invokeAll(launches)) {
        ids.add(id.get());
      }
    }

    assertThat(ids).hasSize(1);
    assertThat(ec2.instances()).hasSize(1);
  }

  @Test
  void A_launch_without_a_required_parameter_is_refused() {
    assertRefused(400, "MissingParameter", () -> run(request -> request.imageId(null)));
    assertRefused(400, "MissingParameter", () -> run(request -> request.subnetId(null)));
    assertRefused(400, "MissingParameter", () -> run(request -> request.maxCount(null)));
    assertRefused(400, "InvalidAMIID.Malformed", () -> run(request -> request.imageId("ami-x")));
    assertRefused(
        400, "InvalidSubnetID.NotFound", () -> run(request -> request.subnetId("subnet-0")));
    assertThat(ec2.instances()).isEmpty();
  }

  @Test
  void A_launch_of_an_image_that_is_not_there_is_refused() {
    ec2.inventory().images().remove("ami-0e7fd79d17e852d18");

    assertRefused(400, "InvalidAMIID.NotFound", () -> run());
    assertRefused(400, "InvalidAMIID.NotFound", () -> run(request -> request.dryRun(true)));
    assertThat(ec2.instances()).isEmpty();
  }

  @Test
  void
      A_launch_by_a_template_that_is_not_there_is_refused_and_another_version_is_another_request() {
    run(request -> request.launchTemplate(template("lt-0e1efa27000000001", "7")));

    assertRefused(
        400,
        "InvalidLaunchTemplateId.NotFound",
        () -> run(request -> request.launchTemplate(template("lt-0aaaaaaaaaaaaaaaa", "7"))));
    assertRefused(
        400,
        "InvalidLaunchTemplateId.VersionNotFound",
        () -> run(request -> request.launchTemplate(template("lt-0e1efa27000000001", "9"))));
    assertRefused(
        400,
        "IdempotentParameterMismatch",
        () -> run(request -> request.launchTemplate(template("lt-0e1efa27000000001", "8"))));
    assertRefused(400, "IdempotentParameterMismatch", () -> run());
    assertThat(ec2.instances()).hasSize(1);
  }

  private static LaunchTemplateSpecification template(String id, String version) {
    return LaunchTemplateSpecification.builder().launchTemplateId(id).version(version).build();
  }

  @Test
  void A_dry_run_is_an_error_in_any_case_starts_nothing_and_binds_no_token() {
    assertRefused(412, "DryRunOperation", () -> run(request -> request.dryRun(true)));
    ec2.on("RunInstances").next().refuse("UnauthorizedOperation");
    assertRefused(403, "UnauthorizedOperation", () -> run(request -> request.dryRun(true)));
    assertRefused(
        400,
        "InvalidSubnetID.NotFound",
        () -> run(request -> request.dryRun(true).subnetId("subnet-0")));
    assertThat(ec2.instances()).isEmpty();

    run(request -> request.instanceType("t3.xlarge"));
    assertRefused(412, "DryRunOperation", () -> run(request -> request.dryRun(true)));
    assertThat(ec2.instances()).hasSize(1);
  }

  @Test
  void What_a_launch_needs_is_described_and_what_is_not_there_is_refused_or_left_out() {
    assertThat(client.describeImages(r -> r.imageIds("ami-0e7fd79d17e852d18")).images())
        .singleElement()
        .satisfies(image -> {
          assertThat(image.stateAsString()).isEqualTo("available");
          assertThat(image.architectureAsString()).isEqualTo("x86_64");
          assertThat(image.rootDeviceName()).isEqualTo("/dev/xvda");
          assertThat(image.blockDeviceMappings().getFirst().ebs().volumeSize()).isEqualTo(8);
        });
    assertRefused(
        400,
        "InvalidAMIID.NotFound",
        () -> client.describeImages(r -> r.imageIds("ami-0aaaaaaaaaaaaaaaa")));
    assertThat(client.describeKeyPairs(r -> r.keyNames("shaundano-elephant")).keyPairs())
        .hasSize(1);
    assertRefused(
        400, "InvalidKeyPair.NotFound", () -> client.describeKeyPairs(r -> r.keyNames("another")));
    assertThat(
            client
                .describeSecurityGroups(r ->
                    r.filters(filter("group-id", "sg-0e1efa27000000001", "sg-0aaaaaaaaaaaaaaaa")))
                .securityGroups())
        .singleElement()
        .satisfies(group -> assertThat(group.vpcId()).isEqualTo("vpc-0d3fa0170e1e9ba55"));
    assertThat(
            client
                .describeInstanceTypes(r -> r.filters(filter("instance-type", "t4g.large", "t9.x")))
                .instanceTypes())
        .singleElement()
        .satisfies(type -> {
          assertThat(type.vCpuInfo().defaultVCpus()).isEqualTo(2);
          assertThat(type.processorInfo().supportedArchitecturesAsStrings())
              .containsExactly("arm64");
        });
    assertThat(
            client
                .describeInstanceTypeOfferings(r ->
                    r.locationType("availability-zone")
                        .filters(filter("instance-type", "t3a.large")))
                .instanceTypeOfferings())
        .extracting(offering -> offering.location())
        .containsExactlyInAnyOrder("us-west-2a", "us-west-2b", "us-west-2c");
    assertThat(client.describeAvailabilityZones().availabilityZones())
        .extracting(zone -> zone.zoneName())
        .containsExactlyInAnyOrder("us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d");
    assertThat(
            client.describeAvailabilityZones(r -> r.allAvailabilityZones(true)).availabilityZones())
        .hasSize(5);
  }

  @Test
  void A_subnet_without_free_addresses_takes_no_instance() {
    ec2.setFreeAddresses(SUBNET_A, 1);
    run();

    assertRefused(
        400, "InsufficientFreeAddressesInSubnet", () -> run(request -> request.clientToken("m2")));
  }

  @Test
  void The_default_subnets_are_found_by_filter_in_no_particular_order() {
    var orders = new HashSet<List<String>>();
    for (int n = 0; n < 20; n++) {
      orders.add(
          client
              .describeSubnets(request -> request.filters(filter("default-for-az", "true")))
              .subnets()
              .stream()
              .map(software.amazon.awssdk.services.ec2.model.Subnet::availabilityZone)
              .toList());
    }

    assertThat(orders)
        .hasSizeGreaterThan(1)
        .allSatisfy(zones ->
            assertThat(zones)
                .containsExactlyInAnyOrder("us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"));
  }

  @Test
  void An_unknown_filter_or_action_is_refused_as_AWS_refuses_it() {
    assertRefused(
        400,
        "InvalidParameterValue",
        () -> client.describeSubnets(request -> request.filters(filter("defaultForAz", "true"))));
    assertRefused(400, "InvalidAction", () -> client.describeVolumes());
  }

  @Test
  void Instances_are_found_by_token_state_and_tag_page_by_page() {
    for (int n = 0; n < 7; n++) {
      String token = "m" + n;
      run(request -> request.clientToken(token));
    }
    ec2.terminate(ec2.instances().getFirst().id());
    ec2.setPageSize(2);

    var pages =
        client.describeInstancesPaginator(request ->
            request.filters(
                filter("tag:Role", "teacher"),
                filter("tag-key", "MeetingID"),
                filter("instance-state-name", "pending", "running")));
    assertThat(pages.stream().count()).isEqualTo(3);
    assertThat(pages.reservations().stream().flatMap(r -> r.instances().stream())).hasSize(6);
    assertThat(
            client
                .describeInstances(request -> request.filters(filter("client-token", "m3")))
                .reservations())
        .hasSize(1);
  }

  @Test
  void Describe_may_lag_by_calls_or_by_time() {
    ec2.setLag(2);
    run();
    assertThat(described()).isEmpty();
    assertThat(described()).isEmpty();
    assertThat(described()).hasSize(1);

    ec2.setLag(0);
    ec2.setLag(Duration.ofMinutes(1));
    String id = ec2.instances().getFirst().id();
    assertThat(described()).isEmpty();
    assertRefused(
        400, "InvalidInstanceID.NotFound", () -> client.describeInstances(r -> r.instanceIds(id)));
  }

  @Test
  void Terminating_is_repeatable_but_an_unknown_id_is_refused() {
    String id = run().instances().getFirst().instanceId();

    var first = client.terminateInstances(request -> request.instanceIds(id));
    var second = client.terminateInstances(request -> request.instanceIds(id));
    assertThat(first.terminatingInstances().getFirst().previousState().name())
        .isEqualTo(InstanceStateName.RUNNING);
    assertThat(first.terminatingInstances().getFirst().currentState().name())
        .isEqualTo(InstanceStateName.SHUTTING_DOWN);
    assertThat(second.terminatingInstances().getFirst().currentState().name())
        .isEqualTo(InstanceStateName.TERMINATED);
    assertThat(ec2.live()).isEmpty();
    assertRefused(
        400,
        "InvalidInstanceID.NotFound",
        () -> client.terminateInstances(r -> r.instanceIds(id, "i-00000000000000000")));
  }

  @Test
  void An_instance_is_not_yet_known_to_TerminateInstances_if_the_account_is_like_that() {
    ec2.setUnknownFor(Duration.ofMinutes(1));
    String id = run().instances().getFirst().instanceId();

    assertRefused(
        400, "InvalidInstanceID.NotFound", () -> client.terminateInstances(r -> r.instanceIds(id)));
    assertThat(described()).hasSize(1);
    ec2.setUnknownFor(Duration.ZERO);
    client.terminateInstances(request -> request.instanceIds(id));
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void A_protected_instance_is_not_terminated_and_neither_are_those_that_are_named_with_it() {
    String id = run().instances().getFirst().instanceId();
    String other = run(request -> request.clientToken("m2")).instances().getFirst().instanceId();
    ec2.setProtected(id, true);

    assertRefused(
        400,
        "OperationNotPermitted",
        () -> client.terminateInstances(r -> r.instanceIds(other, id)));
    assertThat(ec2.live()).hasSize(2);
    ec2.setProtected(id, false);
    client.terminateInstances(request -> request.instanceIds(other, id));
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void An_instance_that_does_not_run_says_why() {
    String id = run().instances().getFirst().instanceId();
    assertThat(shown(id).stateReason()).isNull();

    ec2.stop(id);
    assertThat(shown(id).state().name()).isEqualTo(InstanceStateName.STOPPED);
    assertThat(run().instances().getFirst().state().name()).isEqualTo(InstanceStateName.STOPPED);
    assertThat(ec2.live()).isEmpty();

    ec2.terminate(id, new Instance.Reason("Client.VolumeLimitExceeded", "Volume limit exceeded"));
    assertThat(shown(id).state().name()).isEqualTo(InstanceStateName.TERMINATED);
    assertThat(shown(id).stateReason().code()).isEqualTo("Client.VolumeLimitExceeded");
    assertThat(shown(id).stateReason().message())
        .isEqualTo("Client.VolumeLimitExceeded: Volume limit exceeded");
  }

  @Test
  void Capacity_is_judged_after_the_token_and_authorization_and_validation_before_it() {
    run();
    ec2.on("RunInstances").next().refuse("UnauthorizedOperation");
    assertRefused(403, "UnauthorizedOperation", () -> run());
    ec2.on("RunInstances").next().refuse("InvalidSubnetID.NotFound");
    assertRefused(400, "InvalidSubnetID.NotFound", () -> run());

    ec2.on("RunInstances").refuse("VcpuLimitExceeded");
    assertThat(run().instances()).hasSize(1);
    ec2.inventory().images().remove("ami-0e7fd79d17e852d18");
    assertRefused(400, "InvalidAMIID.NotFound", () -> run());
  }

  @Test
  void A_token_that_is_forgotten_starts_another_instance() {
    run();
    ec2.forgetTokens();
    run();

    assertThat(ec2.live()).hasSize(2);
  }

  @Test
  void An_instance_may_take_its_time_to_start_and_to_end() {
    ec2.setStartsWithin(Duration.ofMinutes(1));
    ec2.setEndsWithin(Duration.ofMinutes(1));
    run();
    assertThat(ec2.live()).extracting(Instance::state).containsExactly(Instance.State.PENDING);

    ec2.terminate(ec2.instances().getFirst().id());
    assertThat(ec2.instances())
        .extracting(Instance::state)
        .containsExactly(Instance.State.SHUTTING_DOWN);
  }

  @Test
  void A_lost_answer_leaves_an_instance_and_a_lost_request_leaves_none() {
    ec2.on("RunInstances").where(forRole("teacher")).next().loseRequest();
    assertThatThrownBy(() -> run()).isInstanceOf(SdkClientException.class);
    assertThat(ec2.instances()).isEmpty();

    ec2.on("RunInstances").where(withToken("m1-teacher")).next().loseAnswer();
    assertThatThrownBy(() -> run()).isInstanceOf(SdkClientException.class);
    assertThat(ec2.instances()).hasSize(1);
    assertThat(run().instances().getFirst().instanceId())
        .isEqualTo(ec2.instances().getFirst().id());
  }

  @Test
  void An_answer_may_be_no_XML_at_all() {
    ec2.on("RunInstances").next().replaceAnswer(502, "text/html", "<html>Bad Gateway</html>");
    Ec2Exception failure = catchThrowableOfType(Ec2Exception.class, () -> run());
    assertThat(failure.statusCode()).isEqualTo(502);

    ec2.on("RunInstances").next().replaceAnswer(200, "text/xml", "<RunInst");
    assertThatThrownBy(() -> run()).isInstanceOf(SdkException.class);

    ec2.on("RunInstances").next().cutAnswer();
    assertThatThrownBy(() -> run()).isInstanceOf(SdkException.class);
    assertThat(ec2.instances()).hasSize(1);
  }

  @Test
  void A_refusal_strikes_as_often_as_the_script_says_and_only_where_it_says() {
    ec2.on("RunInstances").next(2).refuse("RequestLimitExceeded");
    assertRefused(503, "RequestLimitExceeded", () -> run());
    assertRefused(503, "RequestLimitExceeded", () -> run());
    run();

    ec2.on("RunInstances").where(ec2.inZone("us-west-2b")).refuse("UnauthorizedOperation");
    ec2.on("RunInstances").where(ofType("p5.48xlarge")).refuse("VcpuLimitExceeded");
    run();
    assertRefused(403, "UnauthorizedOperation", () -> run(r -> r.subnetId(SUBNET_B)));
    assertRefused(
        400, "VcpuLimitExceeded", () -> run(r -> r.instanceType("p5.48xlarge").clientToken("m2")));
  }

  @Test
  void Hooks_see_the_world_before_and_after_the_work() {
    var instances = new ArrayList<Integer>();
    ec2.on("RunInstances").beforeWork(call -> instances.add(ec2.instances().size()));
    ec2.on("RunInstances").afterWork(call -> instances.add(ec2.instances().size()));
    run();

    assertThat(instances).containsExactly(0, 1);
  }

  @Test
  void Calls_that_were_under_way_together_overlap() throws Exception {
    ec2.on("RunInstances").delayAnswer(Duration.ofMillis(300));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      executor.invokeAll(
          List.of(() -> run(), () -> run(request -> request.clientToken("m1-student"))));
    }
    client.describeInstances();

    List<Call> calls = ec2.calls();
    assertThat(calls)
        .extracting(Call::action)
        .containsExactly("RunInstances", "RunInstances", "DescribeInstances");
    assertThat(calls.get(0).overlaps(calls.get(1))).isTrue();
    assertThat(calls.get(1).overlaps(calls.get(2))).isFalse();
    assertThat(calls.get(0).took()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  private static RunInstancesResponse run() {
    return run(UnaryOperator.identity());
  }

  private static RunInstancesResponse run(UnaryOperator<RunInstancesRequest.Builder> change) {
    var request =
        RunInstancesRequest.builder()
            .imageId("ami-0e7fd79d17e852d18")
            .instanceType("t3.large")
            .subnetId(SUBNET_A)
            .clientToken("m1-teacher")
            .minCount(1)
            .maxCount(1)
            .tagSpecifications(
                TagSpecification.builder()
                    .resourceType(ResourceType.INSTANCE)
                    .tags(
                        Tag.builder().key("Role").value("teacher").build(),
                        Tag.builder().key("MeetingID").value("m1").build())
                    .build());
    return client.runInstances(change.apply(request).build());
  }

  private static List<software.amazon.awssdk.services.ec2.model.Reservation> described() {
    return client.describeInstances().reservations();
  }

  private static software.amazon.awssdk.services.ec2.model.Instance shown(String id) {
    return client
        .describeInstances(request -> request.instanceIds(id))
        .reservations()
        .getFirst()
        .instances()
        .getFirst();
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static void assertRefused(int status, String code, Executable call) {
    Ec2Exception refusal = catchThrowableOfType(Ec2Exception.class, call::execute);
    assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(refusal.statusCode()).isEqualTo(status);
    assertThat(refusal.requestId()).isNotBlank();
  }
}
