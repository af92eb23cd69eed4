package io.sealgate.log.verify;

import io.sealgate.log.EntryBundle;
import io.sealgate.log.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the small files that a verification is given, each up to a bound. */
public final class VerifyFiles {
  /** Longest record. */
  public static final int RECORD_BYTES_MAX = EntryBundle.RECORD_BYTES_MAX;

  private VerifyFiles() {}

  /** Where the record of a proof lies if nothing else is said. */
  public static Path recordBeside(Path proof) {
    return proof.resolveSibling(proof.getFileName() + ".record");
  }

  /**
   * A file's bytes.
   *
   * @throws IOException if there is none or it is longer
   */
  public static byte[] read(Path file, int bytesMax) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    if (Files.size(file) > bytesMax) {
      throw new IOException(file + " is longer than " + bytesMax + " bytes; it is another file");
    }
    return Files.readAllBytes(file);
  }

  /** Checkpoint notes, one a file. */
  public static List<byte[]> checkpoints(List<Path> files) throws IOException {
    List<byte[]> notes = new ArrayList<>();
    for (Path file : files) {
      notes.add(read(file, SignedNote.NOTE_BYTES_MAX));
    }
    return notes;
  }
}
