package io.elephant.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.elephant.launcher.launch.Launch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String ROOT = "io.elephant.launcher";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void readsTheClassesThatItJudges() {
    assertThat(CLASSES.contain(Launch.class)).isTrue();
  }

  /**
   * What knows neither AWS's SDK nor CDI, JSON or Quarkus, each with what it may know beside Java.
   */
  private static final Map<String, List<String>> DOMAIN =
      Map.of(
          "failure", List.of("instance"),
          "instance", List.of("failure"),
          "meeting", List.of("failure", "instance"),
          "launch", List.of("failure", "instance", "meeting"),
          "sweep", List.of("failure", "instance", "meeting", "launch"));

  @Test
  void eachPackageOfTheDomainKnowsOnlyJavaAndThePackagesBelowIt() {
    DOMAIN.forEach((name, below) ->
        classes()
            .that()
            .resideInAPackage(ROOT + "." + name)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                Stream.of(
                        Stream.of("java..", "org.jspecify..", ROOT + "." + name),
                        below.stream().map(other -> ROOT + "." + other))
                    .flatMap(packages -> packages)
                    .toArray(String[]::new))
            .check(CLASSES));
  }

  @Test
  void onlyTheAdaptersAndTheConfigurationKnowTheAwsSdk() {
    knowsNothingOf("lambda", "software.amazon..");
  }

  @Test
  void theAdapterKnowsNothingOfWhoUsesIt() {
    for (String user : List.of("config", "lambda", "launch", "preflight", "sweep", "telemetry")) {
      knowsNothingOf("aws", ROOT + "." + user);
    }
  }

  @Test
  void theTelemetryKnowsWhatALaunchIsAndNothingOfWhoLaunches() {
    for (String user : List.of("config", "lambda", "preflight")) {
      knowsNothingOf("telemetry", ROOT + "." + user);
    }
  }

  private static void knowsNothingOf(String name, String other) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(other)
        .check(CLASSES);
  }

  @Test
  void onlyOnePlaceKnowsWhatAnErrorCodeMeans() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".aws")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("AwsErrorDetails")
        .check(CLASSES);
  }

  @Test
  void nothingWaitsOnVirtualThreads() {
    noClasses()
        .should()
        .callMethod(Thread.class, "ofVirtual")
        .orShould()
        .callMethod(Thread.class, "startVirtualThread", Runnable.class)
        .orShould()
        .callMethod(Executors.class, "newVirtualThreadPerTaskExecutor")
        .because("a native executable loses their wake-ups, see LambdaInvocation")
        .check(CLASSES);
  }

  @Test
  void thePackagesDependOnEachOtherInOneDirection() {
    slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(CLASSES);
  }
}
