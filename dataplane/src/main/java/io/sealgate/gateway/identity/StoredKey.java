package io.sealgate.gateway.identity;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** One API key as it lies in the store. The first byte is the version of this layout. */
record StoredKey(Caller caller, byte[] salt, byte[] hash, Instant created, Instant revoked) {
  private static final int LAYOUT = 1;

  StoredKey revokedAt(final Instant when) {
    return new StoredKey(caller, salt, hash, created, when);
  }

  byte[] encode() {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(LAYOUT);
      out.writeUTF(caller.apiKey());
      out.writeUTF(caller.org());
      out.writeUTF(caller.team());
      out.writeUTF(caller.user());
      out.writeUTF(caller.environment());
      out.writeUTF(caller.useCase());
      out.writeByte(salt.length);
      out.write(salt);
      out.writeByte(hash.length);
      out.write(hash);
      out.writeLong(created.toEpochMilli());
      out.writeLong(revoked == null ? 0 : revoked.toEpochMilli());
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static StoredKey decode(final byte[] value) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      final int layout = in.readUnsignedByte();
      if (layout != LAYOUT) {
        throw new IOException(
            "API key layout " + layout + " is newer than this program; upgrade Sealgate");
      }
      final Caller caller =
          new Caller(
              in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
      final byte[] salt = in.readNBytes(in.readUnsignedByte());
      final byte[] hash = in.readNBytes(in.readUnsignedByte());
      final Instant created = Instant.ofEpochMilli(in.readLong());
      final long revoked = in.readLong();
      return new StoredKey(
          caller, salt, hash, created, revoked == 0 ? null : Instant.ofEpochMilli(revoked));
    } catch (final IOException e) {
      throw new UncheckedIOException("a stored API key cannot be read", e);
    }
  }
}
