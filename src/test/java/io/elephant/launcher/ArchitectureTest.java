package io.elephant.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.elephant.launcher.launch.Launch;
import java.util.concurrent.Executors;
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
  void onlyTheAdaptersAndTheConfigurationKnowTheAwsSdk() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT, ROOT + ".launch")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon..")
        .check(CLASSES);
  }

  @Test
  void theAdaptersDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".ec2")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".dynamodb", ROOT + ".config")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".dynamodb")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT, ROOT + ".ec2", ROOT + ".config")
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
