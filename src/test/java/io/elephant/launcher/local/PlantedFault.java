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
  },
  /** Somebody has disabled the key that encrypts the volumes: what EC2 starts dies of it. */
  KEY {
    @Override
    void plant(LocalAws aws, Map<String, String> variables) {
      aws.ec2()
          .on("RunInstances")
          .where(Ec2StandIn.forRole(LOSER))
          .afterWork(_ -> instance(aws).ifPresent(id -> aws.ec2().terminate(id, OF_THE_KEY)));
    }

    @Override
    void goOn(LocalAws aws, FailureQueue queue, String meeting) {
      // EC2 tells of each death, and the next instance dies as well.
      for (int death = 0; death < DEATHS; death++) {
        String dead = aws.row(meeting).get(LOSER + "_ec2_id").s();
        tell(queue, dead);
      }
    }
  };

  private static final String LOSER = "teacher";

  /** Two are replaced, and then it stays dead. */
  private static final int DEATHS = 3;

  private static final Instance.Reason OF_THE_KEY =
      new Instance.Reason(
          "Client.InvalidKMSKey.InvalidState", "The KMS key provided is in an incorrect state");

  private static Optional<String> instance(LocalAws aws) {
    return aws.ec2().live().stream()
        .filter(instance -> LOSER.equals(instance.tag("Role")))
        .map(Instance::id)
        .findFirst();
  }

  private static void tell(FailureQueue queue, String dead) {
    queue.deliver(
        """
        {"source": "aws.ec2", "detail-type": "EC2 Instance State-change Notification",\
         "detail": {"instance-id": "%s", "state": "terminated"}}\
        """
            .formatted(dead));
  }

  /** What else happens before the person comes. */
  void goOn(LocalAws aws, FailureQueue queue, String meeting) {}

  abstract void plant(LocalAws aws, Map<String, String> variables);

  /** How a person calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<PlantedFault> of(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
  }
}
