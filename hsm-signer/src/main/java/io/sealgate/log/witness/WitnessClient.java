package io.sealgate.log.witness;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealgate.log.AddCheckpoint;
import io.sealgate.log.Checkpoint;
import io.sealgate.log.Merkle;
import io.sealgate.log.NodeSource;
import io.sealgate.log.NoteException;
import io.sealgate.log.SignedNote;
import io.sealgate.log.TrustPolicy;
import io.sealgate.log.Vkey;
import io.sealgate.log.witness.WitnessException.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Asks one witness to cosign our checkpoints (C2SP tlog-witness, add-checkpoint). Blocks up to its
 * deadline; never part of the way of a call. One thread at a time.
 */
public final class WitnessClient implements AutoCloseable {
  /** A first request, and one more after the witness said what size it saw. */
  private static final int TRIES = 2;

  private static final String SIZE_TYPE = "text/x.tlog.size";
  private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,17})\n");

  private final Vkey witness;
  private final URI endpoint;
  private final Duration deadline;
  private final HttpClient client;
  private String origin;
  private long seen;

  /**
   * A client of a witness that the trust policy names.
   *
   * @param deadline longest time for one request
   * @throws IllegalArgumentException if the policy gives no http(s) URL for it
   */
  public WitnessClient(TrustPolicy.Witness witness, Duration deadline) {
    String url = witness.url();
    if (url == null || !(url.startsWith("http://") || url.startsWith("https://"))) {
      throw new IllegalArgumentException(
          "witness "
              + witness.name()
              + " has no http(s) URL; write it behind its key in the trust policy");
    }
    this.witness = witness.key();
    this.endpoint =
        URI.create(url.endsWith("/") ? url + "add-checkpoint" : url + "/add-checkpoint");
    this.deadline = deadline;
    this.client = HttpClient.newBuilder().connectTimeout(deadline).build();
  }

  /**
   * A cosignature over a checkpoint.
   *
   * @param note the checkpoint, signed by the log
   * @param nodes the log's tree, of at least the checkpoint's size
   * @return the witness's signature lines, verified
   * @throws WitnessException if it gave none
   */
  public List<SignedNote.SignatureLine> cosign(SignedNote note, NodeSource nodes)
      throws IOException {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(origin)) {
      origin = checkpoint.origin();
      seen = 0;
    }
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long old = Math.min(seen, checkpoint.size());
      List<byte[]> proof = Merkle.consistencyProof(old, checkpoint.size(), nodes);
      Answer answer = post(new AddCheckpoint(old, proof, note));
      switch (answer.status()) {
        case 200 -> {
          List<SignedNote.SignatureLine> lines = own(answer.body(), note);
          seen = checkpoint.size();
          return lines;
        }
        case 409 -> {
          seen = size(answer);
          if (seen > checkpoint.size()) {
            throw new WitnessException(
                Refusal.CONFLICT,
                witness.name() + " saw size " + seen + " of " + origin + " already");
          }
        }
        case 400 -> throw refused(Refusal.BAD_REQUEST, "the request is not as it should be");
        case 403 -> throw refused(Refusal.NOT_TRUSTED, "it trusts none of the log's keys");
        case 404 -> throw refused(Refusal.UNKNOWN_LOG, "it does not know the log " + origin);
        case 422 ->
            throw refused(
                Refusal.INCONSISTENT,
                "the log does not continue what it saw; verify the log before going on");
        default -> throw refused(Refusal.UNREACHABLE, "its status is " + answer.status());
      }
    }
    throw refused(Refusal.CONFLICT, "its size of " + origin + " changed twice meanwhile");
  }

  private WitnessException refused(Refusal refusal, String why) {
    return new WitnessException(refusal, "witness " + witness.name() + " refused: " + why);
  }

  private record Answer(int status, String contentType, byte[] body) {}

  private Answer post(AddCheckpoint request) throws WitnessException {
    try {
      HttpResponse<InputStream> response =
          client.send(
              HttpRequest.newBuilder(endpoint)
                  .timeout(deadline)
                  .POST(HttpRequest.BodyPublishers.ofByteArray(request.toBytes()))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return new Answer(
            response.statusCode(),
            response.headers().firstValue("content-type").orElse(""),
            body.readNBytes(AddCheckpoint.BODY_BYTES_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WitnessException(Refusal.UNREACHABLE, "interrupted at " + endpoint, e);
    } catch (IOException e) {
      throw new WitnessException(
          Refusal.UNREACHABLE, "witness " + witness.name() + " does not answer: " + e, e);
    }
  }

  private long size(Answer answer) throws WitnessException {
    String text = new String(answer.body(), US_ASCII);
    if (!answer.contentType().equals(SIZE_TYPE) || !SIZE.matcher(text).matches()) {
      throw refused(Refusal.UNREACHABLE, "it does not say which size it saw; is it a witness?");
    }
    return Long.parseLong(text.strip());
  }

  private List<SignedNote.SignatureLine> own(byte[] body, SignedNote note) throws WitnessException {
    try {
      List<SignedNote.SignatureLine> lines =
          SignedNote.parseSignatures(body).stream()
              .filter(line -> line.isOf(witness.name(), witness.keyId()))
              .toList();
      for (SignedNote.SignatureLine line : lines) {
        if (!witness.verifies(note.text(), line.signature())) {
          throw refused(Refusal.BAD_SIGNATURE, "its signature does not verify");
        }
      }
      if (lines.isEmpty()) {
        throw refused(Refusal.BAD_SIGNATURE, "the answer has no signature of its key");
      }
      return lines;
    } catch (NoteException e) {
      throw new WitnessException(
          Refusal.BAD_SIGNATURE, "witness " + witness.name() + " answers no signatures", e);
    }
  }

  /** Ends its connections; a request under way fails. */
  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
