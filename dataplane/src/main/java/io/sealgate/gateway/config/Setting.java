package io.sealgate.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares one key of {@code sealgate.yaml}. The key is the component's name in kebab-case; its
 * form follows from the component's type. A component whose type is a record is a nested section.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /** The comment printed above the key: what it does, in whole sentences. */
  String says();

  /**
   * The default as it would be written in the file. Empty: the key is required, or absent by
   * default when its type is {@code Optional}. On a section: a flow mapping that replaces defaults
   * of the section's own keys.
   */
  String fallback() default "";

  /** A value shown in the reference for a key without a default. */
  String example() default "";

  /** Smallest number, shortest text or shortest list accepted. */
  long min() default 0;

  /** Largest number, longest text or longest list accepted. */
  long max() default Integer.MAX_VALUE;
}
