package io.elephant.launcher.bench;

import io.elephant.launcher.Pages;
import io.elephant.launcher.local.FunctionPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code make bench} runs: starts every contender a number of times under every profile, turn
 * by turn, so that whatever the machine does meanwhile strikes them all alike.
 */
final class Bench {

  /** Before anything counts: the stand-ins run on a Java that has to get warm. */
  private static final Duration WARM_UP = Duration.ofSeconds(15);

  private final List<Contender> contenders;
  private final int starts;

  private Bench(List<Contender> contenders, int starts) {
    this.contenders = contenders;
    this.starts = starts;
  }

  /**
   * Measures, and prints the report.
   *
   * @param arguments how many cold starts; {@code report} to write it into the README and its page
   *     too; and the {@code function.zip} of another build to compare with
   */
  public static void main(String[] arguments) throws Exception {
    int starts = Integer.parseInt(arguments[0]);
    List<Contender> contenders =
        new ArrayList<>(List.of(Contender.nativeExecutable(), Contender.jvm()));
    Stream.of(arguments)
        .filter(argument -> argument.endsWith(".zip"))
        .forEach(zip -> contenders.add(Contender.before(Path.of(zip))));
    Optional<Contender> python = Contender.python();
    python.ifPresent(contenders::add);
    if (python.isEmpty()) {
      System.err.println("** NOT MEASURED: Python. There is no python3 with boto3 here. **");
    }
    Map<Profile, Measurements> measured = new Bench(contenders, starts).run();
    var report = new BenchReport(measured, starts, sizes());
    System.out.println(report.markdown());
    report.misses().forEach(System.out::println);
    if (List.of(arguments).contains("report")) {
      report.write(Pages.README, Pages.BENCH, BenchReport.CHART);
    }
    System.exit(0);
  }

  private static BenchReport.Sizes sizes() throws IOException {
    Path zip = FunctionPackage.TARGET.resolve("function.zip");
    Path directory = Files.createTempDirectory("bench");
    List<String> command = FunctionPackage.nativeExecutable().unpack(directory, List.of());
    Path executable = Path.of(command.getFirst());
    var sizes = new BenchReport.Sizes(Files.size(zip), Files.size(executable));
    Files.delete(executable);
    Files.delete(directory);
    return sizes;
  }

  private Map<Profile, Measurements> run() throws Exception {
    Map<Profile, Measurements> measured = new EnumMap<>(Profile.class);
    for (Profile profile : Profile.values()) {
      if (profile.memory > 0 && !CpuShare.isAvailable()) {
        System.err.println(
            "** NOT MEASURED: " + profile.title + ". It takes root and a cgroup of processors. **");
        continue;
      }
      System.err.println("Measuring: " + profile.title + " ...");
      Path directory = Files.createTempDirectory("bench");
      try (Track track = Track.open(profile, directory)) {
        measured.put(profile, run(track));
      }
    }
    return measured;
  }

  private Measurements run(Track track) throws Exception {
    long warm = System.nanoTime() + WARM_UP.toNanos();
    do {
      track.run(contenders.getFirst());
    } while (System.nanoTime() < warm);
    Map<Contender, List<ColdStart>> coldStarts = new LinkedHashMap<>();
    List<Duration> floors = new ArrayList<>();
    try (Floor floor = Floor.ofLastLaunch(track)) {
      warm = System.nanoTime() + WARM_UP.toNanos();
      do {
        floor.run();
      } while (System.nanoTime() < warm);
      for (int n = 0; n < starts; n++) {
        for (Contender contender : contenders.stream().filter(track::measures).toList()) {
          coldStarts.computeIfAbsent(contender, _ -> new ArrayList<>()).add(track.run(contender));
        }
        floors.add(floor.run());
      }
    }
    return new Measurements(coldStarts, floors);
  }
}
