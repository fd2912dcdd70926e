package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
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
    return onEc2(mistake, shown -> shown);
  }

  /** And what is made of a look at the meeting's instances. */
  static Mistake onEc2(OnRun mistake, UnaryOperator<List<Ec2Instance>> look) {
    return onEc2((network, cloud, plan) -> {
      Instances right = new SimulatedInstances(network, cloud);
      return new SimulatedInstances(network, cloud) {
        @Override
        public RunResult run(Attempt attempt) {
          return mistake.run(right, attempt, super.run(attempt), plan);
        }

        @Override
        public List<Ec2Instance> ofMeeting(MeetingId meeting) {
          return look.apply(super.ofMeeting(meeting));
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
  interface OnFind extends BiFunction<MeetingId, Optional<Meeting>, Optional<Meeting>> {}

  /** What a write makes of a row; of no row, where there is none. */
  interface OnWrite extends BiFunction<RowWrite, Optional<Meeting>, Optional<Meeting>> {}

  static Mistake onFind(Set<Kind> kinds, OnFind mistake) {
    return onTable(kinds, mistake, "", (_, row) -> row);
  }

  static Mistake onWrite(Set<Kind> kinds, String verb, OnWrite mistake) {
    return onTable(kinds, (_, row) -> row, verb, mistake);
  }

  static Mistake onTable(Set<Kind> kinds, OnFind find, String verb, OnWrite write) {
    return onTable(
        kinds,
        (network, table) ->
            new SimulatedMeetings(network, table) {
              @Override
              public Optional<Meeting> find(MeetingId id) {
                return find.apply(id, super.find(id));
              }

              @Override
              Optional<Meeting> apply(String of, RowWrite right, Optional<Meeting> row) {
                return of.equals(verb) ? write.apply(right, row) : super.apply(of, right, row);
              }
            });
  }
}
