package io.elephant.launcher.launch.simulation;

/** Runs as many seeds as wanted and says how it goes: {@code Soak <seeds> [<first seed>]}. */
final class Soak {

  private Soak() {}

  public static void main(String[] arguments) throws InterruptedException {
    long count = Long.parseLong(arguments[0]);
    long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    Seeds seeds = new Seeds(Mistake.NONE);
    Seeds.Result result = seeds.run(first, count, System.out::println);
    System.out.println(result);
    if (result.broken().isPresent()) {
      System.exit(1);
    }
  }
}
