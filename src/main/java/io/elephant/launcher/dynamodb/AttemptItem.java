package io.elephant.launcher.dynamodb;

import static io.elephant.launcher.dynamodb.Attributes.number;
import static io.elephant.launcher.dynamodb.Attributes.text;

import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.ClientToken;
import io.elephant.launcher.launch.LaunchRequest;
import io.elephant.launcher.launch.RootVolume;
import io.elephant.launcher.launch.Subnet;
import io.elephant.launcher.launch.Zone;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An attempt as a map in the row's {@code launch}: flat, and in EC2's terms, because an operator
 * reads it when a launch has gone wrong.
 */
final class AttemptItem {

  static final String ATTEMPT = "attempt";
  private static final String TOKEN = "client_token";
  private static final String ZONE = "availability_zone";
  private static final String SUBNET = "subnet_id";
  private static final String IMAGE = "image_id";
  private static final String TYPE = "instance_type";
  private static final String KEY = "key_name";
  private static final String GROUPS = "security_group_ids";
  private static final String PROFILE = "iam_instance_profile";
  private static final String DEVICE = "root_device_name";
  private static final String SIZE = "volume_size_gib";
  private static final String VOLUME_TYPE = "volume_type";
  private static final String TAGS = "tags";

  private AttemptItem() {}

  static AttributeValue write(Attempt attempt) {
    LaunchRequest request = attempt.request();
    return AttributeValue.fromM(
        Map.ofEntries(
            Map.entry(ATTEMPT, number(attempt.number())),
            Map.entry(TOKEN, text(attempt.token().value())),
            Map.entry(ZONE, text(request.subnet().zone().name())),
            Map.entry(SUBNET, text(request.subnet().id())),
            Map.entry(IMAGE, text(request.imageId())),
            Map.entry(TYPE, text(request.instanceType())),
            Map.entry(KEY, text(request.keyName())),
            Map.entry(
                GROUPS,
                AttributeValue.fromL(
                    request.securityGroupIds().stream().map(Attributes::text).toList())),
            Map.entry(PROFILE, text(request.instanceProfile())),
            Map.entry(DEVICE, text(request.rootVolume().deviceName())),
            Map.entry(SIZE, number(request.rootVolume().sizeGib())),
            Map.entry(VOLUME_TYPE, text(request.rootVolume().type())),
            Map.entry(
                TAGS,
                AttributeValue.fromM(
                    request.tags().entrySet().stream()
                        .collect(
                            Collectors.toMap(Map.Entry::getKey, tag -> text(tag.getValue())))))));
  }

  /**
   * @throws Fields.Unreadable if something is missing or of another type
   */
  static Attempt read(Fields fields) {
    LaunchRequest request =
        new LaunchRequest(
            new Subnet(fields.text(SUBNET), new Zone(fields.text(ZONE))),
            fields.text(IMAGE),
            fields.text(TYPE),
            fields.text(KEY),
            fields.texts(GROUPS),
            fields.text(PROFILE),
            new RootVolume(fields.text(DEVICE), fields.number(SIZE), fields.text(VOLUME_TYPE)),
            fields.textMap(TAGS));
    return new Attempt(fields.number(ATTEMPT), new ClientToken(fields.text(TOKEN)), request);
  }
}
