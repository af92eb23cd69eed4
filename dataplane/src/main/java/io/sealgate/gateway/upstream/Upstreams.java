package io.sealgate.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.sealgate.gateway.config.ModelPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which provider serves which model. Immutable; safe for any thread. */
public final class Upstreams {
  private final List<Upstream> all;
  private final Map<String, Upstream> byName = new HashMap<>();
  private final String modelList;

  /**
   * @param all the providers; the configuration has made sure that no model has two
   */
  public Upstreams(final List<Upstream> all) {
    this.all = List.copyOf(all);
    final StringBuilder list = new StringBuilder("{\"object\":\"list\",\"data\":[");
    for (final Upstream upstream : all) {
      for (final ModelPattern model : upstream.config().models()) {
        if (model.isName()) {
          byName.put(model.text(), upstream);
          list.append(list.charAt(list.length() - 1) == '[' ? "" : ",")
              .append("{\"id\":\"")
              .append(model.text().replace("\\", "\\\\").replace("\"", "\\\""))
              .append("\",\"object\":\"model\",\"created\":0,\"owned_by\":\"")
              .append(upstream.name())
              .append("\"}");
        }
      }
    }
    this.modelList = list.append("]}").toString();
  }

  /** Every provider. */
  public List<Upstream> all() {
    return all;
  }

  /** The provider of a model, or null. */
  public Upstream route(final String model) {
    final Upstream exact = byName.get(model);
    if (exact != null) {
      return exact;
    }
    for (final Upstream upstream : all) {
      if (upstream.config().serves(model)) {
        return upstream;
      }
    }
    return null;
  }

  /** The models with a plain name, in the shape of {@code GET /v1/models}; the caller owns it. */
  public ByteBuf modelList(final ByteBufAllocator allocator) {
    return ByteBufUtil.writeUtf8(allocator, modelList);
  }
}
