package io.elephant.launcher.graal;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.ServiceMetadata;

/**
 * The endpoints of four hundred AWS services, from before the SDK had endpoint rules. A service
 * that is not among them has the usual endpoint, as DynamoDB and EC2 do, and the rules of each
 * client decide in the end.
 */
@TargetClass(className = "software.amazon.awssdk.regions.GeneratedServiceMetadataProvider")
final class WithoutServiceMetadata {

  @Substitute
  public @Nullable ServiceMetadata serviceMetadata(String endpointPrefix) {
    return null;
  }
}
