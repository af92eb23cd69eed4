package io.sealgate.signer;

import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.sealgate.signer.ipc.SealWire;
import io.sealgate.signer.token.TokenException;
import io.sealgate.store.StoreException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The writer thread: takes what is waiting, seals it as one batch, answers, and looks again. The
 * next batch gathers while this one is on its way, so the batch size follows the load and no timer
 * is needed.
 */
final class SealLoop implements Runnable {
  /** What the loop has done so far, for the heartbeat. */
  record Totals(long treeSize, long batches, long failedBatches, SealWire.Batch last) {}

  private static final System.Logger LOG = System.getLogger(SealLoop.class.getName());

  /**
   * One poll takes at most this many fragments, so a batch cannot overshoot its byte bound by much.
   */
  private static final int FRAGMENTS_PER_POLL_MAX = 32;

  private static final int BATCH_BYTES_MAX = 8 << 20;
  private static final long MAINTAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final SealWire.Batch NO_BATCH = new SealWire.Batch(0, 0, 0, 0, 0);

  private final Subscription records;
  private final SealPipeline pipeline;
  private final ShardKeeper keeper;
  private final ReceiptPublisher answers;
  private final int batchRecordsMax;
  private final Consumer<SignerException> onFatal;
  private final FragmentAssembler assembler = new FragmentAssembler(this::onRecord);
  private final TrafficIdle idle = new TrafficIdle();
  private final Int2ObjectHashMap<LaneBatch> lanes = new Int2ObjectHashMap<>();
  private final byte[] scratch = new byte[SealWire.RECORD_BYTES_MAX];
  private final long[] refused = new long[1];
  private int batchRecords;
  private int batchBytes;
  private boolean open;
  private Exception broken;
  private long maintainedNanos = System.nanoTime();

  private volatile boolean running = true;
  private volatile boolean lanesLeft;
  private volatile Totals totals;
  private volatile String trouble = "";

  SealLoop(
      Subscription records,
      SealPipeline pipeline,
      ShardKeeper keeper,
      ReceiptPublisher answers,
      int batchRecordsMax,
      Consumer<SignerException> onFatal) {
    this.records = records;
    this.pipeline = pipeline;
    this.keeper = keeper;
    this.answers = answers;
    this.batchRecordsMax = batchRecordsMax;
    this.onFatal = onFatal;
    this.totals = new Totals(pipeline.treeSize(), 0, 0, NO_BATCH);
  }

  @Override
  public void run() {
    try {
      while (running) {
        idle.idle(doWork());
      }
      answers.stopping();
    } catch (SignerException e) {
      onFatal.accept(e);
    } catch (RuntimeException | Error e) {
      onFatal.accept(new SignerException(ExitCode.INTERNAL, "the writer failed: " + e, e));
    }
  }

  private int doWork() throws SignerException {
    keeper.beforeBatch();
    take();
    if (batchRecords == 0) {
      maintain();
      return 0;
    }
    sealTaken();
    if (lanesLeft) {
      forgetLanesThatLeft();
    }
    return batchRecords;
  }

  private void take() {
    batchRecords = 0;
    batchBytes = 0;
    open = false;
    broken = null;
    int fragments;
    do {
      int limit = Math.min(FRAGMENTS_PER_POLL_MAX, batchRecordsMax - batchRecords);
      fragments = records.poll(assembler, limit);
    } while (fragments > 0 && batchRecords < batchRecordsMax && batchBytes < BATCH_BYTES_MAX);
  }

  private void onRecord(DirectBuffer in, int at, int length, Header header) {
    if (SealWire.type(in, at, length) != SealWire.TYPE_RECORD) {
      LOG.log(
          Level.WARNING, "a message that is no record was dropped; are both sides of one version?");
      return;
    }
    int recordBytes = length - SealWire.RECORD_HEAD_BYTES;
    long correlationId = SealWire.correlationId(in, at);
    boolean fits = recordBytes >= 1 && recordBytes <= pipeline.recordBytesMax();
    if (fits) {
      in.getBytes(at + SealWire.RECORD_HEAD_BYTES, scratch, 0, recordBytes);
      fits = !OwnForms.in(scratch, recordBytes);
    }
    if (!fits || !pipeline.admits()) {
      refused[0] = correlationId;
      answers.failed(
          SealWire.lane(in, at),
          SealWire.clientId(in, at),
          fits ? SealWire.REASON_AUDIT_UNAVAILABLE : SealWire.REASON_RECORD_REFUSED,
          refused,
          1);
      return;
    }
    LaneBatch lane = lanes.get(header.sessionId());
    if (lane == null || lane.clientId() != SealWire.clientId(in, at)) {
      lane = new LaneBatch(SealWire.lane(in, at), SealWire.clientId(in, at));
      lanes.put(header.sessionId(), lane);
    }
    batchRecords++;
    batchBytes += recordBytes;
    lane.add(correlationId, append(recordBytes));
  }

  /** The index of the record in scratch, or -1 if the log cannot take it; then the batch fails. */
  private long append(int length) {
    if (broken != null) {
      return -1;
    }
    try {
      if (!open) {
        pipeline.begin();
        open = true;
      }
      return pipeline.append(scratch, 0, length);
    } catch (StoreException | TokenException e) {
      broken = e;
      return -1;
    }
  }

  private void sealTaken() throws SignerException {
    if (broken != null) {
      pipeline.abort();
      fail(broken);
      return;
    }
    try {
      SealWire.Batch batch = pipeline.seal();
      Totals before = totals;
      totals = new Totals(batch.treeSize(), before.batches() + 1, before.failedBatches(), batch);
      trouble = "";
      release(batch);
    } catch (TokenException | StoreException e) {
      pipeline.abort();
      fail(e);
    }
  }

  private void release(SealWire.Batch batch) {
    for (LaneBatch lane : lanes.values()) {
      if (lane.count() > 0) {
        answers.receipts(lane, batch);
        lane.clear();
      }
    }
  }

  private void fail(Exception cause) {
    if (trouble.isEmpty()) {
      LOG.log(Level.ERROR, "records cannot be sealed: {0}", cause.getMessage());
    }
    trouble = String.valueOf(cause.getMessage());
    Totals before = totals;
    totals =
        new Totals(before.treeSize(), before.batches(), before.failedBatches() + 1, before.last());
    for (LaneBatch lane : lanes.values()) {
      if (lane.count() > 0) {
        answers.failed(lane, SealWire.REASON_AUDIT_UNAVAILABLE);
        lane.clear();
      }
    }
  }

  private void maintain() throws SignerException {
    long now = System.nanoTime();
    if (now - maintainedNanos < MAINTAIN_NANOS) {
      return;
    }
    try {
      keeper.idle();
      if (pipeline.treeSize() != totals.treeSize()) {
        Totals before = totals;
        totals =
            new Totals(
                pipeline.treeSize(), before.batches(), before.failedBatches(), before.last());
      }
    } catch (TokenException | StoreException e) {
      LOG.log(Level.WARNING, "the log could not be kept: {0}", e.getMessage());
    }
    maintainedNanos = System.nanoTime();
  }

  private void forgetLanesThatLeft() {
    lanesLeft = false;
    Int2ObjectHashMap<LaneBatch>.KeyIterator sessions = lanes.keySet().iterator();
    while (sessions.hasNext()) {
      int session = sessions.nextInt();
      if (records.imageBySessionId(session) == null) {
        sessions.remove();
        assembler.freeSessionBuffer(session);
      }
    }
  }

  /** Any thread: a producer is gone. */
  void laneLeft() {
    lanesLeft = true;
  }

  /** Any thread: finish the present batch and end. */
  void stop() {
    running = false;
  }

  Totals totals() {
    return totals;
  }

  /** Why the last batch could not be sealed; empty when it was. */
  String trouble() {
    return trouble;
  }
}
