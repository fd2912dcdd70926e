package io.elephant.launcher;

import io.elephant.launcher.local.FunctionPackage;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.LocalAws;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A test of the packaged function against the AWS that the classes of this process share one after
 * another, in which one meeting is booked. Other processes run other classes beside it.
 */
abstract class OnLocalAws {

  static final String ID = "demo-meeting";
  static final String EVENT = "{\"meeting_id\": \"demo-meeting\"}";
  static final String SWEEP = "{\"action\": \"sweep\"}";

  /** Whether this run tests the native executable. */
  static final boolean NATIVE = Boolean.getBoolean("function.native");

  private static FunctionProcess function;

  static final LocalAws aws = LocalAws.ofThisProcess();

  @BeforeEach
  void bookAMeeting() {
    aws.startAfreshWith(ID);
  }

  /** The package that this build has made. */
  static FunctionPackage functionPackage() {
    return NATIVE ? FunctionPackage.nativeExecutable() : FunctionPackage.jvm().prepared();
  }

  /** The function as it is configured, for all tests of a class. */
  static FunctionProcess function() {
    if (function == null) {
      function = start();
    }
    return function;
  }

  @AfterAll
  static void endFunction() {
    if (function != null) {
      function.close();
      function = null;
    }
  }

  static FunctionProcess start() {
    return start(Map.of());
  }

  /** Starts the function with these variables changed or added. */
  static FunctionProcess start(Map<String, String> changes) {
    Map<String, String> environment = new LinkedHashMap<>(aws.environment());
    environment.putAll(changes);
    return FunctionProcess.start(functionPackage(), environment);
  }

  /** The reply for the instances that the row names, once it names both. */
  static Answered launched() {
    return launched(aws);
  }

  static Answered launched(LocalAws aws) {
    return new Answered(
        "{\"meeting_id\":\"%s\",\"status\":\"LAUNCHED\",\"instances\":{\"teacher\":\"%s\",\"student\":\"%s\"}}"
            .formatted(
                ID, aws.row(ID).get("teacher_ec2_id").s(), aws.row(ID).get("student_ec2_id").s()));
  }

  /** Writes one attribute of the meeting's row. */
  static void set(String attribute, AttributeValue value) {
    aws.set(ID, attribute, value);
  }
}
