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

  /**
   * Finds a document that was parsed with the same types.
   *
   * @param textId names the text; the same id is the same text
   * @return null if there is none
   */
  synchronized PolicyDocument get(String fileName, String textId, FindingTypeNames types) {
    final SoftReference<PolicyDocument> kept = byText.get(textId);
    final PolicyDocument document = kept == null ? null : kept.get();
    return document != null && document.types() == types && document.fileName().equals(fileName)
        ? document
        : null;
  }

  synchronized void put(PolicyDocument document) {
    byText.put(document.textId(), new SoftReference<>(document));
  }
}
