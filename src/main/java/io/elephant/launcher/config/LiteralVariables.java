package io.elephant.launcher.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Expressions;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes environment variables literally. SmallRye Config would replace <code>${…}</code> in them by
 * other variables, credentials included, and read {@code $$} as one {@code $}.
 */
@Priority(Priorities.APPLICATION)
public final class LiteralVariables implements ConfigSourceInterceptor {

  private static final long serialVersionUID = 1;

  /** The properties of Quarkus and of its build, which may hold expressions, have small letters. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*");

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    return VARIABLE.matcher(name).matches()
        ? Expressions.withoutExpansion(() -> context.proceed(name))
        : context.proceed(name);
  }
}
