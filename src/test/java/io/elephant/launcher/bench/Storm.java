package io.elephant.launcher.bench;

import static java.util.stream.Collectors.toSet;

import io.elephant.launcher.Pages;
import io.elephant.launcher.bench.Bench.Contender;
import io.elephant.launcher.bench.StormReport.Result;
import io.elephant.launcher.local.AsyncLambda;
import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionPackage;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.RequestBuckets;
import io.elephant.launcher.local.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What {@code make storm} runs: the minute before the hour, in which the events of many meetings
 * come at once and EC2 takes two launches a second.
 *
 * @param concurrency how many deliveries Lambda has under way at a time at most
 */
record Storm(String who, int meetings, int concurrency, Duration timeout) {

  static final String OURS = "ours";

  /** Every account's quota but a new one's, and more than any storm here takes. */
  static final int UNLIMITED = 1000;

  private static final int THROTTLED = 503;

  /**
   * Measures, and prints the report.
   *
   * @param arguments the values of N, or {@code report} to measure what the pages show; and of
   *     CONCURRENCY, TIMEOUT and PYTHON, where empty is no limit and no Python
   */
  public static void main(String[] arguments) throws Exception {
    boolean report = arguments[0].equals("report");
    Duration timeout = Duration.ofSeconds(Integer.parseInt(arguments[2]));
    List<Storm> storms;
    if (report) {
      storms =
          List.of(
              new Storm(OURS, 200, UNLIMITED, timeout),
              new Storm(OURS, 400, UNLIMITED, timeout),
              new Storm(OURS, 100, 10, timeout),
              new Storm(Contender.PYTHON, 100, UNLIMITED, timeout));
    } else {
      int meetings = Integer.parseInt(arguments[0]);
      int concurrency = arguments[1].isEmpty() ? UNLIMITED : Integer.parseInt(arguments[1]);
      List<String> whose = arguments[3].isEmpty() ? List.of(OURS) : List.of(OURS, Contender.PYTHON);
      storms = whose.stream().map(who -> new Storm(who, meetings, concurrency, timeout)).toList();
    }
    List<Result> results = new ArrayList<>();
    for (Storm storm : storms) {
      results.add(storm.run());
    }
    var page = new StormReport(results);
    System.out.println(page.table());
    if (report) {
      Pages.write(Pages.README, StormReport.MARK, page.table());
      Pages.write(Pages.BENCH, StormReport.MARK, page.table());
    }
    page.draw(report ? "src/test/bench/storm.png" : "target/storm.png");
    System.exit(0);
  }

  @Override
  public String toString() {
    String limited = concurrency < UNLIMITED ? ", concurrency " + concurrency : "";
    return who + ", " + meetings + " meetings" + limited;
  }

  /** Lets all events come at once and waits for the end of the last. */
  private Result run() throws Exception {
    FunctionPackage function =
        who.equals(OURS)
            ? FunctionPackage.nativeExecutable()
            : Contender.python().orElseThrow().function();
    Path directory = Files.createTempDirectory("storm");
    Path log = FunctionPackage.TARGET.resolve("storm.log");
    try (LocalAws aws = LocalAws.startUnrecorded()) {
      Map<String, String> environment = new LinkedHashMap<>(aws.environment());
      environment.put("SUBNETS", LocalAws.subnets());
      List<String> ids =
          IntStream.rangeClosed(1, meetings).mapToObj("storm-%d"::formatted).toList();
      ids.forEach(id -> aws.book(id, Instant.now().plus(Duration.ofMinutes(5))));
      aws.ec2().throttle(new RequestBuckets());
      Profile.AWS_LIKE.prepare(aws);
      try (var lambda =
          new AsyncLambda(function, environment, timeout, concurrency, directory, log)) {
        // On Lambda hundreds of processors start as many processes; the clock waits for these.
        lambda.start(meetings);
        long start = System.nanoTime();
        Map<String, Double> launched = new ConcurrentHashMap<>();
        aws.dynamoDbProxy()
            .on("UpdateItem")
            .where(call -> call.body().contains("LAUNCHED"))
            .afterWork(call -> {
              double now = (System.nanoTime() - start) / 1e9;
              String id = call.json().at("/Key/id/S").asText();
              if (aws.row(id).get("status").s().equals("LAUNCHED")) {
                launched.putIfAbsent(id, now);
              }
            });
        lambda.deliver(ids.stream().map("{\"meeting_id\": \"%s\"}"::formatted).toList());
        while (!lambda.awaitEnd(Duration.ofSeconds(1))) {
          System.err.printf("\r%s: %d launched ", this, launched.size());
        }
        return result(aws, ids, launched, lambda.redelivered());
      }
    }
  }

  private Result result(
      LocalAws aws, List<String> ids, Map<String, Double> launched, int redelivered) {
    launched.keySet().removeIf(id -> !Run.faults(aws, id).isEmpty());
    Set<String> unnamed = aws.ec2().live().stream().map(Instance::id).collect(toSet());
    ids.forEach(id -> aws.row(id).values().forEach(value -> unnamed.remove(value.s())));
    List<Call> runs = aws.ec2().calls("RunInstances");
    long throttled = runs.stream().filter(call -> call.status() == THROTTLED).count();
    return new Result(
        this,
        launched.values().stream().sorted().toList(),
        (double) throttled / Math.max(1, runs.size() - throttled),
        redelivered,
        unnamed.size());
  }
}
