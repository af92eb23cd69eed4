package io.sealgate.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevelopmentCertificateTest {
  @TempDir Path dir;

  private DevelopmentCertificate at(final Duration later) {
    return new DevelopmentCertificate(dir, InstantSource.offset(InstantSource.system(), later));
  }

  private DevelopmentCertificate now() {
    return at(Duration.ZERO);
  }

  @Test
  void shouldMakeOwnerOnlyFilesAndNamesOfThisMachineWhenFirstStarted() throws Exception {
    final X509Certificate made = now().ensure().certificate();
    final List<Object> names =
        made.getSubjectAlternativeNames().stream().<Object>map(name -> name.get(1)).toList();
    assertTrue(
        names.containsAll(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1")), names::toString);
    assertEquals(256, ((ECPublicKey) made.getPublicKey()).getParams().getOrder().bitLength());
    for (final Path secret : List.of(now().keystore(), now().passwordFile())) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    }
    assertEquals(made, PemFiles.certificates("certificate", now().pem()).getFirst());
    assertNoLeftovers();
  }

  @Test
  void shouldKeepCertificateWhenItHasMoreThanThirtyDays() throws Exception {
    final X509Certificate first = now().ensure().certificate();
    assertEquals(first, at(Duration.ofDays(366)).ensure().certificate());
  }

  @Test
  void shouldRenewCertificateWhenThirtyDaysOrLessRemain() throws Exception {
    final X509Certificate first = now().ensure().certificate();
    final X509Certificate second = at(Duration.ofDays(368)).ensure().certificate();
    assertNotEquals(first, second);
    assertEquals(second, PemFiles.certificates("certificate", now().pem()).getFirst());
  }

  @Test
  void shouldRenewCertificateWhenItExpired() throws Exception {
    final Path password = TlsFiles.secret(now().passwordFile(), "an old password");
    TlsFiles.keystore(now().keystore(), password, "EC", "-500d");
    final X509Certificate renewed = now().ensure().certificate();
    assertTrue(renewed.getNotAfter().toInstant().isAfter(Instant.now()));
    assertEquals(renewed, now().ensure().requireUsable().certificate());
  }

  @Test
  void shouldStartAfreshWhenFormerRunWasCutShort() throws Exception {
    TlsFiles.secret(now().passwordFile(), "");
    Files.createDirectories(now().keystore().getParent());
    TlsFiles.secret(now().keystore(), "torn");
    TlsFiles.secret(dir.resolve("tls/making-1/p12"), "half");
    final X509Certificate made = now().ensure().requireUsable().certificate();
    assertEquals(made, now().ensure().certificate());
    assertNoLeftovers();
  }

  @Test
  void shouldWritePemAgainWhenItWasRemoved() throws Exception {
    final X509Certificate made = now().ensure().certificate();
    Files.delete(now().pem());
    assertEquals(made, now().ensure().certificate());
    assertEquals(made, PemFiles.certificates("certificate", now().pem()).getFirst());
  }

  @Test
  void shouldRefuseWhenPasswordIsOpenToOthers() throws Exception {
    now().ensure();
    Files.setPosixFilePermissions(
        now().passwordFile(), PosixFilePermissions.fromString("rw-r--r--"));
    final String said = assertThrows(ServerTlsException.class, () -> now().ensure()).getMessage();
    assertTrue(said.endsWith("chmod 600 " + now().passwordFile()), said);
  }

  @Test
  void shouldMakeOneCertificateWhenStartedTwiceAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      final Callable<X509Certificate> start = () -> now().ensure().certificate();
      final List<Future<X509Certificate>> made = threads.invokeAll(List.of(start, start));
      assertEquals(made.getFirst().get(), made.getLast().get());
    }
  }

  private void assertNoLeftovers() throws IOException {
    try (var files = Files.walk(dir)) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("making-")));
    }
  }
}
