package io.elephant.launcher;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.parallel.Isolated;

/** The same cases against the native executable. */
@QuarkusIntegrationTest
@Isolated
class RecoveryFunctionIT extends RecoveryFunctionTest {}
