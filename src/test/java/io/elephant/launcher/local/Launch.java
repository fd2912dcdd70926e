package io.elephant.launcher.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A valid RunInstances request. See <a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html">RunInstances</a>.
 *
 * @param request every parameter that was sent, by the names of the EC2 Query protocol
 */
record Launch(
    String imageId,
    String type,
    String subnetId,
    @Nullable String token,
    Map<String, String> tags,
    SequencedMap<String, String> request) {

  private static final Pattern IMAGE_ID = Pattern.compile("ami-[0-9a-f]{8}([0-9a-f]{9})?");
  private static final Pattern GROUP_ID = Pattern.compile("sg-[0-9a-f]{8}([0-9a-f]{9})?");
  private static final Pattern TYPE = Pattern.compile("[a-z0-9-]+\\.[a-z0-9-]+");
  private static final int TOKEN_LENGTH = 64;
  private static final Set<String> NOT_IN_A_TOKENS_IDENTITY =
      Set.of("Action", "Version", "ClientToken", "DryRun");

  static Launch of(Ec2Query query) {
    int least = query.number(name(query, "MinCount"), 1);
    int most = query.number(name(query, "MaxCount"), 1);
    if (least < 1 || most < least) {
      throw Refusal.invalid("The MinCount %d and MaxCount %d are invalid".formatted(least, most));
    }
    if (most > 1) {
      throw Refusal.invalid("This stand-in starts one instance at a time");
    }
    String imageId = query.required("ImageId");
    if (!IMAGE_ID.matcher(imageId).matches()) {
      throw new Refusal("InvalidAMIID.Malformed", "Invalid id: \"" + imageId + "\"");
    }
    String type = query.required("InstanceType");
    if (!TYPE.matcher(type).matches()) {
      throw Refusal.invalid("Invalid value '" + type + "' for InstanceType.");
    }
    requireGroups(query.values("SecurityGroupId"));
    return new Launch(
        imageId,
        type,
        query.required("SubnetId"),
        token(query),
        Map.copyOf(query.tags("instance")),
        query.parameters());
  }

  /** Whether it only wants to know whether it would be carried out. */
  boolean isDryRun() {
    return Boolean.parseBoolean(request.get("DryRun"));
  }

  /** What must be the same when a token comes again. */
  Map<String, String> identity() {
    var identity = new LinkedHashMap<>(request);
    identity.keySet().removeAll(NOT_IN_A_TOKENS_IDENTITY);
    return identity;
  }

  private static String name(Ec2Query query, String name) {
    query.required(name);
    return name;
  }

  private static void requireGroups(List<String> groupIds) {
    groupIds.stream()
        .filter(id -> !GROUP_ID.matcher(id).matches())
        .findFirst()
        .ifPresent(id -> {
          throw new Refusal("InvalidGroupId.Malformed", "Invalid id: \"" + id + "\"");
        });
  }

  private static @Nullable String token(Ec2Query query) {
    String token = query.value("ClientToken").orElse(null);
    if (token != null && token.length() > TOKEN_LENGTH) {
      throw Refusal.invalid("ClientToken may not exceed %d characters.".formatted(TOKEN_LENGTH));
    }
    return token;
  }
}
