package io.sealgate.perf;

import io.sealgate.gateway.loopback.LoopbackModel;
import java.io.IOException;
import java.nio.file.Path;

/** Main of the process that stands for the provider: the built-in model, by itself. */
final class BenchUpstream {
  private BenchUpstream() {}

  /** Arguments: the file that gets the port. Ends when standard input does. */
  public static void main(final String[] args) throws IOException {
    try (LoopbackModel model =
        LoopbackModel.start("127.0.0.1", 0, LoopbackModel.Options.defaults())) {
      ReadyFile.write(Path.of(args[0]), Integer.toString(model.port()));
      ReadyFile.awaitEndOfInput();
    }
    // Loops of the model are daemons, but nothing may hold this process once it was told to end.
    System.exit(0);
  }
}
