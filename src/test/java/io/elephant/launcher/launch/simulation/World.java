package io.elephant.launcher.launch.simulation;

/** What makes a run hard beyond what can go wrong with each call. */
enum World {
  /** Each look at each instance lags by itself, up to a minute, also one by id. */
  LAG,
  /** TerminateInstances answers UnauthorizedOperation for an id that EC2 does not know. */
  AUTHORIZATION_FIRST,
  /** The tags of a dead instance are gone after a while. */
  TAGS_GO,
  /** EC2 allows so many calls a second. */
  RATES,
  /** EC2's clock and the function's differ by up to ten seconds. */
  CLOCKS,
  /** A process that has ended goes on hours later. */
  THAWS,
  /** Looks are refused for minutes. */
  REFUSED_LOOKS,
  /** Instances die within seconds, one after the other. */
  DEADLY,
  /** EC2 says why only in the old field. */
  OLD_REASONS,
  /** PROJECT_TAG changes between deliveries. */
  PROJECTS,
  /** Subnets, markets, types and the order of the roles change between deliveries. */
  CONFIGURATIONS,
  /** A role is added to ROLES or taken out of it between deliveries. */
  ROLES
}
