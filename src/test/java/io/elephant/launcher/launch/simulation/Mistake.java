package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A mistake that somebody could make, planted between the protocol and its ports, so that the two
 * together act as the mistaken code would. The simulation must catch it.
 */
record Mistake(OnEc2 ec2, OnTable table, Function<Network, Invocation> time) {

  /** The production code as it is. */
  static final Mistake NONE =
      new Mistake(
          (network, cloud, _) -> new SimulatedInstances(network, cloud),
          SimulatedMeetings::new,
          SimulatedInvocation::new);

  static final Set<Kind> ALL = Set.of(Kind.values());

  /** EC2 as the mistaken code uses it. */
  interface OnEc2 {
    Instances instances(Network network, Cloud cloud, LaunchPlan plan);
  }

  /** The table as the mistaken code uses it. */
  interface OnTable {
    Meetings meetings(Network network, Table table);
  }

  static Mistake onEc2(OnEc2 mistake) {
    return new Mistake(mistake, NONE.table, NONE.time);
  }

  /** The mistake is made by processes of these kinds. */
  static Mistake onTable(Set<Kind> kinds, OnTable mistake) {
    return new Mistake(
        NONE.ec2,
        (network, table) ->
            kinds.contains(network.process().kind)
                ? mistake.meetings(network, table)
                : NONE.table.meetings(network, table),
        NONE.time);
  }

  static Mistake onTime(Function<Network, Invocation> mistake) {
    return new Mistake(NONE.ec2, NONE.table, mistake);
  }

  /** What is made of EC2's answer to an attempt. */
  interface OnRun {
    RunResult run(Instances ec2, Attempt attempt, RunResult result, LaunchPlan plan);
  }

  static Mistake onRun(OnRun mistake) {
    return onEc2((network, cloud, plan) -> {
      Instances right = new SimulatedInstances(network, cloud);
      return new SimulatedInstances(network, cloud) {
        @Override
        public RunResult run(Attempt attempt) {
          return mistake.run(right, attempt, super.run(attempt), plan);
        }
      };
    });
  }

  static Mistake onTermination(UnaryOperator<Termination> mistake) {
    return onEc2((network, cloud, _) ->
        new SimulatedInstances(network, cloud) {
          @Override
          public Termination terminate(InstanceId instance) {
            return mistake.apply(super.terminate(instance));
          }
        });
  }

  /** What is made of the instance that a notice tells of. */
  static Mistake onNotice(UnaryOperator<Ec2Instance> mistake) {
    return onEc2((network, cloud, _) ->
        new SimulatedInstances(network, cloud) {
          @Override
          public Optional<Ec2Instance> find(InstanceId instance) {
            return super.find(instance).map(mistake);
          }
        });
  }

  /** What is made of a row that is read. */
  interface OnFind {
    Optional<Meeting> find(MeetingId id, Optional<Meeting> row);
  }

  static Mistake onFind(Set<Kind> kinds, OnFind mistake) {
    return onTable(
        kinds,
        (network, table) ->
            new SimulatedMeetings(network, table) {
              @Override
              public Optional<Meeting> find(MeetingId id) {
                return mistake.find(id, super.find(id));
              }
            });
  }

  /** How instances are recorded; {@code right} does it as it should be done. */
  interface OnRecord {
    WriteResult record(
        SimulatedMeetings right,
        Meeting seen,
        Map<Role, Recording> recordings,
        Set<Role> roles,
        String delivery);
  }

  static Mistake onRecord(OnRecord mistake) {
    return onTable(
        ALL,
        (network, table) -> {
          SimulatedMeetings right = new SimulatedMeetings(network, table);
          return new SimulatedMeetings(network, table) {
            @Override
            public WriteResult record(
                Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
              return mistake.record(right, seen, recordings, roles, delivery);
            }
          };
        });
  }

  /** How an id is taken out; {@code right} does it as it should be done. */
  interface OnLose {
    WriteResult lose(SimulatedMeetings right, Meeting seen, Role role, LaunchState next);
  }

  static Mistake onLose(Set<Kind> kinds, OnLose mistake) {
    return onTable(
        kinds,
        (network, table) -> {
          SimulatedMeetings right = new SimulatedMeetings(network, table);
          return new SimulatedMeetings(network, table) {
            @Override
            public WriteResult lose(Meeting seen, Role role, LaunchState next) {
              return mistake.lose(right, seen, role, next);
            }
          };
        });
  }
}
