package io.elephant.launcher.bench;

import io.elephant.launcher.Pages;
import io.elephant.launcher.bench.Measurements.ColdStart;
import io.elephant.launcher.local.FunctionPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code make bench} runs: starts every contender a number of times under every profile, turn
 * by turn, so that whatever the machine does meanwhile strikes them all alike.
 */
final class Bench {

  /** Before anything counts: the stand-ins run on a Java that has to get warm. */
  private static final long WARM_UP_NANOS = 15_000_000_000L;

  private static final Path SCRIPT = Path.of("src", "test", "bench", "launch.py").toAbsolutePath();

  /** The interpreter itself is asked for: the python3 on the path may be a script that looks. */
  private static final String PROBE = "import boto3, sys; print(sys.executable)";

  /** A function that launches a meeting. */
  record Contender(String name, FunctionPackage function) {

    static final String NATIVE = "native executable";
    static final String BEFORE = "the build before";
    static final String JVM = "same code on the JVM";
    static final String PYTHON = "Python and boto3";

    /** Nothing where there is no Python or no boto3. */
    static Optional<Contender> python() throws IOException, InterruptedException {
      Process probe = new ProcessBuilder("sh", "-c", "exec python3 -c '" + PROBE + "'").start();
      List<String> lines = probe.inputReader(StandardCharsets.UTF_8).readAllLines();
      return probe.waitFor() == 0
          ? Optional.of(new Contender(PYTHON, new FunctionPackage.Script(lines, SCRIPT)))
          : Optional.empty();
    }
  }

  private Bench() {}

  /**
   * Measures, and prints the report.
   *
   * @param arguments how many cold starts; {@code report} to write it into the README and its page
   *     too; and the {@code function.zip} of another build to compare with
   */
  public static void main(String[] arguments) throws Exception {
    int starts = Integer.parseInt(arguments[0]);
    List<Contender> contenders = new ArrayList<>();
    contenders.add(new Contender(Contender.NATIVE, FunctionPackage.nativeExecutable()));
    for (String zip : List.of(arguments)) {
      if (zip.endsWith(".zip")) {
        var before = new FunctionPackage.Native(Path.of(zip).toAbsolutePath());
        contenders.add(new Contender(Contender.BEFORE, before));
      }
    }
    contenders.add(new Contender(Contender.JVM, FunctionPackage.jvm()));
    Contender.python()
        .ifPresentOrElse(
            contenders::add,
            () -> System.err.println("** NOT MEASURED: Python. There is none with boto3 here. **"));
    var profiles = new ArrayList<>(List.of(Profile.PLAIN, Profile.AWS_LIKE, Profile.TLS));
    if (CpuShare.isAvailable()) {
      profiles.addAll(Profile.SHARES);
    } else {
      System.err.println("** NOT MEASURED: Lambda's shares. It takes root and control groups. **");
    }
    Map<Profile, Measurements> measured = new HashMap<>();
    for (Profile profile : profiles) {
      measured.put(profile, measure(profile, contenders, starts));
      System.err.println();
    }
    List<String> names = contenders.stream().map(Contender::name).toList();
    double zip = Files.size(FunctionPackage.TARGET.resolve("function.zip")) / 1e6;
    var report = new BenchReport(names, measured, starts, zip);
    System.out.println(report.page());
    if (List.of(arguments).contains("report")) {
      Pages.write(Pages.README, BenchReport.MARK, report.summary());
      Pages.write(Pages.BENCH, BenchReport.MARK, report.page());
      report.draw("src/test/bench/cold-start.png");
    }
    System.exit(0);
  }

  private static Measurements measure(Profile profile, List<Contender> contenders, int starts)
      throws Exception {
    try (Track track = Track.open(profile)) {
      System.err.print(profile.title() + ": warming up ...");
      for (long end = System.nanoTime() + WARM_UP_NANOS; System.nanoTime() < end; ) {
        track.run(contenders.getFirst());
      }
      Map<String, List<ColdStart>> coldStarts = new HashMap<>();
      for (int n = 1; n <= starts; n++) {
        System.err.printf("\r%s: start %d of %d  ", profile.title(), n, starts);
        for (Contender contender : contenders) {
          // A Java that starts on a twelfth of a processor takes a minute; nobody deploys it so.
          if (profile.memory() == 0 || !contender.name().equals(Contender.JVM)) {
            coldStarts
                .computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                .add(track.run(contender));
          }
        }
      }
      return new Measurements(coldStarts);
    }
  }
}
