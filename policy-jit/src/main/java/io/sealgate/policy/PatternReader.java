package io.sealgate.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sealgate.policy.SourceNode.Mapping;
import io.sealgate.policy.cel.Limits;
import java.util.Set;

/** Reads what content rules look for: finding types by name, and patterns of the tenant's own. */
final class PatternReader {
  /** Bound of one compiled expression, in RE2 instructions. */
  static final int REGEX_PROGRAM_SIZE_MAX = Limits.REGEX_PROGRAM_MAX;

  private final String file;
  private final FindingTypeNames types;

  PatternReader(String file, FindingTypeNames types) {
    this.file = file;
    this.types = types;
  }

  /** Every entry of {@code types} must name a type, an alias or a group. */
  void types(Fields fields, Set<Integer> ids) throws PolicyException {
    for (final SourceNode item : fields.list("types")) {
      for (final int id : type(item.line(), fields.name(item, "an entry of 'types'"))) {
        ids.add(id);
      }
    }
  }

  /** The ids of a type, an alias or a group. */
  int[] type(int line, String name) throws PolicyException {
    final int[] ids = types.idsOf(name);
    if (ids.length == 0) {
      throw new PolicyException(
          file, line, "there is no finding type '" + name + "'", "use one of: " + typeNames());
    }
    return ids;
  }

  /** An entry of {@code patterns} that names no type is a keyword, or a regex between slashes. */
  void patterns(Fields fields, Set<Integer> ids, Set<PolicyPattern> own) throws PolicyException {
    for (final SourceNode item : fields.list("patterns")) {
      if (item instanceof Mapping mapping) {
        own.add(pattern(new Fields(file, mapping)));
        continue;
      }
      final String text = fields.text(item, "an entry of 'patterns'");
      if (text.length() > 2 && text.startsWith("/") && text.endsWith("/")) {
        own.add(regex(item.line(), text, text.substring(1, text.length() - 1)));
      } else if (!addType(text, ids)) {
        own.add(new PolicyPattern(text, text, false));
      }
    }
  }

  private PolicyPattern pattern(Fields fields) throws PolicyException {
    fields.refuseUnknown("a pattern", SchemaFields.PATTERN);
    if (fields.has("regex") == fields.has("keyword")) {
      throw fields.refuse(
          fields.line(), "a pattern needs either 'regex' or 'keyword'", "give exactly one of them");
    }
    if (fields.has("keyword")) {
      final String keyword = fields.text(fields.required("keyword", ""), "'keyword'");
      return new PolicyPattern(fields.text("name", keyword), keyword, false);
    }
    final String regex = fields.text(fields.required("regex", ""), "'regex'");
    return regex(fields.line("regex"), fields.text("name", "/" + regex + "/"), regex);
  }

  private PolicyPattern regex(int line, String name, String expression) throws PolicyException {
    try {
      if (Pattern.compile(expression).programSize() > REGEX_PROGRAM_SIZE_MAX) {
        throw new PolicyException(
            file, line, "the regex is too large", "shorten it or lower its repeat counts");
      }
    } catch (PatternSyntaxException e) {
      throw new PolicyException(
          file, line, "the regex is not RE2 syntax: " + e.getDescription(), "correct the regex");
    }
    return new PolicyPattern(name, expression, true);
  }

  private boolean addType(String name, Set<Integer> ids) {
    final int[] found = types.idsOf(name);
    for (final int id : found) {
      ids.add(id);
    }
    return found.length > 0;
  }

  private String typeNames() {
    final StringBuilder names = new StringBuilder();
    for (int id = 0; id < types.count(); id++) {
      names.append(id == 0 ? "" : ", ").append(types.name(id));
    }
    return names.toString();
  }
}
