package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  /** What a build or a package manager has made. */
  private static final Set<String> NOT_OURS =
      Set.of(".git", ".terraform", "node_modules", "target");

  private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** The first column of a table's row, where it begins with code. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Pages() {}

  /** Every file of the project. */
  static List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          Path.of(""),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              return NOT_OURS.contains(path.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Every page. */
  static List<Path> all() {
    List<Path> pages = files().stream().filter(file -> file.toString().endsWith(".md")).toList();
    assertThat(pages).contains(README, EVENTS, PROTOCOL, TESTS, BENCH, STACK, RUNBOOK);
    return pages;
  }

  public static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    return ROW.matcher(chapter)
        .results()
        .flatMap(row -> CODE.matcher(row.group(1)).results())
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A page without its blocks of code. */
  static String prose(Path page) {
    return FENCED.matcher(text(page)).replaceAll("");
  }

  /** The anchors of a page's headings, as GitHub makes them. */
  static Set<String> anchors(Path page) {
    return HEADING
        .matcher(prose(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
