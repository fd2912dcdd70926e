package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.launch.Fleet;
import io.elephant.launcher.launch.LaunchPlan;
import io.elephant.launcher.launch.Meetings;

/**
 * A mistake that somebody could make, planted between the protocol and its ports, so that the two
 * together act as the mistaken code would. The simulation must catch it.
 */
interface Mistake {

  /** The production code as it is. */
  Mistake NONE = new Mistake() {};

  default Fleet fleet(Fleet fleet, LaunchPlan plan, Table table) {
    return fleet;
  }

  default Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
    return meetings;
  }

  default Meetings sweptMeetings(Meetings meetings) {
    return meetings;
  }
}
