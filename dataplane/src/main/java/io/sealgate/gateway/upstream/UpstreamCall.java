package io.sealgate.gateway.upstream;

/** One exchange with a provider, from the wish for a connection to the last byte. */
public final class UpstreamCall {
  private final UpstreamPool pool;
  private final UpstreamListener listener;
  private UpstreamRequest request;
  private UpstreamConnection connection;
  private boolean cancelled;
  private boolean reading = true;

  UpstreamCall(
      final UpstreamPool pool, final UpstreamRequest request, final UpstreamListener listener) {
    this.pool = pool;
    this.request = request;
    this.listener = listener;
  }

  void start(final UpstreamConnection ready) {
    connection = ready;
    final UpstreamRequest sent = request;
    request = null;
    ready.send(sent, listener);
    if (!reading) {
      ready.read(listener, false);
    }
  }

  void refuse(final UpstreamFailure failure) {
    if (!cancelled) {
      cancelled = true;
      releaseRequest();
      listener.onFailure(failure);
    }
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Stops or resumes reading the answer: back-pressure of a slow caller. */
  public void read(final boolean wanted) {
    reading = wanted;
    if (connection != null) {
      connection.read(listener, wanted);
    }
  }

  /** Gives up: the listener hears nothing more and the connection is closed. */
  public void cancel() {
    if (cancelled) {
      return;
    }
    cancelled = true;
    if (connection == null) {
      pool.forget(this);
      releaseRequest();
    } else {
      connection.cancel(listener);
    }
  }

  private void releaseRequest() {
    if (request != null) {
      request.body().release();
      request = null;
    }
  }
}
