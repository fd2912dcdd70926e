package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.meeting.Meetings;

/**
 * A mistake that somebody could make, planted between the protocol and its ports, so that the two
 * together act as the mistaken code would. The simulation must catch it.
 */
interface Mistake {

  /** The production code as it is. */
  Mistake NONE = new Mistake() {};

  default Instances instances(Instances ec2, LaunchPlan plan, Table table) {
    return ec2;
  }

  default Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
    return meetings;
  }

  /** The instances as a recovery alone sees them. */
  default Instances recoveredInstances(Instances ec2) {
    return ec2;
  }

  /** The table as a recovery alone sees it. */
  default Meetings recoveredMeetings(Meetings meetings, Table table, SimulatedProcess process) {
    return meetings;
  }

  default Meetings sweptMeetings(Meetings meetings) {
    return meetings;
  }
}
