package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.config.Environment;
import io.elephant.launcher.launch.LaunchTest;
import io.elephant.launcher.sweep.SweepTest;
import io.elephant.launcher.telemetry.Metric;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

  /** A row of the configuration's table: a variable in capitals and its default, if it has one. */
  private static final Pattern ROW =
      Pattern.compile("^\\| `([A-Z][A-Z_]+)` \\| (?:`([^`]*)` )?\\| .*\\|$", Pattern.MULTILINE);

  /** A test's name: a sentence of at least five words. */
  private static final Pattern TEST = Pattern.compile("`([a-z]+(?:[A-Z0-9][a-z0-9]*){4,})`");

  /** A row of the metrics' table. */
  private static final Pattern METRIC =
      Pattern.compile("^\\| `([A-Za-z]+)` \\| .*\\|$", Pattern.MULTILINE);

  @Test
  void namesEveryVariableOfTheFunctionWithItsDefault() throws IOException {
    assertThat(documented()).isNotEmpty().isEqualTo(coded());
  }

  @Test
  void namesOnlyTestsThatThereAre() throws IOException {
    Matcher name = TEST.matcher(Files.readString(Path.of("README.md")));
    Set<String> named = new TreeSet<>();
    while (name.find()) {
      named.add(name.group(1));
    }
    Set<String> there =
        Stream.of(
                LaunchTest.class,
                SweepTest.class,
                FunctionTest.class,
                PackagedFunctionIT.class,
                PreflightIT.class,
                UpgradeIT.class,
                CrashIT.class)
            .flatMap(test -> Stream.of(test.getDeclaredMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(there).containsAll(named);
  }

  @Test
  void namesEveryMetric() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int start = readme.indexOf("\n### Its metrics\n");
    String chapter = readme.substring(start, readme.indexOf("\n### ", start + 1));

    assertThat(METRIC.matcher(chapter).results().map(row -> row.group(1)))
        .containsExactlyElementsOf(Stream.of(Metric.values()).map(Metric::toString).toList());
  }

  private static Map<String, Optional<String>> documented() throws IOException {
    Map<String, Optional<String>> variables = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("README.md")));
    while (row.find()) {
      variables.put(row.group(1), Optional.ofNullable(row.group(2)));
    }
    return variables;
  }

  private static Map<String, Optional<String>> coded() {
    Map<String, Optional<String>> variables = new TreeMap<>();
    for (Method variable : Environment.class.getMethods()) {
      variables.put(
          variable.getAnnotation(WithName.class).value(),
          Optional.ofNullable(variable.getAnnotation(WithDefault.class)).map(WithDefault::value));
    }
    return variables;
  }
}
