package io.sealgate.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * What strangers can hand us either has its one byte form or is refused with the exception of its
 * reader, whatever the bytes. Every build runs the seeds; with {@code JAZZER_FUZZ=1} and {@code
 * -Dtest=FormatsFuzzTest#note} a target searches for more.
 */
final class FormatsFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void note(byte[] data) {
    try {
      assertArrayEquals(data, SignedNote.parse(data).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void checkpoint(byte[] data) {
    try {
      assertArrayEquals(data, Checkpoint.parse(data).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void proof(byte[] data) {
    try {
      TlogProof proof = TlogProof.parse(data);
      assertArrayEquals(data, proof.toBytes());
      proof.includes(data, Checkpoint.parse(proof.note().text()));
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void trustFile(byte[] data) {
    try {
      byte[] canonical = TrustPolicy.parse(data).toBytes();
      assertArrayEquals(canonical, TrustPolicy.parse(canonical).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void tilePath(byte[] data) {
    String path = new String(data, UTF_8);
    try {
      assertEquals(path, TilePath.parse(path).toString());
    } catch (IllegalArgumentException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void witnessRequest(byte[] data) {
    try {
      assertArrayEquals(data, AddCheckpoint.parse(data).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void receipt(byte[] data) {
    try {
      assertArrayEquals(data, CoseReceipt.parse(data).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }

  @FuzzTest(maxDuration = "1m")
  void envelope(byte[] data) {
    try {
      assertArrayEquals(data, Dsse.parse(data).toBytes());
    } catch (NoteException _) {
      // Refused, as it may be.
    }
  }
}
