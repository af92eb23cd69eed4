package io.sealgate.gateway.call;

import io.netty.handler.codec.http.HttpMethod;

/** The doors of the OpenAI dialect. */
enum Route {
  CHAT("/v1/chat/completions", HttpMethod.POST, "openai.chat"),
  MODELS("/v1/models", HttpMethod.GET, "openai.models"),
  UNKNOWN("", HttpMethod.GET, "none");

  private final String path;
  private final HttpMethod method;
  private final String dialect;

  Route(final String path, final HttpMethod method, final String dialect) {
    this.path = path;
    this.method = method;
    this.dialect = dialect;
  }

  /**
   * @param uri the request target in origin form; its query is ignored
   */
  static Route of(final String uri) {
    final int query = uri.indexOf('?');
    final int length = query < 0 ? uri.length() : query;
    for (final Route route : values()) {
      if (route != UNKNOWN
          && route.path.length() == length
          && uri.regionMatches(0, route.path, 0, length)) {
        return route;
      }
    }
    return UNKNOWN;
  }

  HttpMethod method() {
    return method;
  }

  String dialect() {
    return dialect;
  }
}
