package io.sealgate.gateway.openai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Cuts a server-sent event stream (WHATWG HTML, section 9.2) into whole events as the bytes arrive.
 * The bytes of an event are passed on as they came. Owns one buffer; {@link #close} releases it.
 */
public final class EventStream implements AutoCloseable {
  /** What arrived last. */
  public enum Next {
    /** No whole event is waiting. */
    NEEDS_MORE,
    /** An event with JSON data: {@link #dataStart} and {@link #dataEnd} bound it. */
    DATA,
    /** The event {@code data: [DONE]} that ends an OpenAI stream. */
    DONE,
    /** A comment or an event without data. */
    OTHER,
    /** An event is longer than the limit, or its data is spread over several lines. */
    INVALID
  }

  private static final byte[] DATA_FIELD = {'d', 'a', 't', 'a', ':'};
  private static final byte[] DONE_TEXT = {'[', 'D', 'O', 'N', 'E', ']'};

  private final int eventBytesMax;
  private final ByteBuf pending;
  private int scanned;
  private int eventBytes;
  private int dataStart;
  private int dataEnd;

  /**
   * @param eventBytesMax the longest event that is accepted
   */
  public EventStream(final ByteBufAllocator allocator, final int eventBytesMax) {
    this.eventBytesMax = eventBytesMax;
    this.pending = allocator.heapBuffer(1024);
  }

  /** Takes a copy of the readable bytes. */
  public void add(final ByteBuf bytes) {
    pending.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
  }

  /** Looks for the next whole event; the one before must have been taken or skipped. */
  public Next next() {
    final int start = pending.readerIndex();
    int lineStart = start;
    int index = start + scanned;
    if (scanned > 0) {
      lineStart = lineStartBefore(index, start);
    }
    while (index < pending.writerIndex()) {
      if (byteAt(index) == '\n') {
        final int lineEnd = index > lineStart && byteAt(index - 1) == '\r' ? index - 1 : index;
        if (lineEnd == lineStart) {
          eventBytes = index + 1 - start;
          scanned = 0;
          return eventBytes > eventBytesMax ? Next.INVALID : classify(start, index + 1);
        }
        lineStart = index + 1;
      }
      index++;
    }
    scanned = index - start;
    return scanned > eventBytesMax ? Next.INVALID : Next.NEEDS_MORE;
  }

  private int lineStartBefore(final int index, final int start) {
    int at = index;
    while (at > start && byteAt(at - 1) != '\n') {
      at--;
    }
    return at;
  }

  private Next classify(final int start, final int end) {
    Next kind = Next.OTHER;
    int line = start;
    while (line < end) {
      int newline = line;
      while (byteAt(newline) != '\n') {
        newline++;
      }
      if (hasDataField(line, newline)) {
        if (kind != Next.OTHER) {
          return Next.INVALID;
        }
        dataStart = line + DATA_FIELD.length;
        if (dataStart < newline && byteAt(dataStart) == ' ') {
          dataStart++;
        }
        dataEnd = newline > dataStart && byteAt(newline - 1) == '\r' ? newline - 1 : newline;
        kind = isDone() ? Next.DONE : Next.DATA;
      }
      line = newline + 1;
    }
    return kind;
  }

  private boolean hasDataField(final int line, final int newline) {
    if (newline - line < DATA_FIELD.length) {
      return false;
    }
    for (int i = 0; i < DATA_FIELD.length; i++) {
      if (byteAt(line + i) != DATA_FIELD[i]) {
        return false;
      }
    }
    return true;
  }

  /** Straight from the array: every byte of a stream is looked at. */
  private byte byteAt(final int index) {
    return pending.array()[pending.arrayOffset() + index];
  }

  private boolean isDone() {
    if (dataEnd - dataStart != DONE_TEXT.length) {
      return false;
    }
    for (int i = 0; i < DONE_TEXT.length; i++) {
      if (byteAt(dataStart + i) != DONE_TEXT[i]) {
        return false;
      }
    }
    return true;
  }

  /** The array that holds the event's data; valid until the next {@link #add}. */
  public byte[] array() {
    return pending.array();
  }

  /** Where the data of the current event begins in {@link #array}. */
  public int dataStart() {
    return pending.arrayOffset() + dataStart;
  }

  /** Where it ends, exclusive. */
  public int dataEnd() {
    return pending.arrayOffset() + dataEnd;
  }

  /** Moves the current event, blank line included, to the end of {@code out}. */
  public void takeInto(final ByteBuf out) {
    out.writeBytes(pending, eventBytes);
    compact();
  }

  /** Drops the current event. */
  public void skip() {
    pending.skipBytes(eventBytes);
    compact();
  }

  /** Whether bytes of an unfinished event are waiting. */
  public boolean hasPartialEvent() {
    return pending.isReadable();
  }

  private void compact() {
    if (!pending.isReadable()) {
      pending.clear();
    } else if (pending.readerIndex() > 64 * 1024) {
      pending.discardReadBytes();
    }
  }

  @Override
  public void close() {
    pending.release();
  }
}
