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

  @Test
  void theDomainKnowsNothingButJava() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".launch")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + ".launch", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void thePreflightKnowsNothingButJavaAndWhatALaunchIs() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".preflight")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT + ".preflight", ROOT + ".launch", "java..", "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void onlyTheAdaptersAndTheConfigurationKnowTheAwsSdk() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT, ROOT + ".launch", ROOT + ".preflight")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void theAdaptersDoNotKnowEachOther() {
    List<String> adapters = List.of(ROOT + ".account", ROOT + ".dynamodb", ROOT + ".ec2");
    for (String adapter : adapters) {
      noClasses()
          .that()
          .resideInAPackage(adapter)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              Stream.concat(
                      Stream.of(ROOT, ROOT + ".config", ROOT + ".telemetry"), adapters.stream())
                  .filter(other -> !other.equals(adapter))
                  .toArray(String[]::new))
          .check(CLASSES);
    }
  }

  @Test
  void theTelemetryKnowsWhatALaunchIsAndNothingOfWhoLaunches() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".telemetry")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ROOT, ROOT + ".account", ROOT + ".config", ROOT + ".dynamodb", ROOT + ".ec2")
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
