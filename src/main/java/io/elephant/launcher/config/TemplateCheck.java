package io.elephant.launcher.config;

import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.RootVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes what every instance is like of the environment. */
record TemplateCheck(Environment environment, Optional<String> region, Problems problems) {

  /** The last eight or seventeen digits of an id; older resources have eight. */
  static final String ID_DIGITS = "[0-9a-f]{8,17}";

  /**
   * The types that need nothing but a size and that an instance boots from, with their largest size
   * in GiB.
   *
   * @see <a href="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html">Amazon
   *     EBS volume types</a>
   */
  private static final Map<String, Integer> LARGEST_VOLUMES =
      Map.of("gp2", 16_384, "gp3", 65_536, "standard", 1_024);

  /** Checks at once; the template may be asked for where no problem was found. */
  Supplier<InstanceTemplate> template() {
    Optional<String> image =
        problems.text(
            "AMI_ID", environment.amiId(), "ami-" + ID_DIGITS, "the id of an image, ami-…");
    Optional<String> key =
        problems.text(
            "KEY_NAME",
            environment.keyName(),
            "\\p{ASCII}{1,255}",
            "the name of a key pair: at most 255 ASCII characters");
    Optional<List<String>> groups =
        problems.list(
            "SECURITY_GROUP_IDS",
            environment.securityGroupIds(),
            "sg-" + ID_DIGITS,
            "the id of a security group, sg-…",
            id -> id);
    Optional<String> profile =
        problems.text(
            "IAM_PROFILE",
            environment.iamProfile(),
            "[A-Za-z0-9_+=,.@-]{1,128}",
            "the name of an instance profile (its name, not its ARN)");
    Optional<ImdsTokens> tokens =
        problems
            .text(
                "IMDS_TOKENS",
                environment.imdsTokens(),
                "required|optional",
                "required or optional")
            .map(ImdsTokens::of);
    Optional<String> project = tagValue("PROJECT_TAG", environment.projectTag());
    Optional<String> stack = tagValue("STACK_NAME", environment.stackName());
    Supplier<RootVolume> volume = rootVolume();
    Optional<LaunchTemplate> launchTemplate =
        problems
            .optional(
                "LAUNCH_TEMPLATE",
                environment.launchTemplate(),
                "lt-" + ID_DIGITS + ":[1-9][0-9]{0,8}",
                "the id of a launch template, lt-…, a colon and the number of a version")
            .map(TemplateCheck::launchTemplate);
    return () ->
        new InstanceTemplate(
            image.orElseThrow(),
            key.orElseThrow(),
            groups.orElseThrow(),
            profile.orElseThrow(),
            volume.get(),
            tokens.orElseThrow(),
            launchTemplate,
            project.orElseThrow(),
            stack.orElseThrow());
  }

  private static LaunchTemplate launchTemplate(String pair) {
    int colon = pair.indexOf(':');
    return new LaunchTemplate(
        pair.substring(0, colon), Integer.parseInt(pair.substring(colon + 1)));
  }

  /**
   * What EC2 takes for a tag that the instance's metadata shows.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Tag
   *     restrictions</a>
   */
  private Optional<String> tagValue(String variable, Optional<String> value) {
    return problems.text(
        variable,
        value,
        "[\\p{L}\\p{N} _.:/=+@-]{1,256}",
        "a tag's value: at most 256 letters, digits, spaces and _ . : / = + - @");
  }

  private Supplier<RootVolume> rootVolume() {
    Optional<String> device =
        problems.text(
            "ROOT_DEVICE_NAME",
            environment.rootDeviceName(),
            "/dev/[a-z][a-z0-9/]*",
            "a device, such as /dev/xvda");
    Optional<String> type =
        problems.text(
            "VOLUME_TYPE",
            environment.volumeType(),
            String.join("|", LARGEST_VOLUMES.keySet()),
            "gp2, gp3 or standard (the others need more than a size, or do not boot)");
    int largest = LARGEST_VOLUMES.getOrDefault(type.orElse("gp3"), 0);
    Optional<Integer> size =
        problems.parsed(
            "VOLUME_SIZE_GIB",
            environment.volumeSizeGib(),
            Integer::valueOf,
            "a whole number of GiB",
            gib -> gib >= 1 && gib <= largest,
            "between 1 and " + largest);
    Optional<String> encrypted =
        problems.text(
            "VOLUME_ENCRYPTED", environment.volumeEncrypted(), "true|false", "true or false");
    Optional<String> key =
        problems
            .optional(
                "VOLUME_KMS_KEY_ARN",
                environment.volumeKmsKeyArn(),
                "arn:aws[a-z-]*:kms:%s:\\d{12}:key/[A-Za-z0-9-]+"
                    .formatted(region.orElse("[a-z0-9-]+")),
                "the ARN of a KMS key of the region %s, and of no alias"
                    .formatted(region.orElse("in LAUNCH_REGION")))
            .filter(arn ->
                problems.check(
                    !encrypted.equals(Optional.of("false")),
                    "VOLUME_KMS_KEY_ARN",
                    arn,
                    "allowed where VOLUME_ENCRYPTED is false"));
    return () ->
        new RootVolume(
            device.orElseThrow(),
            size.orElseThrow(),
            type.orElseThrow(),
            Boolean.parseBoolean(encrypted.orElseThrow()),
            key);
  }
}
