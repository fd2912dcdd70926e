package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The SBOM beside the package for Java, which holds each library as a file of its own. */
class SbomIT {

  private static final Path SBOM = Path.of("target", "sbom.json");
  private static final Path PACKAGE = Path.of("target", "jvm", "function.zip");

  @Test
  void namesEveryLibraryOfThePackageByItsHashAndWithItsLicence() throws IOException {
    Set<String> hashes = new TreeSet<>();
    for (JsonNode component : new JsonMapper().readTree(SBOM.toFile()).required("components")) {
      assertThat(component.required("licenses")).as(component.path("purl").asText()).isNotEmpty();
      for (JsonNode hash : component.required("hashes")) {
        if (hash.required("alg").asText().equals("SHA-256")) {
          hashes.add(hash.required("content").asText());
        }
      }
    }

    assertThat(libraries())
        .hasSizeGreaterThan(50)
        .allSatisfy((library, hash) -> assertThat(hashes).as(library).contains(hash));
  }

  @Test
  void namesNothingThatOnlyTheTestsUse() throws IOException {
    JsonNode sbom = new JsonMapper().readTree(SBOM.toFile());

    assertThat(sbom.required("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(sbom.at("/metadata/component/name").asText()).isEqualTo("elephant-launch-ec2");
    assertThat(sbom.required("components").findValuesAsText("group"))
        .contains("io.quarkus", "software.amazon.awssdk")
        .doesNotContain("org.assertj", "org.junit.jupiter", "io.rest-assured");
  }

  private static Map<String, String> libraries() throws IOException {
    Map<String, String> libraries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(PACKAGE.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().matches("lib/.*\\.jar"))
          .forEach(entry -> libraries.put(entry.getName(), sha256(zip, entry)));
    }
    return libraries;
  }

  private static String sha256(ZipFile zip, ZipEntry entry) {
    try (InputStream content = zip.getInputStream(entry)) {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
