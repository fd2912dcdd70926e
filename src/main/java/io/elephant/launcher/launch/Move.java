package io.elephant.launcher.launch;

/** What is to be done about a role, now that EC2 has answered its attempt. */
sealed interface Move {

  /** Write the machine's id into the row. */
  record Take(Machine machine) implements Move {}

  /** Turn the role's page: another attempt counts from now on. */
  record Turn(Page from, Page to) implements Move {}

  /** Ask again, a little later. */
  record Wait(Refusal refusal) implements Move {}

  /** Nothing that this function may do would help. */
  record GiveUp(Refusal refusal) implements Move {}
}
