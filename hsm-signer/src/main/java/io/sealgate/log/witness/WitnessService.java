package io.sealgate.log.witness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealgate.log.AddCheckpoint;
import io.sealgate.log.Checkpoint;
import io.sealgate.log.Cosignature;
import io.sealgate.log.Merkle;
import io.sealgate.log.NoteException;
import io.sealgate.log.NoteVerifier;
import io.sealgate.log.SignedNote;
import io.sealgate.log.Vkey;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Cosigns the checkpoints of other logs (C2SP tlog-witness), apart from HTTP. It cosigns only what
 * continues all it cosigned before, and that is on disk before the answer leaves. Safe for any
 * thread; calls block on the disk and on the key.
 */
public final class WitnessService {
  /** Longest request body that need be read. */
  public static final int BODY_BYTES_MAX = AddCheckpoint.BODY_BYTES_MAX;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String SIZE = "text/x.tlog.size";

  private final WitnessedLogs logs;
  private final WitnessKey key;
  private final WitnessState state;
  private final Clock clock;

  /**
   * A witness.
   *
   * @param logs whose checkpoints it cosigns
   * @param clock tells the time in cosignatures
   */
  public WitnessService(WitnessedLogs logs, WitnessKey key, WitnessState state, Clock clock) {
    this.logs = logs;
    this.key = key;
    this.state = state;
    this.clock = clock;
  }

  /**
   * An HTTP answer.
   *
   * @param body not to be changed
   */
  public record Answer(int status, String contentType, byte[] body) {
    private static Answer of(int status, String why) {
      return new Answer(status, TEXT, (why + "\n").getBytes(UTF_8));
    }
  }

  /**
   * Answers {@code POST <submission prefix>/add-checkpoint}.
   *
   * @throws IOException if the disk or the key fails; answer with status 500, nothing was cosigned
   */
  public Answer addCheckpoint(byte[] body) throws IOException {
    AddCheckpoint request;
    Checkpoint checkpoint;
    try {
      request = AddCheckpoint.parse(body);
      checkpoint = Checkpoint.parse(request.note().text());
    } catch (NoteException e) {
      return Answer.of(400, e.getMessage());
    }
    List<Vkey> keys = logs.keys(checkpoint.origin());
    if (keys.isEmpty()) {
      return Answer.of(404, "unknown log");
    }
    try {
      NoteVerifier.of(keys).verify(request.note());
    } catch (NoteException e) {
      return Answer.of(403, e.getMessage());
    }
    if (request.oldSize() > checkpoint.size()) {
      return Answer.of(400, "the old size is above the checkpoint's");
    }
    return decide(request, checkpoint);
  }

  private Answer decide(AddCheckpoint request, Checkpoint checkpoint) throws IOException {
    WitnessState.Seen seen = state.seen(checkpoint.origin());
    long size = seen == null ? 0 : seen.checkpoint().size();
    if (request.oldSize() != size) {
      return conflict(size);
    }
    byte[] root = seen == null ? Merkle.emptyRoot() : seen.checkpoint().root();
    if (checkpoint.size() == 0 && !Arrays.equals(checkpoint.root(), Merkle.emptyRoot())
        || !Merkle.consistencyHolds(
            size, root, checkpoint.size(), checkpoint.root(), request.proof())) {
      return Answer.of(422, "the checkpoint does not continue the one of size " + size);
    }
    byte[] text = request.note().text();
    long seconds = clock.instant().getEpochSecond();
    SignedNote.SignatureLine line =
        Cosignature.line(key.vkey(), seconds, key.sign(Cosignature.message(seconds, text)));
    SignedNote cosigned = SignedNote.of(text, request.note().signatures()).with(List.of(line));
    WitnessState.Seen next = new WitnessState.Seen(checkpoint, cosigned.toBytes());
    if (!state.compareAndSet(checkpoint.origin(), seen, next)) {
      WitnessState.Seen other = state.seen(checkpoint.origin());
      return conflict(other == null ? 0 : other.checkpoint().size());
    }
    return new Answer(200, TEXT, line.toBytes());
  }

  private static Answer conflict(long size) {
    return new Answer(409, SIZE, (size + "\n").getBytes(UTF_8));
  }

  /**
   * Answers {@code GET <monitoring prefix>/<hex SHA-256 of the origin>/checkpoint} with the last
   * checkpoint cosigned.
   */
  public Answer checkpoint(String originHash) throws IOException {
    byte[] hash;
    try {
      hash = HexFormat.of().parseHex(originHash);
    } catch (IllegalArgumentException e) {
      return Answer.of(404, "no such log");
    }
    WitnessState.Seen seen = state.seen(hash);
    return seen == null ? Answer.of(404, "no such log") : new Answer(200, TEXT, seen.note());
  }
}
