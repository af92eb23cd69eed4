package io.sealgate.gateway.config;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;

/**
 * Prints a configuration as a complete, commented {@code sealgate.yaml} that reads back to the same
 * configuration. Keys without a value are shown as comments.
 */
public final class ConfigReference {
  private static final int COLUMNS_MAX = 100;
  private static final int INDENT = 2;
  private static final String PLAIN = "[A-Za-z0-9./][A-Za-z0-9./_:-]*";
  private static final String HEADER =
      """
      # Sealgate configuration: every key, with its default where nothing else was chosen.
      # Durations and sizes carry their unit in the key. Relative paths start at the working
      # directory of the process. Unknown keys are refused.
      """;

  private final StringBuilder out = new StringBuilder(HEADER);

  private ConfigReference() {}

  /** The reference: all keys with their defaults. */
  public static String print() {
    return print(GatewayConfig.defaults());
  }

  /** All keys with the values of a configuration. Holds paths of secrets, never secrets. */
  public static String print(final GatewayConfig config) {
    final ConfigReference reference = new ConfigReference();
    reference.section(config, "");
    return reference.out.toString();
  }

  private void section(final Record values, final String margin) {
    for (final RecordComponent component : values.getClass().getRecordComponents()) {
      if (margin.isEmpty()) {
        out.append('\n');
      }
      component(component, value(component, values), margin);
    }
  }

  private void component(final RecordComponent component, final Object value, final String margin) {
    final Setting setting = SectionReader.setting(component);
    final String key = SectionReader.key(component);
    comment(setting.says(), margin);
    if (value instanceof Record nested && SectionReader.isSection(value.getClass())) {
      line(margin, key, "");
      section(nested, deeper(margin));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresentOrElse(
          present -> line(margin, key, scalar(present)),
          () -> line(margin + "# ", key, setting.example()));
    } else if (value instanceof List<?> list
        && SectionReader.isSection(SectionReader.argument(component))) {
      sections(component, key, list, margin);
    } else {
      line(margin, key, text(value));
    }
  }

  private void sections(
      final RecordComponent component,
      final String key,
      final List<?> elements,
      final String margin) {
    if (elements.isEmpty()) {
      comment("For example:", margin);
      final String remark = margin + "# ";
      line(remark, key, "");
      out.append(remark).append("  -\n");
      example(SectionReader.argument(component), deeper(deeper(remark)));
      line(margin, key, "[]");
      return;
    }
    line(margin, key, "");
    for (final Object element : elements) {
      out.append(deeper(margin)).append("-\n");
      section((Record) element, deeper(deeper(margin)));
    }
  }

  /** An element as it could be written: examples for what has no default, defaults for the rest. */
  private void example(final Class<?> type, final String margin) {
    for (final RecordComponent component : type.getRecordComponents()) {
      final Setting setting = SectionReader.setting(component);
      final String key = SectionReader.key(component);
      comment(setting.says(), margin);
      if (SectionReader.isSection(component.getType())) {
        line(margin, key, "");
        example(component.getType(), deeper(margin));
      } else {
        line(margin, key, setting.fallback().isEmpty() ? setting.example() : setting.fallback());
      }
    }
  }

  private void line(final String margin, final String key, final String value) {
    final String line = margin + key + (value.isEmpty() ? ":" : ": ") + value;
    // A list may go on in the next line at any of its spaces.
    final int space =
        value.startsWith("[") && line.length() > COLUMNS_MAX
            ? line.lastIndexOf(' ', COLUMNS_MAX)
            : -1;
    if (space < 0) {
      out.append(line).append('\n');
    } else {
      out.append(line, 0, space).append('\n');
      out.append(deeper(margin)).append(line, space + 1, line.length()).append('\n');
    }
  }

  private void comment(final String says, final String margin) {
    final int width = COLUMNS_MAX - margin.length() - INDENT;
    StringBuilder line = new StringBuilder();
    for (final String word : says.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        out.append(margin).append("# ").append(line).append('\n');
        line = new StringBuilder();
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    out.append(margin).append("# ").append(line).append('\n');
  }

  private static String text(final Object value) {
    if (value instanceof Cores cores) {
      return cores.auto() ? "auto" : cores.ids().toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigReference::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
    return scalar(value);
  }

  private static String scalar(final Object value) {
    if (value instanceof Integer || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Enum<?>) {
      return SectionReader.enumName(value);
    }
    final String text = value.toString();
    final boolean plain =
        text.matches(PLAIN)
            && !text.endsWith(":")
            && new JsonScalarResolver().resolve(text, true).equals(Tag.STR);
    return plain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Object value(final RecordComponent component, final Record values) {
    try {
      return component.getAccessor().invoke(values);
    } catch (final ReflectiveOperationException broken) {
      throw new AssertionError(component + " cannot be read", broken);
    }
  }

  private static String deeper(final String margin) {
    return margin + " ".repeat(INDENT);
  }
}
