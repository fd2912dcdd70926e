package io.elephant.launcher.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The share of a processor that Lambda gives a function by its memory, by Linux's control groups.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html">"At 1,769
 *     MB, a function has the equivalent of one vCPU"</a>
 */
record CpuShare(Path group, boolean isVersion1) implements AutoCloseable {

  private static final int MEGABYTES_OF_A_PROCESSOR = 1_769;
  private static final int PERIOD_MICROS = 20_000;
  private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/cpu");
  private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");
  private static final String CONTROLLERS = "cgroup.subtree_control";

  /** Whether this machine lets us: that takes root. */
  static boolean isAvailable() {
    return Files.isWritable(VERSION_1) || Files.isWritable(VERSION_2.resolve(CONTROLLERS));
  }

  /** A group of its own for the process, which is not limited yet. */
  static CpuShare ofProcess(long pid) throws IOException {
    boolean isVersion1 = Files.isWritable(VERSION_1);
    if (!isVersion1) {
      Files.writeString(VERSION_2.resolve(CONTROLLERS), "+cpu");
    }
    Path parent = isVersion1 ? VERSION_1 : VERSION_2;
    Path group = Files.createDirectory(parent.resolve("elephant-bench-" + pid));
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
    return new CpuShare(group, isVersion1);
  }

  /** From now on the process has what belongs to so much memory. */
  void limitTo(int megabytes) {
    long quota = (long) PERIOD_MICROS * megabytes / MEGABYTES_OF_A_PROCESSOR;
    try {
      if (isVersion1) {
        Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
      } else {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the group; the process must have ended. */
  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
