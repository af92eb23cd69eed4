package io.sealgate.gateway.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A TCP connection on which a test writes exactly the bytes it means to. */
public final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private final Socket socket;
  private final InputStream in;

  /**
   * One HTTP/1.1 answer.
   *
   * @param headers names in lower case
   */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** One header, or null. */
    public String header(final String name) {
      return headers.get(name);
    }

    /** The gateway's name for the call. */
    public String requestId() {
      return header("x-sealgate-request-id");
    }
  }

  private RawConnection(final Socket socket) throws IOException {
    this.socket = socket;
    this.in = new java.io.BufferedInputStream(socket.getInputStream());
  }

  /** Connects; reads fail after 20 seconds. */
  public static RawConnection open(final URI to) throws IOException {
    return open(to, 0);
  }

  /**
   * @param receiveBytes size of the socket's receive buffer; 0 for the system's choice
   */
  public static RawConnection open(final URI to, final int receiveBytes) throws IOException {
    final Socket socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(to.getHost(), to.getPort()), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawConnection(socket);
  }

  /** Writes text as ISO 8859-1, one byte a character. */
  public RawConnection send(final String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Writes bytes. */
  public RawConnection send(final byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads one answer with its whole body, whichever framing it has. */
  public Answer answer() throws IOException {
    final Answer head = head();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equals(head.header("transfer-encoding"))) {
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        body.writeBytes(chunk.getBytes(StandardCharsets.ISO_8859_1));
      }
    } else if (head.status() >= 200) {
      body.writeBytes(in.readNBytes(Integer.parseInt(head.header("content-length"))));
    }
    return new Answer(head.status(), head.headers(), body.toString(StandardCharsets.UTF_8));
  }

  /** Reads a status line and header fields only. */
  public Answer head() throws IOException {
    final String status = line();
    final Map<String, String> headers = new TreeMap<>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      final int colon = field.indexOf(':');
      headers.put(
          field.substring(0, colon).toLowerCase(Locale.ROOT), field.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.split(" ")[1]), headers, "");
  }

  /** Reads one chunk of a chunked body as ISO 8859-1; empty for the last. */
  public String chunk() throws IOException {
    final byte[] bytes = in.readNBytes(Integer.parseInt(line(), 16));
    line();
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads so many bytes as UTF-8. */
  public String body(final int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    final StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new java.io.EOFException("the gateway closed the connection after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  /** Everything up to the end of the connection, as ISO 8859-1. */
  public String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Whether the gateway ends the connection, without another byte, before the read deadline. */
  public boolean endsNow() throws IOException {
    try {
      return in.read() < 0;
    } catch (final java.net.SocketException reset) {
      return true;
    } catch (final java.net.SocketTimeoutException open) {
      return false;
    }
  }

  /** Closes with a reset rather than an orderly end. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
