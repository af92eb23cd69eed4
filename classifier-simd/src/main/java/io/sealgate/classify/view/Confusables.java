package io.sealgate.classify.view;

/**
 * Cyrillic and Greek letters that look like Latin ones (a part of Unicode TR 39's confusables).
 * Only within words that are otherwise Latin do they stand for these; real words of these scripts
 * are left alone.
 */
final class Confusables {
  private static final int FIRST = 0x370;
  private static final int LAST = 0x52F;
  private static final String CYRILLIC =
      "\u0430a\u0441c\u0435e\u043eo\u0440p\u0445x\u0443y\u0456i\u0458j\u0455s\u04bbh\u0501d\u051bq\u051dw\u04cfl\u043ak\u0433r\u043fn\u0442t\u0432b\u043cm"
          + "\u0410A\u0412B\u0421C\u0415E\u041dH\u0406I\u0408J\u041aK\u041cM\u041eO\u0420P\u0405S\u0422T\u0425X\u0423Y\u04aeY\u050cG\u051aQ\u051cW\u04c0I";
  private static final String GREEK =
      "\u03b1a\u03bfo\u03bdv\u03c1p\u03b9i\u03bak\u03c5u\u03c7x\u03c4t\u03b3y\u03f2c\u03f3j\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039aK\u039cM\u039dN\u039fO\u03a1P\u03a4T\u03a5Y\u03a7X";
  private static final byte[] LATIN = latin();

  private Confusables() {}

  /** The ASCII letter it looks like, or 0. */
  static int latin(final int codePoint) {
    return codePoint >= FIRST && codePoint <= LAST ? LATIN[codePoint - FIRST] : 0;
  }

  /** Whether it is of the blocks from which look-alikes come. */
  static boolean otherScript(final int codePoint) {
    return codePoint >= FIRST && codePoint <= LAST;
  }

  private static byte[] latin() {
    final byte[] latin = new byte[LAST - FIRST + 1];
    for (final String pairs : new String[] {CYRILLIC, GREEK}) {
      for (int i = 0; i < pairs.length(); i += 2) {
        latin[pairs.charAt(i) - FIRST] = (byte) pairs.charAt(i + 1);
      }
    }
    return latin;
  }
}
