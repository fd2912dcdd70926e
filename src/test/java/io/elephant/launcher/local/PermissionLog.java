package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a test on this machine must have been allowed, for {@code make policy-check}, which holds it
 * against the policy that Terraform makes. Each is kept once, however often it was needed. Maven
 * says to tests that it is wanted; a benchmark or {@code make run} leaves no trace.
 */
final class PermissionLog {

  private static final boolean WANTED = Boolean.getBoolean("permissions.recorded");
  private static final Path DIRECTORY = FunctionPackage.TARGET.resolve("permissions");

  private final Set<Permission> permissions = new LinkedHashSet<>();

  synchronized void add(Collection<Permission> needed) {
    permissions.addAll(needed);
  }

  /** Writes a file of its own; other runs, also in other processes, write others. */
  synchronized void write() {
    if (!WANTED || permissions.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(DIRECTORY);
      new JsonMapper()
          .writerWithDefaultPrettyPrinter()
          .writeValue(DIRECTORY.resolve(UUID.randomUUID() + ".json").toFile(), permissions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
