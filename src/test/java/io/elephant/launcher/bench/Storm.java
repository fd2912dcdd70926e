package io.elephant.launcher.bench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.elephant.launcher.Pages;
import io.elephant.launcher.bench.StormResult.Calls;
import io.elephant.launcher.bench.StormResult.Plan;
import io.elephant.launcher.local.AsyncLambda;
import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionPackage;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.RequestBuckets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What {@code make storm} runs: the minute before the hour, in which the events of many meetings
 * come at once and EC2 takes two launches a second.
 */
final class Storm {

  private static final Path LOG = FunctionPackage.TARGET.resolve("storm.log");
  private static final Path CHART = FunctionPackage.TARGET.resolve("storm.svg");
  private static final String LAUNCHED = "LAUNCHED";
  private static final List<String> ROLES = List.of("teacher", "student");
  private static final int THROTTLED = 503;

  private final Plan plan;
  private final LocalAws aws;
  private final Map<String, Duration> launched = new ConcurrentHashMap<>();

  private Storm(Plan plan, LocalAws aws) {
    this.plan = plan;
    this.aws = aws;
  }

  /**
   * Measures, and prints the report.
   *
   * @param arguments the values of N, or {@code report} to measure what the pages show; and of
   *     CONCURRENCY, TIMEOUT and PYTHON, where empty is no limit and no Python
   */
  public static void main(String[] arguments) throws Exception {
    boolean report = arguments[0].equals("report");
    Duration timeout = Duration.ofSeconds(number("TIMEOUT", arguments[2]));
    List<Plan> plans = new ArrayList<>();
    if (report) {
      plans.add(new Plan(Plan.OURS, 200, Plan.UNLIMITED));
      plans.add(new Plan(Plan.OURS, 400, Plan.UNLIMITED));
      plans.add(new Plan(Plan.OURS, 100, 10));
      plans.add(new Plan(Contender.PYTHON, 100, Plan.UNLIMITED));
    } else {
      int meetings = number("N", arguments[0]);
      int concurrency =
          arguments[1].isEmpty() ? Plan.UNLIMITED : number("CONCURRENCY", arguments[1]);
      plans.add(new Plan(Plan.OURS, meetings, concurrency));
      if (!arguments[3].isEmpty()) {
        plans.add(new Plan(Contender.PYTHON, meetings, concurrency));
      }
    }
    Map<Plan, FunctionPackage> functions = new LinkedHashMap<>();
    plans.forEach(plan -> functions.put(plan, function(plan)));
    List<StormResult> results = new ArrayList<>();
    for (Map.Entry<Plan, FunctionPackage> storm : functions.entrySet()) {
      Plan plan = storm.getKey();
      results.add(run(plan, storm.getValue(), AsyncLambda.Rules.of(timeout, plan.concurrency())));
    }
    var page = new StormReport(results);
    System.out.println(page.markdown());
    if (report) {
      page.write(Pages.README, Pages.BENCH, StormReport.CHART);
    } else {
      Files.writeString(CHART, page.chart());
    }
    System.exit(0);
  }

  private static int number(String name, String value) {
    if (!value.matches("[1-9]\\d{0,3}")) {
      throw new IllegalArgumentException(name + " must be a number from 1 to 9999, not " + value);
    }
    return Integer.parseInt(value);
  }

  private static FunctionPackage function(Plan plan) {
    return plan.who().equals(Plan.OURS)
        ? FunctionPackage.nativeExecutable()
        : Contender.python()
            .map(Contender::function)
            .orElseThrow(() -> new IllegalStateException("There is no python3 with boto3 here"));
  }

  /** Lets all events come at once and waits for the end of the last. */
  static StormResult run(Plan plan, FunctionPackage function, AsyncLambda.Rules rules)
      throws InterruptedException {
    try (LocalAws aws = LocalAws.startUnrecorded();
        var lambda = new AsyncLambda(function, environment(aws), rules, LOG)) {
      return new Storm(plan, aws).run(lambda);
    }
  }

  /** The subnets are those that the stack would hand to the function. */
  private static Map<String, String> environment(LocalAws aws) {
    Map<String, String> environment = new LinkedHashMap<>(aws.environment());
    environment.put("SUBNETS", LocalAws.subnets());
    return environment;
  }

  private StormResult run(AsyncLambda lambda) throws InterruptedException {
    List<String> ids =
        IntStream.rangeClosed(1, plan.meetings()).mapToObj("storm-%d"::formatted).toList();
    ids.forEach(id -> aws.book(id, Instant.now().plus(Duration.ofMinutes(5))));
    aws.ec2().throttle(new RequestBuckets());
    Profile.AWS_LIKE.prepare(aws);
    // On Lambda hundreds of processors start as many processes; the clock waits for these.
    lambda.start(plan.meetings());
    long start = System.nanoTime();
    aws.dynamoDbProxy()
        .on("UpdateItem")
        .where(call -> call.body().contains(LAUNCHED))
        .afterWork(call -> note(call, Duration.ofNanos(System.nanoTime() - start)));
    lambda.deliver(ids.stream().map("{\"meeting_id\": \"%s\"}"::formatted).toList());
    while (!lambda.awaitEnd(Duration.ofSeconds(1))) {
      System.err.printf(
          "\r%s, %d s: %d launched, %d throttled, %d waiting, %d delivered again ",
          plan,
          Duration.ofNanos(System.nanoTime() - start).toSeconds(),
          launched.size(),
          calls().values().stream().mapToLong(Calls::throttled).sum(),
          plan.meetings() - lambda.answered() - lambda.lost(),
          lambda.redelivered());
    }
    System.err.println();
    return result(ids, lambda);
  }

  /** A meeting counts once its row says so and names both instances. */
  private void note(Call call, Duration now) {
    String id = call.json().at("/Key/id/S").asText();
    if (isLaunched(aws.row(id))) {
      launched.putIfAbsent(id, now);
    }
  }

  private static boolean isLaunched(Map<String, AttributeValue> row) {
    return row.get("status").s().equals(LAUNCHED) && named(row).count() == ROLES.size();
  }

  private static Stream<String> named(Map<String, AttributeValue> row) {
    return ROLES.stream()
        .map(role -> row.get(role + "_ec2_id"))
        .flatMap(Stream::ofNullable)
        .map(AttributeValue::s)
        .distinct();
  }

  private SortedMap<String, Calls> calls() {
    var calls = new TreeMap<String, Calls>();
    aws.ec2().calls().stream()
        .collect(groupingBy(Call::action))
        .forEach((action, all) -> {
          long throttled = all.stream().filter(call -> call.status() == THROTTLED).count();
          calls.put(action, new Calls(all.size() - throttled, throttled));
        });
    return calls;
  }

  private StormResult result(List<String> ids, AsyncLambda lambda) {
    Set<String> live = aws.ec2().live().stream().map(Instance::id).collect(toSet());
    for (String id : ids) {
      List<String> named = named(aws.row(id)).toList();
      if (!live.containsAll(named)) {
        launched.remove(id);
      }
      live.removeAll(named);
    }
    return new StormResult(
        plan,
        launched.values().stream().sorted().toList(),
        calls(),
        lambda.redelivered(),
        live.size());
  }
}
