package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's pages, for the tests that hold them against the code. */
public final class Pages {

  public static final Path README = Path.of("README.md");
  public static final Path EVENTS = Path.of("events", "README.md");
  public static final Path PROTOCOL =
      Path.of("src/main/java/io/elephant/launcher/launch/README.md");
  public static final Path TESTS = Path.of("src/test/README.md");
  public static final Path BENCH = Path.of("src/test/bench/README.md");
  public static final Path STACK = Path.of("terraform", "README.md");
  public static final Path RUNBOOK = Path.of("terraform", "RUNBOOK.md");
  public static final Path ALARMS = Path.of("terraform", "signals.tf");

  static final List<Path> ALL = List.of(README, EVENTS, PROTOCOL, TESTS, BENCH, STACK, RUNBOOK);

  /** The first column of a table's row, where it begins with code. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");

  private static final Pattern NAMED = Pattern.compile("(?m)^\\| `([^`]*)` \\| (.*) \\|$");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Pages() {}

  /** The examples of events, by name. */
  static List<Path> events() {
    try (Stream<Path> files = Files.list(EVENTS.getParent())) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a pattern's first group has found. */
  public static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1));
  }

  /** What is under a heading, down to the next one that is not below it. */
  public static String chapter(Path page, String heading) {
    String text = text(page);
    int start = text.indexOf("\n" + heading + "\n");
    assertThat(start).as(heading).isNotNegative();
    String rest = text.substring(start + heading.length() + 2);
    int level = heading.indexOf(' ');
    var next = Pattern.compile("(?m)^#{2," + level + "} ").matcher(rest);
    return next.find() ? rest.substring(0, next.start()) : rest;
  }

  /** The names in the first column of a chapter's tables; a row may have several. */
  public static Set<String> rows(String chapter) {
    return found(ROW, chapter)
        .flatMap(row -> found(CODE, row))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The rows of a chapter's tables that begin with one name: what the other columns say of it. */
  public static Map<String, List<String>> table(Path page, String heading) {
    Map<String, List<String>> rows = new TreeMap<>();
    NAMED
        .matcher(chapter(page, heading))
        .results()
        .forEach(row -> {
          String[] columns = row.group(2).split(" ?\\| ?");
          rows.put(row.group(1), List.of(columns));
        });
    return rows;
  }

  /** What a benchmark has written between the marks of this name. */
  public static String marked(Path page, String name) {
    return text(page).split("<!-- " + name + ": (begin|end) -->")[1];
  }

  /** Writes something between the marks of this name. */
  public static void write(Path page, String name, String text) throws IOException {
    String replaced = marked(page, name);
    Files.writeString(page, text(page).replace(replaced, "\n" + text + "\n"));
  }
}
