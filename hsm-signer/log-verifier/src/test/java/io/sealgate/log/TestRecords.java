package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Records made up for tests. */
public final class TestRecords {
  private TestRecords() {}

  /** A record that no other index has. */
  public static byte[] record(long index) {
    JcsWriter writer = new JcsWriter();
    writer.beginObject().name("pad").value("x".repeat((int) (index * 37 % 300)));
    return writer.name("seq").value(index).endObject().toByteArray();
  }

  /** Text in UTF-8. */
  public static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
