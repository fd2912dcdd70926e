package io.elephant.launcher.aws;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import java.util.List;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * An attempt in the words of the SDK. The same attempt always gives the same request, to the order
 * of its tags, because EC2 compares the parameters of requests that share a token.
 */
public final class RunRequest {

  private RunRequest() {}

  public static RunInstancesRequest of(Attempt attempt) {
    LaunchRequest request = attempt.request();
    InstanceTemplate template = request.template();
    List<Tag> tags =
        new TreeMap<>(request.tags())
            .entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    RunInstancesRequest.Builder run =
        RunInstancesRequest.builder()
            .clientToken(attempt.token().value())
            .minCount(1)
            .maxCount(1)
            .imageId(template.imageId())
            .instanceType(request.candidate().instanceType())
            .keyName(template.keyName())
            .securityGroupIds(template.securityGroupIds())
            .subnetId(request.candidate().subnet().id())
            .iamInstanceProfile(profile -> profile.name(template.instanceProfile()))
            .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
            .blockDeviceMappings(rootVolume(template.rootVolume()))
            .tagSpecifications(
                specification(ResourceType.INSTANCE, tags),
                specification(ResourceType.VOLUME, tags))
            .metadataOptions(metadata ->
                metadata
                    .httpTokens(template.imdsTokens().toString())
                    .instanceMetadataTags(template.metadataTags() ? "enabled" : "disabled"));
    template
        .launchTemplate()
        .ifPresent(named ->
            run.launchTemplate(version ->
                    version.launchTemplateId(named.id()).version(Integer.toString(named.version())))
                // What a template protects from termination could never be cleaned up.
                .disableApiTermination(false));
    if (request.candidate().market() == Market.SPOT) {
      run.instanceMarketOptions(market ->
          market
              .marketType(MarketType.SPOT)
              .spotOptions(spot ->
                  spot.spotInstanceType(SpotInstanceType.ONE_TIME)
                      .instanceInterruptionBehavior(InstanceInterruptionBehavior.TERMINATE)));
    }
    return run.build();
  }

  private static TagSpecification specification(ResourceType type, List<Tag> tags) {
    return TagSpecification.builder().resourceType(type).tags(tags).build();
  }

  private static BlockDeviceMapping rootVolume(RootVolume volume) {
    EbsBlockDevice.Builder disk =
        EbsBlockDevice.builder()
            .volumeSize(volume.sizeGib())
            .volumeType(volume.type())
            .deleteOnTermination(true);
    if (volume.encrypted()) {
      // To say false would be refused for an image whose snapshot is encrypted.
      disk.encrypted(true);
      volume.keyArn().ifPresent(disk::kmsKeyId);
    }
    return BlockDeviceMapping.builder().deviceName(volume.deviceName()).ebs(disk.build()).build();
  }
}
