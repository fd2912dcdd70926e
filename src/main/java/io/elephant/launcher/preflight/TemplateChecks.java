package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.preflight.Answers.VolumeKey;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.Image;
import io.elephant.launcher.preflight.Resources.InstanceType;
import io.elephant.launcher.preflight.Resources.SecurityGroup;
import io.elephant.launcher.preflight.Resources.VpcSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What every instance is made of: image, root volume, key pair, security groups and profile. */
record TemplateChecks(String region, InstanceTemplate template) implements Check.Group {

  @Override
  public List<Check> checks(Answers answers) {
    List<Check> checks = new ArrayList<>();
    String image = template.imageId();
    String device = template.rootVolume().deviceName();
    String profile = template.instanceProfile();
    checks.add(Check.of("image", image, () -> image(answers)));
    checks.add(
        Check.of(
            "architecture", image, () -> ofImage(answers, found -> architecture(found, answers))));
    checks.add(Check.of("root-device", device, () -> ofImage(answers, this::rootDevice)));
    answers
        .volumeKey()
        .ifPresent(key ->
            checks.add(
                Check.of(
                    "volume-key",
                    template.rootVolume().keyArn().orElse("the account's default"),
                    () -> volumeKey(key.get()))));
    checks.add(Check.of("key-pair", template.keyName(), () -> keyPair(answers)));
    for (String id : template.securityGroupIds()) {
      checks.add(Check.of("security-group", id, () -> securityGroup(id, answers)));
    }
    checks.add(Check.of("instance-profile", profile, () -> profile(answers)));
    return checks;
  }

  private Result image(Answers answers) {
    Optional<Image> found = answers.image().get();
    if (found.isEmpty()) {
      return new Obstacle(
          "There is no such image in " + region + ", or this account may not use it",
          "Correct AMI_ID, or have the image copied to " + region + " or shared with this account");
    }
    String state = found.get().state();
    return state.equals("available")
        ? new Passed("It is available")
        : new Obstacle("It is " + state, "Wait until it is available, or correct AMI_ID");
  }

  private static Result ofImage(Answers answers, Function<Image, Result> judgement) {
    return answers
        .image()
        .get()
        .map(judgement)
        .orElse(new Unknown("There is no image to look at", "Mend the check of the image first"));
  }

  private static Result architecture(Image image, Answers answers) {
    List<InstanceType> types = answers.types().get();
    if (types.isEmpty()) {
      return new Unknown("No instance type is known to compare with", "Correct INSTANCE_TYPE");
    }
    List<String> misfits =
        types.stream()
            .filter(type -> !type.architectures().contains(image.architecture()))
            .map(type -> type.name() + " (" + String.join(", ", type.architectures()) + ")")
            .toList();
    return misfits.isEmpty()
        ? new Passed(image.architecture())
        : new Obstacle(
            "The image is for %s and does not boot on %s"
                .formatted(image.architecture(), String.join(", ", misfits)),
            "Take these types out of INSTANCE_TYPE, or set AMI_ID to an image for them");
  }

  private Result rootDevice(Image image) {
    RootVolume volume = template.rootVolume();
    if (!image.rootDeviceName().equals(volume.deviceName())) {
      return new Obstacle(
          "The image's root device is %s: each instance would get a second disk, and a root volume"
                  .formatted(image.rootDeviceName())
              + " that is not as configured",
          "Set ROOT_DEVICE_NAME to " + image.rootDeviceName());
    }
    return image
        .rootVolumeGib()
        .filter(least -> least > volume.sizeGib())
        .<Result>map(least ->
            new Obstacle(
                "The image needs a root volume of %d GiB, and VOLUME_SIZE_GIB is %d"
                    .formatted(least, volume.sizeGib()),
                "Set VOLUME_SIZE_GIB to at least " + least))
        .orElse(new Passed("It is the image's root device"));
  }

  /** EC2 looks at the key when it attaches the volume, seconds after it has said yes. */
  private Result volumeKey(VolumeKey key) {
    if (key.isOfAws()) {
      return new Passed("It is AWS's own key for EBS");
    }
    String other =
        template.rootVolume().keyArn().isPresent()
            ? "correct VOLUME_KMS_KEY_ARN (volume_kms_key_arn)"
            : "name another (aws ec2 modify-ebs-default-kms-key-id, or volume_kms_key_arn)";
    if (key.state().isEmpty()) {
      return new Obstacle(
          "KMS has no key %s in %s: each instance would end seconds after its launch"
              .formatted(key.id(), region),
          "Make it, or " + other);
    }
    String state = key.state().get();
    return state.equals("Enabled")
        ? new Passed("%s is Enabled".formatted(key.id()))
        : new Obstacle(
            "%s is %s: each instance would end seconds after its launch".formatted(key.id(), state),
            "Enable it (aws kms enable-key; where it is to be deleted, aws kms cancel-key-deletion"
                + " before), or "
                + other);
  }

  private Result keyPair(Answers answers) {
    return answers.keyPair().get()
        ? new Passed("It is there")
        : new Obstacle(
            "There is no key pair of this name in " + region,
            "Make or import it in " + region + ", or correct KEY_NAME");
  }

  private Result securityGroup(String id, Answers answers) {
    List<SecurityGroup> groups = answers.securityGroups().get();
    List<VpcSubnet> subnets = answers.subnets().get();
    Optional<String> vpc =
        groups.stream().filter(group -> group.id().equals(id)).map(SecurityGroup::vpc).findFirst();
    if (vpc.isEmpty()) {
      return new Obstacle(
          "There is no such security group in " + region,
          "Correct SECURITY_GROUP_IDS, or make the group in the VPC of the subnets");
    }
    List<String> others =
        subnets.stream()
            .map(VpcSubnet::vpc)
            .distinct()
            .filter(other -> !other.equals(vpc.get()))
            .toList();
    return others.isEmpty()
        ? new Passed("It is in " + vpc.get())
        : new Obstacle(
            "It is in %s, and the subnets are in %s"
                .formatted(vpc.get(), String.join(", ", others)),
            "Set SECURITY_GROUP_IDS to groups of " + String.join(", ", others));
  }

  private static Result profile(Answers answers) {
    Optional<List<String>> roles = answers.profileRoles().get();
    if (roles.isEmpty()) {
      return new Obstacle(
          "There is no instance profile of this name", "Make it, or correct IAM_PROFILE");
    }
    return roles.get().isEmpty()
        ? new Obstacle(
            "It has no role", "Add the instances' role to it: aws iam add-role-to-instance-profile")
        : new Passed("It has the role " + String.join(", ", roles.get()));
  }
}
