package io.elephant.launcher.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The share of a processor that Lambda gives a function by its memory, by Linux's control groups: a
 * process may run for so long in each 20 ms.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html">"At 1,769
 *     MB, a function has the equivalent of one vCPU"</a>
 */
final class CpuShare implements AutoCloseable {

  private static final int MEGABYTES_OF_A_PROCESSOR = 1_769;
  private static final int PERIOD_MICROS = 20_000;
  private static final Path VERSION_1 = Path.of("/sys/fs/cgroup/cpu");
  private static final Path VERSION_2 = Path.of("/sys/fs/cgroup");
  private static final String PERIOD = "cpu.cfs_period_us";
  private static final String QUOTA = "cpu.cfs_quota_us";

  private final Path group;
  private final boolean isVersion1;

  private CpuShare(Path group, boolean isVersion1) {
    this.group = group;
    this.isVersion1 = isVersion1;
  }

  /** Whether this machine lets us: that takes root. */
  static boolean isAvailable() {
    return Files.isWritable(VERSION_1.resolve(QUOTA))
        || (Files.isWritable(VERSION_2.resolve("cgroup.subtree_control"))
            && hasProcessors(VERSION_2.resolve("cgroup.controllers")));
  }

  private static boolean hasProcessors(Path controllers) {
    try {
      return Files.readString(controllers).contains("cpu ");
    } catch (IOException _) {
      return false;
    }
  }

  /** A group of its own for the process, which is not limited yet. */
  static CpuShare ofProcess(long pid) {
    boolean isVersion1 = Files.isWritable(VERSION_1.resolve(QUOTA));
    Path parent = isVersion1 ? VERSION_1 : VERSION_2;
    try {
      if (!isVersion1) {
        Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu");
      }
      Path group = Files.createDirectory(parent.resolve("elephant-bench-" + pid));
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
      return new CpuShare(group, isVersion1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on the process has what belongs to so much memory. */
  void limitTo(int megabytes) {
    long quota = (long) PERIOD_MICROS * megabytes / MEGABYTES_OF_A_PROCESSOR;
    try {
      if (isVersion1) {
        Files.writeString(group.resolve(PERIOD), Integer.toString(PERIOD_MICROS));
        Files.writeString(group.resolve(QUOTA), Long.toString(quota));
      } else {
        Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the group; the process must have ended. */
  @Override
  public void close() {
    try {
      Files.delete(group);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
