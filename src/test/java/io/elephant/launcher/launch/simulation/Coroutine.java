package io.elephant.launcher.launch.simulation;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * Ordinary blocking code that can stop in its middle and be resumed later by whoever likes to, on
 * the same thread. A stopped coroutine that nobody resumes is garbage: not even its {@code finally}
 * blocks run, which is what happens to a killed process.
 *
 * <p>This is what virtual threads are made of. The class is internal to the JDK, so it is reached
 * through method handles and needs {@code --add-exports java.base/jdk.internal.vm=ALL-UNNAMED}. A
 * switch costs a tenth of a microsecond, a hundredth of what a thread costs.
 */
final class Coroutine {

  private static final MethodHandle CREATE;
  private static final MethodHandle RUN;
  private static final MethodHandle STOP;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> type = Class.forName("jdk.internal.vm.Continuation");
      Class<?> scopeType = Class.forName("jdk.internal.vm.ContinuationScope");
      Object scope =
          lookup.findConstructor(scopeType, methodType(void.class, String.class)).invoke("runs");
      CREATE =
          lookup
              .findConstructor(type, methodType(void.class, scopeType, Runnable.class))
              .bindTo(scope)
              .asType(methodType(Object.class, Runnable.class));
      RUN =
          lookup
              .findVirtual(type, "run", methodType(void.class))
              .asType(methodType(void.class, Object.class));
      STOP = lookup.findStatic(type, "yield", methodType(boolean.class, scopeType)).bindTo(scope);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Object continuation;
  private boolean isDone;

  Coroutine(Runnable body) {
    try {
      Runnable whole =
          () -> {
            body.run();
            isDone = true;
          };
      continuation = (Object) CREATE.invokeExact(whole);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the body up to its next stop or its end. */
  void resume() {
    try {
      RUN.invokeExact(continuation);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isDone() {
    return isDone;
  }

  /** Stops the coroutine that calls it; returns when that is resumed. */
  static void stop() {
    try {
      boolean _ = (boolean) STOP.invokeExact();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
