package io.elephant.launcher;

import io.quarkus.test.junit.QuarkusIntegrationTest;

/** The same cases against the native executable. */
@QuarkusIntegrationTest
class RecoveryFunctionIT extends RecoveryFunctionTest {}
