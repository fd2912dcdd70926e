package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.InvocationResult.Lost;
import io.elephant.launcher.local.Script;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The packaged function as a process that is killed with SIGKILL at each of its calls, before AWS
 * has done what it asks for and after, and whose event is then delivered to another process, which
 * has been configured differently.
 *
 * <p>The executable is killed at all of these calls; on Java, whose every start takes a second, at
 * every third, since what happens there is the same.
 */
class CrashIT extends OnLocalAws {

  private static final int SAMPLED = 3;
  private static final String CHANGED_IMAGE = "ami-0ffffffffffffffff";

  private static final List<Moment> MOMENTS =
      Stream.of("DescribeSubnets", "GetItem", "UpdateItem", "RunInstances")
          .flatMap(action ->
              IntStream.rangeClosed(1, action.matches("(Update|Run).*") ? 2 : 1)
                  .boxed()
                  .flatMap(occurrence ->
                      Stream.of(false, true).map(done -> new Moment(action, occurrence, done))))
          .toList();

  private static FunctionProcess next;

  /** A call that the function makes, by its action and how many of these came before. */
  record Moment(String action, int occurrence, boolean done) {

    @Override
    public String toString() {
      return "%s %s %d".formatted(done ? "after" : "before", action, occurrence);
    }
  }

  @BeforeAll
  static void startNext() {
    next =
        start(
            Map.of(
                "AMI_ID", CHANGED_IMAGE, "AVAILABILITY_ZONES", "us-west-2c,us-west-2b,us-west-2a"));
  }

  @AfterAll
  static void endNext() {
    next.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("launching")
  void killedWhileItLaunchesLeavesTheNextDeliveryWithOneInstanceEach(Moment moment) {
    killAt(moment);

    assertThat(next.invoke(EVENT)).isEqualTo(launched());
    Map<String, AttributeValue> launch = aws.row(ID).get("launch").m();
    assertThat(aws.ec2().live())
        .isEqualTo(aws.ec2().instances())
        .hasSize(2)
        .allSatisfy(instance -> {
          Map<String, AttributeValue> state = launch.get(instance.tag("Role")).m();
          assertThat(instance.imageId()).isEqualTo(state.get("image_id").s());
          assertThat(instance.token()).isEqualTo(state.get("client_token").s());
        });
  }

  static Stream<Moment> launching() {
    return sampled(0);
  }

  /** The image was changed, and with it the role's policy; IAM decides before tokens matter. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("beforeThePolicyChanges")
  void killedBeforeThePolicyForgetsTheOldImageLeavesTheNextDeliveryWithOneInstanceEach(
      Moment moment) {
    killAt(moment);
    aws.ec2()
        .on("RunInstances")
        .where(call -> !CHANGED_IMAGE.equals(call.parameters().get("ImageId")))
        .refuse("UnauthorizedOperation");

    assertThat(next.invoke(EVENT)).isEqualTo(launched());
    assertThat(aws.ec2().instances()).hasSize(2);
  }

  /** Sampled, these are others than those of {@link #launching()}. */
  static Stream<Moment> beforeThePolicyChanges() {
    return sampled(1);
  }

  private static Stream<Moment> sampled(int first) {
    return IntStream.range(0, MOMENTS.size())
        .filter(n -> NATIVE || n % SAMPLED == first)
        .mapToObj(MOMENTS::get);
  }

  private static void killAt(Moment moment) {
    try (FunctionProcess victim = start()) {
      Script script =
          moment.action().endsWith("Item") ? aws.dynamoDbProxy().script() : aws.ec2().script();
      if (moment.done()) {
        script.on(moment.action()).where(nth(moment)).afterWork(_ -> victim.kill());
      } else {
        script.on(moment.action()).where(nth(moment)).beforeWork(_ -> victim.kill());
        script.on(moment.action()).where(nth(moment)).loseRequest();
      }
      assertThat(victim.invoke(EVENT)).isInstanceOf(Lost.class);
    } finally {
      aws.ec2().script().clear();
      aws.dynamoDbProxy().script().clear();
    }
  }

  private static Predicate<Call> nth(Moment moment) {
    AtomicInteger calls = new AtomicInteger();
    return _ -> calls.incrementAndGet() == moment.occurrence();
  }
}
