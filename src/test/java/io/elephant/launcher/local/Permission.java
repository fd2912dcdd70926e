package io.elephant.launcher.local;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing that IAM must allow before AWS carries out a call: an action on a resource, and what is
 * known of both under IAM's condition keys. A call can need several: RunInstances needs one for
 * each resource that it names or makes.
 *
 * @param context values by condition key; a key of several values has a list of them
 * @see <a
 *     href="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html">Service
 *     Authorization Reference</a>
 */
public record Permission(String action, String resource, SortedMap<String, Object> context) {

  /** The account that everything on this machine belongs to. */
  static final String ACCOUNT = "123456789012";

  /** The region that Lambda runs the function in, which is not the one that it launches in. */
  static final String FUNCTION_REGION = "eu-central-1";

  static final String LOG_GROUP = "/aws/lambda/elephant-launch-ec2";

  /** One of which both are known. */
  Permission(String action, String resource, Map<String, ?> one, Map<String, ?> other) {
    this(action, resource, new TreeMap<>(one));
    context.putAll(other);
  }

  /** What the function's role is used for as soon as it logs anything, by Lambda. */
  static List<Permission> toLog() {
    String stream =
        "arn:aws:logs:%s:%s:log-group:%s:log-stream:2026/01/01/[$LATEST]0"
            .formatted(FUNCTION_REGION, ACCOUNT, LOG_GROUP);
    return List.of(
        new Permission("logs:CreateLogStream", stream, new TreeMap<>()),
        new Permission("logs:PutLogEvents", stream, new TreeMap<>()));
  }

  /**
   * What the function's role is used for when an event has failed for good, by Lambda.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations">Adding
   *     a destination</a>
   */
  static Permission toKeepAFailure() {
    return new Permission(
        "sqs:SendMessage",
        "arn:aws:sqs:%s:%s:elephant-launch-ec2-failures".formatted(FUNCTION_REGION, ACCOUNT),
        new TreeMap<>());
  }
}
