package io.elephant.launcher.bench;

import io.elephant.launcher.bench.Bench.Contender;
import io.elephant.launcher.bench.Measurements.ColdStart;
import io.elephant.launcher.bench.Measurements.Figures;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.InvocationResult;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.Run;
import io.elephant.launcher.local.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The stand-ins under one profile, and what is measured against them. */
record Track(Profile profile, LocalAws aws, Optional<TestCertificate> certificate)
    implements AutoCloseable {

  /** The meeting that everybody launches, again and again. */
  static final String MEETING = "bench-meeting";

  static final String EVENT = "{\"meeting_id\": \"" + MEETING + "\"}";
  static final double NANOS_OF_A_MILLI = 1e6;

  static Track open(Profile profile)
      throws IOException, InterruptedException, GeneralSecurityException {
    if (!profile.tls()) {
      return new Track(profile, LocalAws.start(), Optional.empty());
    }
    TestCertificate certificate = TestCertificate.in(Files.createTempDirectory("bench"));
    return new Track(profile, LocalAws.start(certificate.context()), Optional.of(certificate));
  }

  /** A new day: no instance runs, and the meeting is booked. */
  void reset() {
    aws.startAfreshWith(MEETING);
    profile.prepare(aws);
  }

  /** Starts the contender with its event waiting, as Lambda does, and invokes it more often. */
  ColdStart run(Contender contender) throws IOException {
    reset();
    List<String> options =
        contender.name().equals(Contender.PYTHON)
            ? List.of()
            : certificate.map(TestCertificate::trustOptions).orElse(List.of());
    Map<String, String> environment = new LinkedHashMap<>(aws.environment());
    environment.put("SUBNETS", LocalAws.subnets());
    certificate.ifPresent(trusted -> environment.put("AWS_CA_BUNDLE", trusted.pem().toString()));
    try (var process =
        FunctionProcess.startFor(EVENT, contender.function(), environment, options)) {
      return profile.memory() == 0 ? measure(process) : measureShare(process);
    }
  }

  /** The share begins when the event is handed out: until then Lambda limits nothing. */
  private ColdStart measureShare(FunctionProcess process) throws IOException {
    try (CpuShare share = CpuShare.ofProcess(process.pid())) {
      process.whenReady(() -> share.limitTo(profile.memory()));
      try {
        return measure(process);
      } finally {
        process.kill();
      }
    }
  }

  private ColdStart measure(FunctionProcess process) {
    InvocationResult first = process.firstResult();
    double cold = millis(process.sinceStart());
    requireLaunch(first);
    DoubleStream.Builder warm = DoubleStream.builder();
    for (int n = 0; n < profile.warmInvocations(); n++) {
      reset();
      long delivered = System.nanoTime();
      InvocationResult next = process.invoke(EVENT);
      warm.add((System.nanoTime() - delivered) / NANOS_OF_A_MILLI);
      requireLaunch(next);
    }
    return new ColdStart(
        millis(process.awaitReady()),
        cold,
        Figures.of(warm.build()).median(),
        process.peakMemory().orElse(0) / 1e6);
  }

  static double millis(Duration duration) {
    return duration.toNanos() / NANOS_OF_A_MILLI;
  }

  /** A figure of a launch that did not happen would be worth nothing. */
  private void requireLaunch(Object ending) {
    List<String> faults = Run.faults(aws, MEETING);
    if (!faults.isEmpty()) {
      throw new IllegalStateException(faults + ", " + ending);
    }
  }

  @Override
  public void close() {
    aws.close();
  }
}
