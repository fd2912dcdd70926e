package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Mistakes that have been made with EC2 and DynamoDB, one by one. */
enum Planted implements Mistake {

  /** A token is thought to be good for the region, so after a time-out it goes to the next zone. */
  TOKEN_REUSED_IN_ANOTHER_ZONE {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.Unclear
              ? super.run(in(nextZone(attempt, plan), attempt))
              : result;
        }
      };
    }
  },

  /** After a time-out, a launch without a token that anybody knows. */
  NEW_TOKEN_FOR_AN_UNCLEAR_ANSWER {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.Unclear ? super.run(again(attempt)) : result;
        }
      };
    }
  },

  /** After a time-out, DescribeInstances is asked whether there is one. */
  EMPTY_DESCRIBE_BELIEVED {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.Unclear
              ? super.find(attempt)
                  .filter(FoundInstance.Alive.class::isInstance)
                  .map(FoundInstance.Alive.class::cast)
                  .<RunResult>map(found -> new RunResult.Started(found.instance()))
                  .orElseGet(() -> super.run(again(attempt)))
              : result;
        }
      };
    }
  },

  /** That EC2 refuses a call for its rate is taken for a verdict on the attempt. */
  THROTTLING_TAKEN_FOR_A_REFUSAL {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.Throttled(Refusal why)
              ? new RunResult.NoCapacity(why)
              : result;
        }
      };
    }
  },

  /** A repetition sends what is configured now. */
  TODAYS_CONFIGURATION_INSTEAD_OF_THE_FROZEN_REQUEST {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          return super.run(in(plan.zones().getFirst(), attempt));
        }
      };
    }
  },

  /** Any instance of the meeting will do. */
  WRONG_INSTANCE_ADOPTED {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public Optional<FoundInstance> find(Attempt attempt) {
          return super.ofStack().stream()
              .filter(instance -> instance.meeting().equals(Story.MEETING))
              .<FoundInstance>map(instance -> new FoundInstance.Alive(instance.id()))
              .findFirst();
        }
      };
    }
  },

  /** The ids are written into whatever row is there. */
  RECORD_WITHOUT_ITS_CONDITION {
    @Override
    public Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
          return write(id, row -> Table.with(row, started, row.status(), Optional.empty()));
        }

        @Override
        public WriteResult complete(
            Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
          return write(
              seen.id(),
              row -> Table.with(row, started, Optional.of(Status.LAUNCHED), Optional.of(delivery)));
        }

        private WriteResult write(MeetingId id, UnaryOperator<Meeting> change) {
          super.find(id);
          return force(table, process, id, change);
        }
      };
    }
  },

  /** UpdateItem makes a row where there is none. */
  ROW_REVIVED_BY_AN_UPDATE {
    @Override
    public Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult complete(
            Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
          WriteResult written = super.complete(seen, started, roles, delivery);
          return written instanceof WriteResult.Written || table.find(seen.id()).isPresent()
              ? written
              : table.force(
                  Table.with(
                      empty(seen.id()),
                      started,
                      Optional.of(Status.LAUNCHED),
                      Optional.of(delivery)),
                  process);
        }
      };
    }
  },

  /** LAUNCHED goes with the first id. */
  STATUS_SET_AFTER_THE_FIRST_ROLE {
    @Override
    public Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
          return super.record(id, started) instanceof WriteResult.Written(Meeting row)
              ? table.force(
                  Table.with(
                      row, Map.of(), Optional.of(Status.LAUNCHED), Optional.of(process.toString())),
                  process)
              : new WriteResult.NotWritten(Optional.empty());
        }
      };
    }
  },

  /** The state is turned, whatever it says by then. */
  ADVANCE_WITHOUT_COMPARE_AND_SET {
    @Override
    public Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
          super.find(id);
          return force(table, process, id, row -> Table.with(row, Map.of(role, to)));
        }
      };
    }
  },

  /** InsufficientInstanceCapacity is an HTTP 500, and those are repeated. */
  SDK_RETRY_OF_A_FULL_ZONE {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.NoCapacity(Refusal refusal)
              ? new RunResult.Unclear(refusal)
              : result;
        }
      };
    }
  },

  /** InvalidInstanceID.NotFound is taken for an instance that is gone, seconds after its start. */
  UNKNOWN_ID_TAKEN_FOR_TERMINATED {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public Termination terminate(InstanceId instance) {
          Termination result = super.terminate(instance);
          return result instanceof Termination.UnknownId ? new Termination.Terminated() : result;
        }
      };
    }
  },

  /** A termination that was throttled or not answered is left at that. */
  UNCLEAR_TERMINATION_TAKEN_FOR_DONE {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public Termination terminate(InstanceId instance) {
          Termination result = super.terminate(instance);
          return result instanceof Termination.Unclear ? new Termination.Terminated() : result;
        }
      };
    }
  },

  /** A refusal that is judged before the token is taken for proof that nothing was started. */
  REFUSAL_TAKEN_FOR_PROOF {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.RefusedBeforeToken refused
              ? new RunResult.NoCapacity(refused.refusal())
              : result;
        }

        @Override
        public List<TaggedInstance> ofMeeting(MeetingId meeting) {
          return List.of();
        }
      };
    }
  },

  /** An instance that its token calls dead is taken, because DescribeInstances still shows it. */
  STALE_VIEW_BELIEVED {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public RunResult run(Attempt attempt) {
          RunResult result = super.run(attempt);
          return result instanceof RunResult.Dead
                  && super.find(attempt).orElse(null) instanceof FoundInstance.Alive(InstanceId id)
              ? new RunResult.Started(id)
              : result;
        }
      };
    }
  },

  /** Nobody looks at the tags, neither beside the requests nor before answering. */
  TAGS_NOT_LOOKED_AT {
    @Override
    public Instances instances(Instances ec2, LaunchPlan plan, Table table) {
      return new MistakenInstances(ec2) {
        @Override
        public List<TaggedInstance> ofMeeting(MeetingId meeting) {
          return List.of();
        }
      };
    }
  },

  /** Whatever ended an instance, it is replaced. */
  HEALS_WHAT_WAS_ENDED_ON_PURPOSE {
    @Override
    public Instances recoveredInstances(Instances ec2) {
      return new MistakenInstances(ec2) {
        @Override
        public Optional<TaggedInstance> ofStack(InstanceId instance) {
          return super.ofStack(instance)
              .map(shown ->
                  new TaggedInstance(
                      shown.id(),
                      shown.meeting(),
                      shown.role(),
                      shown.launched(),
                      shown.running(),
                      shown.token(),
                      shown.zone(),
                      shown.ended().map(_ -> new Refusal("Server.InternalError", "unread"))));
        }
      };
    }
  },

  /** The id is taken out, whatever the row says by then. */
  HEALS_TWICE {
    @Override
    public Meetings recoveredMeetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult lose(
            MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
          super.find(id);
          return force(table, process, id, row -> Table.without(row, role, to));
        }
      };
    }
  },

  /** A row whose address others hold counts as one that is launched. */
  HEALS_AFTER_DNS_WRITTEN {
    @Override
    public Meetings recoveredMeetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public Optional<Meeting> find(MeetingId id) {
          return super.find(id)
              .map(row ->
                  row.launchable() || row.cancelled()
                      ? row
                      : new Meeting(
                          row.id(),
                          Optional.of(Status.LAUNCHED),
                          row.meetTime(),
                          row.instances(),
                          row.launchRecord()));
        }

        @Override
        public WriteResult lose(
            MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
          return table
              .find(id)
              .filter(row -> instance.equals(row.instances().get(role)))
              .map(row -> table.force(Table.without(row, role, to), process))
              .orElseGet(() -> new WriteResult.NotWritten(Optional.empty()));
        }
      };
    }
  },

  /** Deaths after the record are not counted with those before it. */
  FORGETS_THE_BOUND {
    @Override
    public Meetings recoveredMeetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public WriteResult lose(
            MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
          return super.lose(
              id,
              role,
              instance,
              from,
              new LaunchState(
                  to.revision(),
                  to.attempt(),
                  to.firstAttempt(),
                  to.claimed(),
                  to.since(),
                  0,
                  to.recorded(),
                  to.found(),
                  to.lost(),
                  to.reason()));
        }
      };
    }
  },

  /** A row that is not there says that its meeting is over, although the table was emptied. */
  MISSING_ROW_TAKEN_FOR_THE_END {
    @Override
    public Meetings sweptMeetings(Meetings meetings) {
      return new MistakenMeetings(meetings) {
        @Override
        public Optional<Meeting> find(MeetingId id) {
          return super.find(id)
              .or(() ->
                  Optional.of(
                      new Meeting(
                          id,
                          Optional.of(new Status("TERMINATED")),
                          Optional.empty(),
                          Map.of(),
                          Optional.empty())));
        }
      };
    }
  },

  /** A launch record is this row's, whosever tokens are in it. */
  COPIED_RECORD_BELIEVED {
    @Override
    public Meetings meetings(Meetings meetings, Table table, SimulatedProcess process) {
      return new MistakenMeetings(meetings) {
        @Override
        public Optional<Meeting> find(MeetingId id) {
          return super.find(id)
              .map(row ->
                  row.copied().isEmpty()
                      ? row
                      : new Meeting(
                          row.id(),
                          row.status(),
                          row.meetTime(),
                          row.instances(),
                          row.copied(),
                          Optional.empty()));
        }
      };
    }
  },

  /** The sweep reads each row once and acts on that later. */
  SWEEP_WITHOUT_THE_SECOND_READ {
    @Override
    public Meetings sweptMeetings(Meetings meetings) {
      Map<MeetingId, Optional<Meeting>> read = new HashMap<>();
      return new MistakenMeetings(meetings) {
        @Override
        public Optional<Meeting> find(MeetingId id) {
          Optional<Meeting> known = read.get(id);
          if (known == null) {
            known = super.find(id);
            read.put(id, known);
          }
          return known;
        }
      };
    }
  };

  /** A write whose only condition is that there is a row. */
  private static WriteResult force(
      Table table, SimulatedProcess process, MeetingId id, UnaryOperator<Meeting> change) {
    return table
        .find(id)
        .map(row -> table.force(change.apply(row), process))
        .orElseGet(() -> new WriteResult.NotWritten(Optional.empty()));
  }

  private static Attempt again(Attempt attempt) {
    return new Attempt(
        attempt.claim(),
        attempt.number(),
        new ClientToken(attempt.token() + "-again"),
        attempt.request());
  }

  private static Zone nextZone(Attempt attempt, LaunchPlan plan) {
    int place = plan.zones().indexOf(attempt.request().candidate().subnet().zone());
    return plan.zones().get((place + 1) % plan.zones().size());
  }

  private static Attempt in(Zone zone, Attempt attempt) {
    LaunchRequest request = attempt.request();
    LaunchRequest elsewhere =
        new LaunchRequest(
            new Candidate(
                request.candidate().market(),
                request.candidate().instanceType(),
                new Subnet("subnet-" + zone.name().substring(9), zone)),
            request.imageId(),
            request.keyName(),
            request.securityGroupIds(),
            request.instanceProfile(),
            request.rootVolume(),
            request.imdsTokens(),
            request.launchTemplate(),
            request.tags());
    return new Attempt(attempt.claim(), attempt.number(), attempt.token(), elsewhere);
  }

  private static Meeting empty(MeetingId id) {
    return new Meeting(id, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
  }

  /** EC2 as the mistaken code uses it. */
  private static class MistakenInstances implements Instances {

    private final Instances ec2;

    MistakenInstances(Instances ec2) {
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
    public Optional<FoundInstance> find(Attempt attempt) {
      return ec2.find(attempt);
    }

    @Override
    public List<TaggedInstance> ofMeeting(MeetingId meeting) {
      return ec2.ofMeeting(meeting);
    }

    @Override
    public List<TaggedInstance> ofStack() {
      return ec2.ofStack();
    }

    @Override
    public Optional<TaggedInstance> ofStack(InstanceId instance) {
      return ec2.ofStack(instance);
    }

    @Override
    public Termination terminate(InstanceId instance) {
      return ec2.terminate(instance);
    }
  }

  /** The table as the mistaken code uses it. */
  private static class MistakenMeetings implements Meetings {

    private final Meetings meetings;

    MistakenMeetings(Meetings meetings) {
      this.meetings = meetings;
    }

    @Override
    public Optional<Meeting> find(MeetingId id) {
      return meetings.find(id);
    }

    @Override
    public WriteResult claim(Meeting seen, Map<Role, LaunchState> first) {
      return meetings.claim(seen, first);
    }

    @Override
    public WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
      return meetings.advance(id, role, from, to);
    }

    @Override
    public WriteResult lose(
        MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
      return meetings.lose(id, role, instance, from, to);
    }

    @Override
    public WriteResult fail(Meeting seen, Set<Role> open, String why) {
      return meetings.fail(seen, open, why);
    }

    @Override
    public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
      return meetings.record(id, started);
    }

    @Override
    public WriteResult complete(
        Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
      return meetings.complete(seen, started, roles, delivery);
    }
  }
}
