package io.elephant.launcher.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What goes wrong in a {@link Drill}. */
public enum PlantedFault {
  /** No zone that may be used has room for the type; another zone and another type have. */
  CAPACITY {
    @Override
    void plant(LocalAws aws, Map<String, String> variables) {
      aws.ec2()
          .on("RunInstances")
          .where(Ec2StandIn.ofType("t3.large").and(aws.ec2().inZone("us-west-2d").negate()))
          .refuse(
              "InsufficientInstanceCapacity",
              "We currently do not have sufficient t3.large capacity in the Availability Zone you"
                  + " requested.");
    }
  },
  /** Somebody has deleted the table, with the meeting's row in it. */
  TABLE {
    @Override
    void plant(LocalAws aws, Map<String, String> variables) {
      aws.dynamoDb().deleteTable(LocalAws.TABLE);
    }
  },
  /** Somebody has deployed an image that is not there. */
  IMAGE {
    @Override
    void plant(LocalAws aws, Map<String, String> variables) {
      variables.put("AMI_ID", "ami-0dead0dead0dead00");
    }
  };

  abstract void plant(LocalAws aws, Map<String, String> variables);

  /** How a person calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<PlantedFault> of(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
  }
}
