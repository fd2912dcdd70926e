package io.elephant.launcher.preflight;

import io.elephant.launcher.aws.PreflightCalls;
import java.util.Optional;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * The region's keys at KMS.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html">DescribeKey</a>
 */
public record KmsKeys(KmsClient kms) implements Keys {

  @Override
  public Optional<String> state(String id) {
    return PreflightCalls.find(
        "kms:DescribeKey",
        () -> kms.describeKey(request -> request.keyId(id)).keyMetadata().keyStateAsString());
  }
}
