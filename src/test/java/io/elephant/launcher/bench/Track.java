package io.elephant.launcher.bench;

import static java.util.stream.Collectors.groupingBy;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.InvocationResult;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The stand-ins under one profile, and what is measured against them. */
final class Track implements AutoCloseable {

  /** The meeting that everybody launches, again and again. */
  static final String MEETING = "bench-meeting";

  static final String EVENT = "{\"meeting_id\": \"" + MEETING + "\"}";

  private final Profile profile;
  private final LocalAws aws;
  private final Optional<TestCertificate> certificate;

  private Track(Profile profile, LocalAws aws, Optional<TestCertificate> certificate) {
    this.profile = profile;
    this.aws = aws;
    this.certificate = certificate;
  }

  /**
   * @param directory where to keep a certificate, if the profile needs one
   */
  static Track open(Profile profile, Path directory)
      throws IOException, InterruptedException, GeneralSecurityException {
    if (!profile.tls) {
      return new Track(profile, LocalAws.start(), Optional.empty());
    }
    TestCertificate certificate = TestCertificate.in(directory);
    return new Track(
        profile, LocalAws.start(certificate.serverContext()), Optional.of(certificate));
  }

  boolean measures(Contender contender) {
    return profile.measures(contender);
  }

  LocalAws aws() {
    return aws;
  }

  Optional<TestCertificate> certificate() {
    return certificate;
  }

  /** A new day: no instance runs, and the meeting is booked. */
  void reset() {
    aws.startAfreshWith(MEETING);
    profile.prepare(aws);
  }

  /**
   * Starts the contender with its event waiting, as Lambda does, and invokes it a few times more.
   */
  ColdStart run(Contender contender) {
    reset();
    try (FunctionProcess process =
        FunctionProcess.startFor(EVENT, contender.function(), environment(), options(contender))) {
      return profile.memory == 0 ? measure(contender, process) : measureShare(contender, process);
    }
  }

  /** The share begins when the event is handed out: until then Lambda limits nothing. */
  private ColdStart measureShare(Contender contender, FunctionProcess process) {
    try (CpuShare share = CpuShare.ofProcess(process.pid())) {
      process.whenReady(() -> share.limitTo(profile.memory));
      try {
        return measure(contender, process);
      } finally {
        process.kill();
      }
    }
  }

  private ColdStart measure(Contender contender, FunctionProcess process) {
    InvocationResult first = process.firstResult();
    Duration cold = process.sinceStart();
    requireLaunch(contender, first, process);
    List<Call> calls = calls();
    List<Double> warm = new ArrayList<>();
    for (int n = 0; n < profile.warmInvocations; n++) {
      reset();
      long delivered = System.nanoTime();
      InvocationResult next = process.invoke(EVENT);
      warm.add((double) (System.nanoTime() - delivered));
      requireLaunch(contender, next, process);
    }
    return new ColdStart(
        process.awaitReady(),
        cold,
        Duration.ofNanos((long) Figures.of(warm).median()),
        process.peakMemory(),
        calls.size(),
        depth(calls));
  }

  /** A figure of a launch that did not happen would be worth nothing. */
  void requireLaunch() {
    List<String> roles =
        aws.ec2().live().stream().map(instance -> instance.tag("Role")).sorted().toList();
    boolean recorded =
        aws.ec2().live().stream()
            .allMatch(instance ->
                instance.id().equals(aws.row(MEETING).get(instance.tag("Role") + "_ec2_id").s()));
    String status = aws.row(MEETING).get("status").s();
    if (!roles.equals(List.of("student", "teacher")) || !recorded || !status.equals("LAUNCHED")) {
      throw new IllegalStateException(
          "The meeting was not launched: %s, %s, %s"
              .formatted(roles, status, calls().stream().collect(groupingBy(Call::action))));
    }
  }

  private void requireLaunch(
      Contender contender, InvocationResult result, FunctionProcess process) {
    if (!(result instanceof Answered)) {
      throw new IllegalStateException(
          contender.name() + ": " + result + "\n" + String.join("\n", process.log()));
    }
    requireLaunch();
  }

  List<Call> calls() {
    return Stream.concat(aws.ec2().calls().stream(), aws.dynamoDbProxy().calls().stream()).toList();
  }

  /** The most calls of which each began after the one before had ended. */
  static int depth(List<Call> calls) {
    List<Call> chain = new ArrayList<>();
    for (Call call : calls.stream().sorted(Call.BY_END).toList()) {
      if (chain.isEmpty() || !chain.getLast().overlaps(call)) {
        chain.add(call);
      }
    }
    return chain.size();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>(aws.environment());
    environment.put("SUBNETS", LocalAws.subnets());
    certificate.ifPresent(trusted -> environment.put("AWS_CA_BUNDLE", trusted.pem().toString()));
    return environment;
  }

  private List<String> options(Contender contender) {
    return contender.name().equals(Contender.PYTHON)
        ? List.of()
        : certificate.map(TestCertificate::cheapTrustOptions).orElse(List.of());
  }

  @Override
  public void close() {
    aws.close();
  }
}
