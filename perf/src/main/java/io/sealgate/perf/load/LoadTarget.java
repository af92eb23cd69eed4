package io.sealgate.perf.load;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where calls go and the bytes of each.
 *
 * @param address of the listener
 * @param request one whole HTTP/1.1 request, sent as it stands for every call; not copied
 */
public record LoadTarget(InetSocketAddress address, byte[] request) {
  private static final String MODEL = "loopback-1";

  /** Nobody's words: nothing in it is a finding, a secret or a call for tools. */
  private static final String PROMPT =
      """
      Please read the following notes from the harbour office and tell me in three short points \
      what the crew should do next. The tide turns a little after noon and the wind has gone round \
      to the west, so the smaller boats came back early and are moored along the inner wall. Two of \
      the larger ones wait outside until the water is high enough to pass the bar. The carpenter \
      has looked at the planks that were damaged last week and says that they can be mended without \
      taking the boat out of the water, provided that the weather holds for another day. The cook \
      asks for fresh bread, onions and a sack of lentils before the evening, and the youngest of \
      the sailors would like to know whether there is time to visit the market. The owner of the \
      warehouse says that the ropes and the lamp oil have arrived, that the sailcloth will follow \
      next week, and that nobody needs to pay before the end of the month. Answer plainly, and say \
      which of these things must not wait.\
      """;

  /** The chat call of the suites, with a prompt of about 1 KiB. */
  public static LoadTarget chat(final InetSocketAddress address, final Optional<String> apiKey) {
    return chat(address, apiKey, MODEL);
  }

  /** The same call for another model. */
  public static LoadTarget chat(
      final InetSocketAddress address, final Optional<String> apiKey, final String model) {
    final String body =
        "{\"model\":\""
            + model
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + PROMPT
            + "\"}]}";
    final String head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: "
            + address.getHostString()
            + ":"
            + address.getPort()
            + "\r\nuser-agent: sealgate-bench\r\naccept: application/json\r\n"
            + apiKey.map(key -> "authorization: Bearer " + key + "\r\n").orElse("")
            + "content-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n";
    return new LoadTarget(address, (head + body).getBytes(StandardCharsets.US_ASCII));
  }

  /** Holds a credential, so that only the address is told. */
  @Override
  public String toString() {
    return address.toString();
  }
}
