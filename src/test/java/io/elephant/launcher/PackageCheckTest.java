package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.ProcessResult;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make deploy} asks of a package before it changes anything. */
class PackageCheckTest {

  private static final String ELF_FOR_X86_64 =
      "7f454c4602010100000000000000000002003e0001000000"
          + needing("CX8, CMOV, FXSR, MMX, SSE, SSE2, SSE3, SSSE3, SSE4_1, SSE4_2, POPCNT");
  private static final String ELF_FOR_ARM64 = "7f454c460201010000000000000000000300b70001000000";

  @TempDir Path directory;
  private int zips;

  @Test
  void takesANativeExecutableForTheArchitecture() throws Exception {
    assertThat(check(zip("bootstrap", ELF_FOR_X86_64), "x86_64")).isEmpty();
    assertThat(check(zip("bootstrap", ELF_FOR_ARM64), "arm64")).isEmpty();
  }

  @Test
  void refusesANativeExecutableForTheOtherArchitecture() throws Exception {
    assertThat(check(zip("bootstrap", ELF_FOR_X86_64), "arm64"))
        .contains("is built for x86_64", "architecture is arm64");
    assertThat(check(zip("bootstrap", ELF_FOR_ARM64), "x86_64"))
        .contains("is built for arm64", "architecture is x86_64");
  }

  @Test
  void refusesAPackageForJava() throws Exception {
    assertThat(check(zip("elephant-launch-ec2.jar", "504b0304"), "x86_64"))
        .contains("holds no native executable", "make native");
  }

  @Test
  void refusesABootstrapThatLambdaMayNotReadAndExecute() throws Exception {
    for (String mode : List.of("rw-r--r--", "rw-------", "rwxr-x---", "rwx--x--x")) {
      assertThat(check(zip("bootstrap", ELF_FOR_ARM64, mode), "arm64"))
          .contains("may not read and execute (?" + mode + ")");
    }
    assertThat(check(zipOfWindows("bootstrap", ELF_FOR_ARM64), "arm64"))
        .contains("may not read and execute");
  }

  @Test
  void refusesABootstrapThatIsAScript() throws Exception {
    String script = HexFormat.of().formatHex("#!/bin/sh\nexec java -jar it\n".getBytes(UTF_8));
    assertThat(check(zip("bootstrap", script), "x86_64")).contains("holds no native executable");
  }

  @Test
  void refusesAnExecutableThatNeedsANewerGlibcThanLambdaHas() throws Exception {
    assertThat(check(zip("bootstrap", ELF_FOR_ARM64 + glibc("2.2.5", "2.34", "2.4")), "arm64"))
        .isEmpty();
    assertThat(check(zip("bootstrap", ELF_FOR_ARM64 + glibc("2.4", "2.38", "2.34")), "arm64"))
        .contains("needs glibc 2.38", "has 2.34");
  }

  /** The texts are those of executables for x86-64-v3 and for x86-64-v2 with one feature more. */
  @Test
  void refusesAnExecutableForProcessorsThatLambdaDoesNotPromise() throws Exception {
    String v2 = "CX8, CMOV, FXSR, MMX, SSE, SSE2, SSE3, SSSE3, SSE4_1, SSE4_2, POPCNT";
    String elf = ELF_FOR_X86_64.substring(0, 48);
    for (String features :
        List.of(v2 + ", LZCNT, AVX, AVX2, BMI1, BMI2, FMA, F16C", v2 + ", AES")) {
      assertThat(check(zip("bootstrap", elf + needing(features)), "x86_64"))
          .contains("needs a processor with ", "quarkus.native.march=x86-64-v2");
    }
    assertThat(check(zip("bootstrap", elf), "x86_64")).contains("does not say");
  }

  @Test
  void refusesWhatIsNotThereOrNoZip() throws Exception {
    assertThat(check(directory.resolve("missing.zip"), "x86_64")).contains("does not exist");
    Path text = Files.writeString(directory.resolve("text.zip"), "text");
    assertThat(check(text, "x86_64")).contains("holds no native executable");
  }

  /** What an executable of native-image's says when it ends for lack of a feature. */
  private static String needing(String features) {
    return HexFormat.of()
        .formatHex(
            ("features that are required by the image: [" + features + "].\n").getBytes(UTF_8));
  }

  /** What a program says in its string table of the functions that it is linked with. */
  private static String glibc(String... versions) {
    return HexFormat.of().formatHex(("GLIBC_" + String.join("\0GLIBC_", versions)).getBytes(UTF_8));
  }

  private Path zip(String entry, String content) throws IOException {
    return zip(entry, content, "rwxr-xr-x");
  }

  private Path zip(String entry, String content, String mode) throws IOException {
    Path zip = directory.resolve("function" + zips++ + ".zip");
    Map<String, ?> posix = Map.of("create", true, "enablePosixFileAttributes", true);
    try (FileSystem packed = FileSystems.newFileSystem(zip, posix)) {
      Path file = Files.write(packed.getPath(entry), HexFormat.of().parseHex(content));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
    return zip;
  }

  /** As a program on Windows zips it, with no mode. */
  private Path zipOfWindows(String entry, String content) throws IOException {
    Path zip = directory.resolve("function" + zips++ + ".zip");
    try (ZipOutputStream output = new ZipOutputStream(Files.newOutputStream(zip))) {
      output.putNextEntry(new ZipEntry(entry));
      output.write(HexFormat.of().parseHex(content));
    }
    return zip;
  }

  /** Why the package is refused; empty if it is not. */
  private static String check(Path zip, String architecture) throws Exception {
    ProcessBuilder check =
        new ProcessBuilder("terraform/check-package.sh", zip.toString(), architecture);
    ProcessResult result = ProcessResult.of(check, "");
    assertThat(result.status() == 0).as(result.output()).isEqualTo(result.output().isEmpty());
    return result.output();
  }
}
