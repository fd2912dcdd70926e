package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A mistake that somebody could make, planted between the protocol and its ports, so that the two
 * together act as the mistaken code would. The simulation must catch it.
 */
interface Mistake {

  /** The production code as it is. */
  Mistake NONE = new Mistake() {};

  /** Who makes the calls. */
  enum Caller {
    DELIVERY,
    RECOVERY,
    SWEEP
  }

  default Instances instances(Instances ec2, LaunchPlan plan, Caller caller) {
    return ec2;
  }

  default Meetings meetings(Meetings meetings, Table table, SimulatedProcess process, Caller by) {
    return meetings;
  }

  default Invocation invocation(Invocation invocation) {
    return invocation;
  }

  /** What is made of EC2's answer to an attempt. */
  interface OnRun {
    RunResult run(Instances ec2, Attempt attempt, RunResult result, LaunchPlan plan);
  }

  static Mistake onRun(OnRun mistake) {
    return onEc2((ec2, plan) ->
        new Wrapped(ec2) {
          @Override
          public RunResult run(Attempt attempt) {
            return mistake.run(ec2, attempt, ec2.run(attempt), plan);
          }
        });
  }

  static Mistake onTermination(UnaryOperator<Termination> mistake) {
    return onEc2((ec2, _) ->
        new Wrapped(ec2) {
          @Override
          public Termination terminate(InstanceId instance) {
            return mistake.apply(ec2.terminate(instance));
          }
        });
  }

  /** What is made of what a look at a meeting shows. */
  static Mistake onLook(UnaryOperator<List<Ec2Instance>> mistake) {
    return onEc2((ec2, _) ->
        new Wrapped(ec2) {
          @Override
          public List<Ec2Instance> ofMeeting(MeetingId meeting) {
            return mistake.apply(ec2.ofMeeting(meeting));
          }
        });
  }

  /** What is made of the instance that a notice tells of. */
  static Mistake onNotice(UnaryOperator<Ec2Instance> mistake) {
    return onEc2((ec2, _) ->
        new Wrapped(ec2) {
          @Override
          public Optional<Ec2Instance> find(InstanceId instance) {
            return ec2.find(instance).map(mistake);
          }
        });
  }

  /** EC2 as the mistaken code uses it. */
  interface OnEc2 {
    Instances instances(Instances ec2, LaunchPlan plan);
  }

  static Mistake onEc2(OnEc2 mistake) {
    return new Mistake() {
      @Override
      public Instances instances(Instances ec2, LaunchPlan plan, Caller caller) {
        return mistake.instances(ec2, plan);
      }
    };
  }

  /** The table as the mistaken code uses it. */
  interface OnTable {
    Meetings meetings(Meetings meetings, Table table, SimulatedProcess process);
  }

  static Mistake onTable(Collection<Caller> callers, OnTable mistake) {
    return new Mistake() {
      @Override
      public Meetings meetings(
          Meetings meetings, Table table, SimulatedProcess process, Caller by) {
        return callers.contains(by) ? mistake.meetings(meetings, table, process) : meetings;
      }
    };
  }

  /** What is made of a row that is read. */
  interface OnFind {
    Optional<Meeting> find(MeetingId id, Optional<Meeting> row);
  }

  static Mistake onFind(Collection<Caller> callers, OnFind mistake) {
    return onTable(
        callers,
        (meetings, table, process) ->
            new MistakenMeetings(meetings, table, process) {
              @Override
              public Optional<Meeting> find(MeetingId id) {
                return mistake.find(id, super.find(id));
              }
            });
  }

  /** How instances are recorded; {@code right} does it as it should be done. */
  interface OnRecord {
    WriteResult record(
        MistakenMeetings right,
        Meeting seen,
        Map<Role, Recording> recordings,
        Set<Role> roles,
        String delivery);
  }

  static Mistake onRecord(OnRecord mistake) {
    return onTable(
        EnumSet.allOf(Caller.class),
        (meetings, table, process) -> {
          MistakenMeetings right = new MistakenMeetings(meetings, table, process);
          return new MistakenMeetings(meetings, table, process) {
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
    WriteResult lose(MistakenMeetings right, Meeting seen, Role role, LaunchState next);
  }

  static Mistake onLose(Collection<Caller> callers, OnLose mistake) {
    return onTable(
        callers,
        (meetings, table, process) -> {
          MistakenMeetings right = new MistakenMeetings(meetings, table, process);
          return new MistakenMeetings(meetings, table, process) {
            @Override
            public WriteResult lose(Meeting seen, Role role, LaunchState next) {
              return mistake.lose(right, seen, role, next);
            }
          };
        });
  }

  static Mistake onTime(UnaryOperator<Invocation> mistake) {
    return new Mistake() {
      @Override
      public Invocation invocation(Invocation invocation) {
        return mistake.apply(invocation);
      }
    };
  }

  /** EC2, to be mistaken about in one point. */
  class Wrapped implements Instances {

    private final Instances ec2;

    Wrapped(Instances ec2) {
      this.ec2 = ec2;
    }

    @Override
    public List<Subnet> subnets(Collection<Zone> zones) {
      return ec2.subnets(zones);
    }

    @Override
    public RunResult run(Attempt attempt) {
      return ec2.run(attempt);
    }

    @Override
    public List<Ec2Instance> ofMeeting(MeetingId meeting) {
      return ec2.ofMeeting(meeting);
    }

    @Override
    public List<Ec2Instance> ofStack() {
      return ec2.ofStack();
    }

    @Override
    public Optional<Ec2Instance> find(InstanceId instance) {
      return ec2.find(instance);
    }

    @Override
    public Termination terminate(InstanceId instance) {
      return ec2.terminate(instance);
    }
  }
}
