package io.sealgate.policy;

import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Documents that were read before, as long as memory is not needed for something else: so a publish
 * reads only what changed. Any thread.
 */
final class ParsedDocuments {
  private static final int KEPT_MAX = 16_384;

  private final Map<String, SoftReference<PolicyDocument>> byText =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, SoftReference<PolicyDocument>> eldest) {
          return size() > KEPT_MAX;
        }
      };

  private FindingTypeNames typesOfAll;

  /**
   * Parses, or finds what was parsed with the same types.
   *
   * @param textId names the text; the same id is the same text
   */
  PolicyDocument document(String fileName, String textId, byte[] utf8, FindingTypeNames types)
      throws PolicyException {
    synchronized (this) {
      if (types != typesOfAll) {
        byText.clear();
        typesOfAll = types;
      }
      final SoftReference<PolicyDocument> kept = byText.get(textId);
      final PolicyDocument document = kept == null ? null : kept.get();
      if (document != null && document.fileName().equals(fileName)) {
        return document;
      }
    }
    final PolicyDocument document = PolicyDocument.parse(fileName, utf8, types);
    synchronized (this) {
      if (types == typesOfAll) {
        byText.put(textId, new SoftReference<>(document));
      }
    }
    return document;
  }
}
