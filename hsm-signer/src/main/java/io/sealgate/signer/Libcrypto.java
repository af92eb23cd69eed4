package io.sealgate.signer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealgate.log.Vkey;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Signature verification with OpenSSL 3's libcrypto (EVP_DigestVerify), bound through
 * java.lang.foreign. Confined to the thread that calls {@link #verifies}.
 */
final class Libcrypto implements AutoCloseable {
  private static final String LIBRARY = "libcrypto.so.3";

  /** A checkpoint's text and a DER signature, with room to spare. */
  private static final int TEXT_BYTES_MAX = 4_096;

  private static final int SIGNATURE_BYTES_MAX = 256;

  private final Arena arena = Arena.ofShared();
  private final MethodHandle newContext;
  private final MethodHandle freeContext;
  private final MethodHandle init;
  private final MethodHandle verify;
  private final MethodHandle freeKey;
  private final MemorySegment digest;
  private final MemorySegment key;
  private final MemorySegment text;
  private final MemorySegment signature;

  private Libcrypto(SymbolLookup symbols, Vkey vkey) throws Throwable {
    newContext = bind(symbols, "EVP_MD_CTX_new", FunctionDescriptor.of(ADDRESS));
    freeContext = bind(symbols, "EVP_MD_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
    init =
        bind(
            symbols,
            "EVP_DigestVerifyInit",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    verify =
        bind(
            symbols,
            "EVP_DigestVerify",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));
    freeKey = bind(symbols, "EVP_PKEY_free", FunctionDescriptor.ofVoid(ADDRESS));
    // Ed25519 hashes by itself; EVP wants no digest for it.
    digest =
        vkey.type() == Vkey.Type.ECDSA_P256
            ? (MemorySegment)
                bind(symbols, "EVP_sha256", FunctionDescriptor.of(ADDRESS)).invokeExact()
            : MemorySegment.NULL;
    key = decodeKey(symbols, vkey.publicKey().getEncoded());
    text = arena.allocate(TEXT_BYTES_MAX);
    signature = arena.allocate(SIGNATURE_BYTES_MAX);
  }

  /** The library with the key loaded, or null where it cannot be used. */
  static Libcrypto open(Vkey vkey) {
    try {
      return new Libcrypto(SymbolLookup.libraryLookup(LIBRARY, Arena.global()), vkey);
    } catch (IllegalArgumentException absent) {
      return null;
    } catch (Throwable failed) {
      throw new IllegalStateException(LIBRARY + " is there but cannot be used", failed);
    }
  }

  private MemorySegment decodeKey(SymbolLookup symbols, byte[] spki) throws Throwable {
    MethodHandle decode =
        bind(symbols, "d2i_PUBKEY", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, spki);
    MemorySegment cursor = arena.allocateFrom(ADDRESS, bytes);
    MemorySegment decoded =
        (MemorySegment) decode.invokeExact(MemorySegment.NULL, cursor, (long) spki.length);
    if (decoded.equals(MemorySegment.NULL)) {
      throw new IllegalArgumentException("libcrypto does not know this kind of key");
    }
    return decoded;
  }

  private static MethodHandle bind(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(
            symbols
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException(LIBRARY + " lacks " + name)),
            descriptor);
  }

  /** Whether the signature is good; false also for what cannot be read as one. */
  boolean verifies(byte[] signedText, byte[] sig) {
    if (signedText.length > TEXT_BYTES_MAX || sig.length > SIGNATURE_BYTES_MAX) {
      return false;
    }
    MemorySegment.copy(signedText, 0, text, ValueLayout.JAVA_BYTE, 0, signedText.length);
    MemorySegment.copy(sig, 0, signature, ValueLayout.JAVA_BYTE, 0, sig.length);
    try {
      MemorySegment context = (MemorySegment) newContext.invokeExact();
      try {
        int ready =
            (int) init.invokeExact(context, MemorySegment.NULL, digest, MemorySegment.NULL, key);
        return ready == 1
            && (int)
                    verify.invokeExact(
                        context, signature, (long) sig.length, text, (long) signedText.length)
                == 1;
      } finally {
        freeContext.invokeExact(context);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call cannot throw a checked exception", e);
    }
  }

  @Override
  public void close() {
    try {
      freeKey.invokeExact(key);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a native call cannot throw a checked exception", e);
    } finally {
      arena.close();
    }
  }
}
